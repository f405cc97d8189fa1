// SPDX-License-Identifier: MIT
#include "loadgen/server/guard.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/server/keeper.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kSweep = "sweep-after";

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
  for (bool lives = AskForSignalOfParent(SIGUSR1, parent); lives; lives = getppid() == parent) {
    sigwaitinfo(&all, nullptr);
  }
  RemoveUntilGone(directory);
  return 0;
}

}  // namespace

bool AskForSignalOfParent(int signal, pid_t parent) {
  return prctl(PR_SET_PDEATHSIG, signal) == 0 && getppid() == parent;
}

std::vector<std::string> SweeperOf(const std::string& directory) {
  return {kThisProgram, std::string(kSweep), fmt::to_string(getpid()), directory};
}

std::optional<int> RunGuard(int argc, char** argv) {
  if (argc < 4) {
    return std::nullopt;
  }
  const std::string_view word = argv[1];
  if (word == kKeeperWord) {
    return Keep(argc - 2, argv + 2);
  }
  return word == kSweep ? std::make_optional(Sweep(ParseWhole<pid_t>(argv[2]).value_or(0), argv[3]))
                        : std::nullopt;
}

}  // namespace sqlicorn::loadgen
