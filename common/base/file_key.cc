// SPDX-License-Identifier: MIT
#include "common/base/file_key.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace sqlicorn {

namespace {

constexpr int kMostLinks = 40;  // as the kernel

}  // namespace

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
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  // A last link that leads to nothing yet is left as it stands; the file will be made behind it.
  for (int links = 0; !error && fs::is_symlink(resolved) && links < kMostLinks; ++links) {
    const fs::path target = fs::read_symlink(resolved, error);
    resolved = error ? resolved : fs::weakly_canonical(resolved.parent_path() / target, error);
  }
  return error ? path : resolved.string();
}

}  // namespace sqlicorn
