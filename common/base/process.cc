// SPDX-License-Identifier: MIT
#include "common/base/process.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include <climits>

namespace sqlicorn {
namespace {

char* g_area = nullptr;
std::size_t g_area_bytes = 0;

// Process-wide, as the error log is.
int g_starter = -1;

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

void SetStarterPipe(int fd) {
  g_starter = fd;
}

void TellStarter(std::string_view message) {
  if (g_starter < 0) {
    return;
  }
  // What is not longer than PIPE_BUF is not mixed with what other processes write.
  std::string text(message.substr(0, PIPE_BUF - 1));
  text.push_back('\0');
  [[maybe_unused]] const ssize_t ignored = write(g_starter, text.data(), text.size());
}

void LeaveStarter() {
  if (g_starter >= 0) {
    close(std::exchange(g_starter, -1));
  }
}

}  // namespace sqlicorn
