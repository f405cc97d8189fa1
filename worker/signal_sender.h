// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>

namespace sqlicorn {

// Who sent a signal to this process, as siginfo_t says.
struct SignalSender {
  int signal = 0;
  pid_t pid = 0;  // 0: outside of our pid namespace
  uid_t uid = 0;
  bool kernel = false;  // as for ^C in a terminal; the rest means nothing then
};

// Remembers from now on who sends `signal`, in front of the handler it has. Of all signals given
// here only the first that comes is remembered. Once in a process for each signal. REQUIRES: it has
// a handler, of the old kind with one argument.
void RememberSender(int signal);

// None before a signal has come.
[[nodiscard]] std::optional<SignalSender> FirstSender();

}  // namespace sqlicorn
