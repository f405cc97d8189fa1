// SPDX-License-Identifier: MIT
#include "loadgen/comparison_session.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {
namespace {

// Interrupts the comparison on a signal, the second time without waiting.
class InterruptOnSignals {
 public:
  // Both outlive this.
  InterruptOnSignals(Loop& loop, ComparisonRunner& runner)
      : runner_(runner),
        interrupt_(loop, SIGINT, [this] { Interrupt(); }),
        terminate_(loop, SIGTERM, [this] { Interrupt(); }),
        hang_up_(loop, SIGHUP, [this] { Interrupt(); }) {}

  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void Interrupt() {
    interrupted_ = true;
    runner_.Interrupt();
  }

  ComparisonRunner& runner_;
  bool interrupted_ = false;
  SignalWatcher interrupt_;
  SignalWatcher terminate_;
  SignalWatcher hang_up_;
};

// A signal must not end half way what cleans up.
void BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&signals, signal);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

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

bool MakeRuns(const RunSetup& setup, const ScratchDirectory& directory,
              ComparisonObserver* observer,
              const std::function<void(const ComparisonRunner&)>& begin) {
  ComparisonRunner runner(setup, directory.path(), observer);
  const InterruptOnSignals signals(setup.loop, runner);
  // Without one a comparison that is killed leaves its directory, which is no reason not to run.
  const auto sweeper =
      ChildProcess::Start(setup.loop, {SweeperOf(directory.path()), "", ""}, [](ProcessExit) {});
  if (begin) {
    begin(runner);
  }
  runner.Start();
  setup.loop.Run();
  BlockSignals();
  return !signals.interrupted();
}

Ending TellAuditFailures(const std::vector<std::string>& failures, ScratchDirectory* directory,
                         Console* console) {
  for (const std::string& failure : failures) {
    console->Print(fmt::format("AUDIT FAILED: {}\n", failure));
  }
  if (failures.empty()) {
    return Ending::kGood;
  }
  KeepFiles(directory, console);
  return Ending::kWritesLost;
}

void KeepFiles(ScratchDirectory* directory, Console* console) {
  directory->Keep();
  console->Print(fmt::format("databases and logs are kept in {}\n", directory->path()));
}

}  // namespace sqlicorn::loadgen
