// SPDX-License-Identifier: MIT
#include "tests/support/temp_file.h"

#include <fstream>
#include <sstream>

namespace sqlicorn::testing {

TempFile::TempFile(const std::string& name, const std::string& content) : path_(dir_.File(name)) {
  std::ofstream(path_, std::ios::binary) << content;
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace sqlicorn::testing
