// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "tests/support/temp_dir.h"

namespace sqlicorn::testing {

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
