// SPDX-License-Identifier: MIT
#include "loadgen/comparison_session.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>

namespace sqlicorn::loadgen {

Result<std::string> FindServerProgram(const std::string& wanted) {
  std::error_code error;
  const std::filesystem::path program =
      wanted.empty()
          ? std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "sqlicorn"
          : std::filesystem::absolute(wanted, error);
  if (access(program.c_str(), X_OK) != 0) {
    return SystemError(fmt::format("cannot run the server's program '{}' (--server names another)",
                                   program.string()),
                       errno);
  }
  return program.string();
}

CoreShare TakeCore(const ComparisonPlan& plan, Pinning pinning, Console* console) {
  const Cores allowed = AllowedCores();
  CoreShare share = ShareCores(allowed, plan, pinning);
  if (!share.pinned()) {
    if (allowed.size() == 1 && pinning == Pinning::kOwnCore) {
      console->Print("one core: server and generator share it\n");
    }
    return share;
  }
  if (const Status moved = RunOn(share.generator); !moved) {
    console->Print(
        fmt::format("Warning: {}: server and generator share all cores\n", moved.error().message));
    return {};
  }
  console->Print(fmt::format(
      "core {} is the generator's alone, core {} the servers' (--no-pin: all for both)\n",
      CoresText(share.generator), CoresText(share.servers)));
  return share;
}

InterruptOnSignals::InterruptOnSignals(Loop& loop, ComparisonRunner& runner)
    : runner_(runner),
      interrupt_(loop, SIGINT, [this] { Interrupt(); }),
      terminate_(loop, SIGTERM, [this] { Interrupt(); }),
      hang_up_(loop, SIGHUP, [this] { Interrupt(); }) {}

void InterruptOnSignals::Interrupt() {
  interrupted_ = true;
  runner_.Interrupt();
}

void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&signals, signal);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace sqlicorn::loadgen
