// SPDX-License-Identifier: MIT
#include "loadgen/server/scratch_directory.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

std::string DefaultParent() {
  const char* configured = std::getenv("TMPDIR");
  return configured != nullptr && *configured != '\0' ? configured
                                                      : FirstOnDisk({"/tmp", "/var/tmp"});
}

}  // namespace

std::string FirstOnDisk(const std::vector<std::string>& directories) {
  const auto lasting = [](const std::string& path) {
    return access(path.c_str(), W_OK) == 0 && !IsVolatile(FileSystemOf(path));
  };
  const auto found = std::find_if(directories.begin(), directories.end(), lasting);
  return found == directories.end() ? directories.front() : *found;
}

bool IsFull(const std::string& path) {
  constexpr std::uint64_t kLeastBytes = 32768;  // a database grows by pages, its log by more

  struct statvfs disk {};

  if (statvfs(path.c_str(), &disk) != 0) {
    return false;
  }
  const std::uint64_t blocks = geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
  const bool no_file = disk.f_files > 0 && disk.f_ffree == 0;
  return no_file || (disk.f_blocks > 0 && blocks * disk.f_frsize < kLeastBytes);
}

Result<ScratchDirectory> ScratchDirectory::Create(const std::string& parent) {
  std::error_code error;
  const auto directory =
      std::filesystem::absolute(parent.empty() ? DefaultParent() : parent, error);
  if (!error) {
    std::filesystem::create_directories(directory, error);
  }
  if (error) {
    return SystemError(fmt::format("cannot make the directory '{}'", parent), error.value());
  }
  std::string path = directory / "sqlicorn-compare-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return SystemError(fmt::format("cannot make a directory in '{}'", directory.string()), errno);
  }
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, "")), keep_(other.keep_) {}

ScratchDirectory::~ScratchDirectory() {
  if (!path_.empty() && !keep_) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace sqlicorn::loadgen
