// SPDX-License-Identifier: MIT
#include "loadgen/terminal_keys.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace sqlicorn::loadgen {
namespace {

bool OwnsTheTerminal() {
  return isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

}  // namespace

int UsersByKey(char key) {
  switch (key) {
    case 'w':
      return 1;
    case 'W':
      return 10;
    case 's':
      return -1;
    case 'S':
      return -10;
    default:
      return 0;
  }
}

TerminalKeys::TerminalKeys(Loop& loop, std::function<void(char)> on_key)
    : loop_(loop),
      terminal_(open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)),
      on_key_(std::move(on_key)),
      continued_(loop, SIGCONT, [this] { Begin(); }) {
  Begin();
}

TerminalKeys::~TerminalKeys() {
  if (OwnsTheTerminal()) {
    End();
  }
}

// Also after a stop, at which the shell has taken the terminal and given it its own settings.
void TerminalKeys::Begin() {
  termios now{};
  if (!terminal_ || !OwnsTheTerminal() || tcgetattr(terminal_.get(), &now) != 0) {
    return;
  }
  before_ = before_.value_or(now);
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // signals stay what they are
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  tcsetattr(terminal_.get(), TCSANOW, &now);
  watcher_ = std::make_unique<PollWatcher>(loop_, terminal_.get(), [this] { Read(); });
  watcher_->Start();
}

void TerminalKeys::End() {
  if (before_) {
    tcsetattr(terminal_.get(), TCSANOW, &*before_);
    before_.reset();
  }
}

void TerminalKeys::Read() {
  if (!OwnsTheTerminal()) {
    watcher_->Stop();  // what is typed now is for somebody else
    return;
  }
  std::array<char, 64> keys{};
  const ssize_t count = read(terminal_.get(), keys.data(), keys.size());
  if (count <= 0) {
    watcher_->Stop();  // nobody types there any more
    return;
  }
  for (ssize_t i = 0; i < count; ++i) {
    on_key_(keys.at(static_cast<std::size_t>(i)));
  }
}

}  // namespace sqlicorn::loadgen
