// SPDX-License-Identifier: MIT
#include "common/base/starter.h"

#include <unistd.h>

#include <string>
#include <utility>

#include <climits>

namespace sqlicorn {
namespace {

// Process-wide, as the error log is.
int g_starter = -1;

}  // namespace

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
