// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// The first of them that can be written to and is not on a memory file system; the first of all
// where there is none. REQUIRES: not empty.
[[nodiscard]] std::string FirstOnDisk(const std::vector<std::string>& directories);

// Whether there is no room for anything on the disk that holds `path`.
[[nodiscard]] bool IsFull(const std::string& path);

// A fresh directory, removed with all that is in it by the destructor unless Keep was called.
class ScratchDirectory {
 public:
  // In `parent`, which is made where it is missing; "" is $TMPDIR, or the first of /tmp and
  // /var/tmp that is on a disk.
  [[nodiscard]] static Result<ScratchDirectory> Create(const std::string& parent);

  ~ScratchDirectory();
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // Absolute, without a slash at its end.
  [[nodiscard]] const std::string& path() const { return path_; }

  void Keep() { keep_ = true; }

  [[nodiscard]] bool kept() const { return keep_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;  // "" after a move
  bool keep_ = false;
};

}  // namespace sqlicorn::loadgen
