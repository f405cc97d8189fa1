// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace sqlicorn::testing {

// A directory of its own for one test, removed with all it holds.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] std::string Path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A file with this content in a directory of its own.
class TempFile {
 public:
  TempFile(const std::string& name, const std::string& content);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TempDir dir_;
  std::string path_;
};

[[nodiscard]] std::string ReadAll(const std::string& path);

}  // namespace sqlicorn::testing
