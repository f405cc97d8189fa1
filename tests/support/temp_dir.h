// SPDX-License-Identifier: MIT
#pragma once

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <gtest/gtest.h>

namespace sqlicorn {

// A parent for directories on a file system in memory, where there is one. For tests of speed: a
// disk that takes half a second for a flush, as a busy one does, is no fault of the server, and
// SIGKILL, unlike a power failure, needs no disk to be survived.
inline std::string MemoryDirectory() {
  return std::filesystem::is_directory("/dev/shm") ? "/dev/shm/" : ::testing::TempDir();
}

// A new directory for the files of one test, removed with all its content by the destructor. Other
// users may enter and read it, as a server that runs without privileges must.
class TempDir {
 public:
  // `parent` ends in a slash.
  explicit TempDir(const std::string& parent = ::testing::TempDir()) {
    std::string name = parent + "sqlicorn.XXXXXX";
    path_ = mkdtemp(name.data());
    chmod(path_.c_str(), 0755);
  }

  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string File(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

  [[nodiscard]] bool Has(std::string_view name) const {
    return std::filesystem::exists(File(name));
  }

 private:
  std::string path_;
};

}  // namespace sqlicorn
