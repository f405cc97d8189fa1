// SPDX-License-Identifier: MIT
#include "loadgen/server/keeper.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/base/process.h"
#include "loadgen/server/guard.h"
#include "loadgen/server/server_costs.h"

namespace sqlicorn::loadgen {
namespace {

// Beyond what a comparison that lives waits for, so that it is the one to tell of it. Of one that
// has died nobody waits for an audit.
constexpr Duration kGrace = std::chrono::seconds(12);
constexpr Duration kOrphansGrace = std::chrono::seconds(2);
constexpr Duration kKillPause = std::chrono::milliseconds(10);
constexpr int kMostKills = 500;  // then it belongs to somebody else, or hangs in the kernel

constexpr int kFailed = static_cast<int>(ExitCode::kError);

int Complain(const std::string& text) {
  std::fprintf(stderr, "Error: %s\n", text.c_str());
  return kFailed;
}

timespec TimeSpecOf(Duration time) {
  const auto ns = std::chrono::nanoseconds(std::max(time, Duration::zero())).count();
  return {ns / 1'000'000'000, ns % 1'000'000'000};
}

// In a process group of its own, so that one that signals its group reaches nobody else.
[[noreturn]] void BecomeCommand(pid_t keeper, char** command) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  if (AskForSignalOfParent(SIGKILL, keeper)) {
    execv(command[0], command);
    Complain(fmt::format("cannot start '{}': {}", command[0], std::strerror(errno)));
  }
  _exit(kFailed);
}

class Keeper {
 public:
  Keeper(pid_t comparison, int stop_signal) : comparison_(comparison), stop_signal_(stop_signal) {
    sigfillset(&all_);
  }

  int Run(char** command) {
    const pid_t keeper = getpid();
    command_ = fork();
    if (command_ == 0) {
      BecomeCommand(keeper, command);
    }
    if (command_ < 0) {
      return Complain(fmt::format("cannot fork: {}", std::strerror(errno)));
    }
    while (Reap() && kills_ < kMostKills) {
      Wait();
    }
    return End();
  }

 private:
  // False when no process of the server is left.
  bool Reap() {
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
      if (ended == command_) {
        status_ = status;
        command_ = 0;
        On(status == 0 ? KeeperEvent::kCommandDone : KeeperEvent::kCommandFailed);
      }
    }
    return ended == 0;
  }

  void Wait() {
    if (state_ == KeeperState::kServing) {
      OnSignal(sigwaitinfo(&all_, nullptr));
      return;
    }
    const bool killing = state_ == KeeperState::kKilling;
    const timespec limit = TimeSpecOf(killing ? kKillPause : deadline_ - Clock::now());
    if (const int signal = sigtimedwait(&all_, nullptr, &limit); signal > 0) {
      OnSignal(signal);
    } else if (errno == EAGAIN && killing) {
      SignalAll(SIGKILL);
      ++kills_;
    } else if (errno == EAGAIN) {
      On(KeeperEvent::kLate);
    }
  }

  void OnSignal(int signal) {
    if (signal == SIGTERM) {
      On(KeeperEvent::kToldToStop);
    } else if (signal == kKillWord) {
      On(KeeperEvent::kToldToKill);
    }
  }

  void On(KeeperEvent event) {
    const KeeperState before = state_;
    state_ = StateAfter(state_, event);
    const bool enters = state_ != before;
    if (state_ == KeeperState::kStopping && (enters || command_ == 0)) {
      const Duration grace = getppid() == comparison_ ? kGrace : kOrphansGrace;
      deadline_ = enters ? Clock::now() + grace : deadline_;
      Stop();
    } else if (state_ == KeeperState::kKilling && enters) {
      NameAll();
      SignalAll(SIGKILL);
    }
  }

  void Stop() {
    if (command_ != 0) {
      kill(command_, stop_signal_);
    } else {
      SignalAll(stop_signal_);
    }
  }

  static void SignalAll(int signal) {
    for (const pid_t pid : DescendantsOf(getpid())) {
      kill(pid, signal);
    }
  }

  // Into the log, of which the comparison shows the end.
  static void NameAll() {
    std::vector<std::string> names;
    for (const pid_t pid : DescendantsOf(getpid())) {
      names.push_back(ProcessName(pid));
    }
    if (!names.empty()) {
      std::fprintf(stderr, "killed: %s\n", fmt::format("{}", fmt::join(names, ", ")).c_str());
    }
  }

  // As the command did.
  int End() {
    if (!WIFSIGNALED(status_)) {
      return WEXITSTATUS(status_);
    }
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, WTERMSIG(status_));
    signal(WTERMSIG(status_), SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &one, nullptr);
    raise(WTERMSIG(status_));
    return kFailed;
  }

  pid_t comparison_;
  int stop_signal_;
  sigset_t all_{};
  KeeperState state_ = KeeperState::kServing;
  pid_t command_ = 0;  // 0 = it has ended
  int status_ = 0;     // of it
  TimePoint deadline_;
  int kills_ = 0;  // rounds of them
};

}  // namespace

KeeperState StateAfter(KeeperState state, KeeperEvent event) {
  switch (event) {
    case KeeperEvent::kToldToStop:
    case KeeperEvent::kCommandFailed:
      return std::max(state, KeeperState::kStopping);
    case KeeperEvent::kLate:
    case KeeperEvent::kToldToKill:
      return KeeperState::kKilling;
    case KeeperEvent::kCommandDone:
      break;
  }
  return state;
}

std::vector<std::string> KeeperOf(const Cores& cores, int stop_signal) {
  return {kThisProgram, kKeeperWord, fmt::to_string(getpid()), CoresText(cores),
          fmt::to_string(stop_signal)};
}

// A session of its own: what the terminal sends to a whole group is for the comparison to act on.
int Keep(int argc, char** arguments) {
  if (argc < 4) {
    return Complain("a keeper wants a comparison, cores, a signal and a command");
  }
  const pid_t comparison = ParseWhole<pid_t>(arguments[0]).value_or(0);
  const Cores cores = ParseCores(arguments[1]).value_or(Cores());
  const int stop_signal = ParseWhole<int>(arguments[2]).value_or(SIGTERM);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  setsid();
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    return Complain(fmt::format("cannot keep a server's processes: {}", std::strerror(errno)));
  }
  if (const Status moved = cores.empty() ? Status() : RunOn(cores); !moved) {
    return Complain(moved.error().message);
  }
  if (!AskForSignalOfParent(SIGTERM, comparison)) {
    return kFailed;
  }
  return Keeper(comparison, stop_signal).Run(arguments + 3);
}

}  // namespace sqlicorn::loadgen
