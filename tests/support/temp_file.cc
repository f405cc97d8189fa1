// SPDX-License-Identifier: MIT
#include "tests/support/temp_file.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "common/base/result.h"

namespace sqlicorn::testing {

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "sqlicorn-XXXXXX").string();
  CHECK(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TempFile::TempFile(const std::string& name, const std::string& content) : path_(dir_.Path(name)) {
  std::ofstream(path_, std::ios::binary) << content;
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace sqlicorn::testing
