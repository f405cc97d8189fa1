// SPDX-License-Identifier: MIT
#include "loadgen/server/guard.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "common/base/process.h"

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kProgram = "/proc/self/exe";  // works after an upgrade of the file too
constexpr std::string_view kTie = "tied-to";
constexpr std::string_view kSweep = "sweep-after";

// Whether the comparison lives. It may have died before the kernel was asked.
bool AskForSignal(int signal, pid_t parent) {
  return prctl(PR_SET_PDEATHSIG, signal) == 0 && getppid() == parent;
}

int BecomeServer(pid_t parent, const char* cores, char** command) {
  if (!AskForSignal(SIGTERM, parent)) {
    return static_cast<int>(ExitCode::kError);
  }
  const Cores own = ParseCores(cores).value_or(Cores());
  if (const Status moved = own.empty() ? Status() : RunOn(own); !moved) {
    std::fprintf(stderr, "Error: %s\n", moved.error().message.c_str());
    return static_cast<int>(ExitCode::kError);
  }
  execv(command[0], command);
  std::fprintf(stderr, "Error: cannot start '%s': %s\n", command[0], std::strerror(errno));
  return static_cast<int>(ExitCode::kError);
}

// The server may still be at its last files.
void RemoveUntilGone(const std::string& directory) {
  constexpr int kTries = 400;
  constexpr timespec kPause = {0, 50'000'000};
  std::error_code error;
  for (int i = 0; i < kTries && std::filesystem::exists(directory, error); ++i) {
    std::filesystem::remove_all(directory, error);
    nanosleep(&kPause, nullptr);
  }
}

// Signals of the terminal go to the whole group, while the comparison cleans up itself: only its
// death counts.
int Sweep(pid_t parent, const std::string& directory) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  for (bool lives = AskForSignal(SIGUSR1, parent); lives; lives = getppid() == parent) {
    sigwaitinfo(&all, nullptr);
  }
  RemoveUntilGone(directory);
  return 0;
}

}  // namespace

std::vector<std::string> TiedToThisProcess(const Cores& cores) {
  return {kProgram, std::string(kTie), fmt::to_string(getpid()), CoresText(cores)};
}

std::vector<std::string> SweeperOf(const std::string& directory) {
  return {kProgram, std::string(kSweep), fmt::to_string(getpid()), directory};
}

std::optional<int> RunGuard(int argc, char** argv) {
  if (argc < 4) {
    return std::nullopt;
  }
  const std::string_view word = argv[1];
  const pid_t parent = ParseWhole<pid_t>(argv[2]).value_or(0);
  if (word == kTie && argc > 4) {
    return BecomeServer(parent, argv[3], argv + 4);
  }
  return word == kSweep ? std::make_optional(Sweep(parent, argv[3])) : std::nullopt;
}

}  // namespace sqlicorn::loadgen
