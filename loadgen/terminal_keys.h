// SPDX-License-Identifier: MIT
#pragma once

#include <termios.h>

#include <functional>
#include <memory>
#include <optional>

#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// How many users a key of locust's adds (w, W) or takes away (s, S); 0 for any other key.
[[nodiscard]] int UsersByKey(char key);

// Hears single keys at the terminal on standard input, which shows them no more, and leaves the
// terminal as it was. Hears nothing where standard input is no terminal, or belongs to another job:
// the kernel stops whoever touches it then. A job that is taken to the foreground hears again.
class TerminalKeys {
 public:
  TerminalKeys(Loop& loop, std::function<void(char)> on_key);
  ~TerminalKeys();
  TerminalKeys(const TerminalKeys&) = delete;
  TerminalKeys& operator=(const TerminalKeys&) = delete;

  [[nodiscard]] bool hears() const { return before_.has_value(); }

 private:
  void Begin();
  void End();
  void Read();

  Loop& loop_;
  UniqueFd terminal_;  // opened anew: a loop makes it non-blocking, which the shell's must not be
  std::function<void(char)> on_key_;
  std::optional<termios> before_;  // what the terminal was; none = it is not heard
  std::unique_ptr<PollWatcher> watcher_;
  SignalWatcher continued_;
};

}  // namespace sqlicorn::loadgen
