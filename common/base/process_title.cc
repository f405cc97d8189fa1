// SPDX-License-Identifier: MIT
#include "common/base/process_title.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

namespace sqlicorn {
namespace {

char* g_area = nullptr;
std::size_t g_area_bytes = 0;

}  // namespace

void InitProcessTitle(int argc, char** argv) {
  if (argc < 1) {
    return;
  }
  // The kernel lays argv strings and the environment out back to back. Only the argument strings
  // are overwritten, so getenv keeps working.
  char* end = argv[0];
  for (int i = 0; i < argc && argv[i] == end; ++i) {
    end = argv[i] + std::strlen(argv[i]) + 1;
  }
  g_area = argv[0];
  g_area_bytes = static_cast<std::size_t>(end - argv[0]);
}

void SetProcessTitle(std::string_view title) {
  prctl(PR_SET_NAME, std::string(title.substr(0, 15)).c_str());
  if (g_area_bytes == 0) {
    return;
  }
  const std::size_t length = std::min(title.size(), g_area_bytes - 1);
  std::memset(g_area, 0, g_area_bytes);
  std::memcpy(g_area, title.data(), length);
}

}  // namespace sqlicorn
