// SPDX-License-Identifier: MIT
#include "common/base/directory.h"

#include <filesystem>
#include <system_error>

namespace sqlicorn {

std::vector<std::string> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  return names;
}

}  // namespace sqlicorn
