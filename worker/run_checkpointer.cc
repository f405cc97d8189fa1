// SPDX-License-Identifier: MIT
#include "worker/run_checkpointer.h"

#include <unistd.h>

#include <csignal>
#include <deque>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/open_database.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/risks.h"
#include "worker/wal/checkpoints.h"
#include "worker/worker_signals.h"

namespace sqlicorn {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(250);
// Between two checkpoints: readers that hold one up, and commits, go on meanwhile.
constexpr Duration kPause = std::chrono::milliseconds(20);

class Checkpointer {
 public:
  Checkpointer(const CheckpointerContext& context, std::unique_ptr<Connection> connection)
      : context_(context),
        connection_(std::move(connection)),
        alarm_(CheckpointPolicyOf(context.config.database, LibraryVersionNumber())),
        bell_(loop_, context.bell.fd(), [this] { OnBell(); }),
        pause_(loop_, [this] { bell_.Start(); }),
        tick_(loop_, [this] { OnTick(); }) {
    // All three alike: it has nothing in hand that would have to be finished.
    for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) {
      signals_.emplace_back(loop_, signal, [this] { loop_.Stop(); });
    }
    signals_.emplace_back(loop_, SIGUSR1, [] { Reopen(); });
  }

  ExitCode Run() {
    // A rotation while we were booting told us nothing: USR1 was ignored.
    if (LogMoved()) {
      Reopen();
    }
    OnTick();
    tick_.Start(kTick, kTick);
    bell_.Start();
    loop_.Run();
    Publish({}, context_.slot.files);
    return exit_code_;
  }

 private:
  // Silenced first: a ring that comes while we copy is about pages that this copy may not reach.
  // Not heard for a pause after it, in which rings gather to one.
  void OnBell() {
    context_.bell.Silence();
    bell_.Stop();
    pause_.Start(kPause);
    int pages = -1;
    const SqlStatus status = connection_->Checkpoint(&pages);
    if (status.ok()) {
      alarm_.Observe(pages);
    } else if (!status.busy()) {
      // Workers do it themselves when the log gets longer still; our successor may fare better.
      LogError("cannot copy the write-ahead log into the database: {} ({})", status.message(),
               status.name());
      exit_code_ = ExitCode::kError;
      loop_.Stop();
    }
  }

  void OnTick() {
    context_.slot.beat_us = MonotonicUs();
    // What it finds is for the log. A log that has been removed the workers copy, as their commits
    // are in it.
    static_cast<void>(connection_->place().Look());
    Publish(connection_->place().files(), context_.slot.files);
    if (getppid() != master_) {
      loop_.Stop();
    }
  }

  static void Reopen() {
    if (const Status reopened = ReopenLog(); !reopened) {
      LogError("{}; the old one stays in use", reopened.error().message);
    }
  }

  const CheckpointerContext& context_;
  const pid_t master_ = getppid();
  std::unique_ptr<Connection> connection_;
  WalAlarm alarm_;
  Loop loop_;
  PollWatcher bell_;
  Timer pause_;
  Timer tick_;
  std::deque<SignalWatcher> signals_;
  ExitCode exit_code_ = ExitCode::kOk;
};

void BecomeHelper(const char* role, const ServerConfig& config) {
  SetProcessTitle(fmt::format("sqlicorn: {} [{}]", role, config.server.proc_name));
  IgnoreSignalsOfTheMaster();
}

}  // namespace

bool WantsCheckpointer(const DatabaseSettings& settings) {
  return CheckpointPolicyOf(settings, LibraryVersionNumber()).apart;
}

ExitCode RunCheckpointer(const CheckpointerContext& context) {
  BecomeHelper("checkpointer", context.config);
  // It lives beyond the workers, and would keep the addresses listening without anybody who
  // accepts.
  for (const int listener : context.listeners) {
    close(listener);
  }
  LogInfo("Booting checkpointer with pid: {}", getpid());
  auto connection = OpenServed(context.config.database, context.served, context.slot.files);
  if (!connection) {
    LogError("Checkpointer failed to start: {}", connection.error().message);
    return ExitCode::kError;
  }
  // A passive checkpoint waits for nobody; and what else might wait would make it silent.
  (*connection)->SetBusyWait(BusyWait::kNone, Duration::zero());
  const ExitCode code = Checkpointer(context, std::move(*connection)).Run();
  LogInfo("Checkpointer exiting (pid: {})", getpid());
  return code;
}

ExitCode RunLastClose(const ServerConfig& config, const ServedFiles& served) {
  BecomeHelper("closing", config);
  if (const Status ours = CheckServed(config.database.path, served); !ours) {
    LogWarning("{}", ours.error().message);
    return ExitCode::kOk;
  }
  auto connection = Connection::Open(config.database.path, OpenMode::kReadWrite);
  if (!connection) {
    LogWarning("{}", connection.error().message);
    return ExitCode::kError;
  }
  // Somebody else may be closing it at this moment, under an exclusive lock.
  (*connection)->SetBusyWait(BusyWait::kBackoff, std::chrono::seconds(1));
  // A connection that has read nothing has not opened the log.
  const SqlStatus read = (*connection)->Execute("SELECT 1 FROM sqlite_schema LIMIT 1");
  return read.ok() ? ExitCode::kOk : ExitCode::kError;
}

}  // namespace sqlicorn
