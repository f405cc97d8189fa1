// SPDX-License-Identifier: MIT
#include "common/base/file_key.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace sqlicorn {

std::uint64_t FileKeyOf(const std::string& path) {
  struct stat info {};

  if (stat(path.c_str(), &info) != 0) {
    return 0;
  }
  // An odd factor spreads the few device numbers over all bits; inodes fill the lower ones.
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  const std::uint64_t key = info.st_dev * kSpread + info.st_ino;
  return key == 0 ? 1 : key;
}

std::string WithoutLinks(const std::string& path) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

}  // namespace sqlicorn
