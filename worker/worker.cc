// SPDX-License-Identifier: MIT
#include "worker/worker.h"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "common/base/log.h"
#include "worker/log/request_in_hand.h"
#include "worker/open_database.h"
#include "worker/sqlite/risks.h"
#include "worker/worker_parts.h"
#include "worker/worker_signals.h"

namespace sqlicorn {
namespace {

// Deadlines of connections, the heartbeat and the look at the parent share one coarse timer.
constexpr Duration kTick = Heartbeat::kPeriod;
// A disk that goes on failing costs a worker a second, not one a request.
constexpr Duration kDoubtPause = std::chrono::seconds(1);
constexpr Duration kAfterReading = std::chrono::milliseconds(1);

}  // namespace

Result<std::unique_ptr<Worker>> Worker::Create(const WorkerContext& context) {
  const DatabaseSettings& settings = context.config.database;
  auto connection = OpenServed(settings, context.served, context.slots[context.slot].files);
  if (!connection) {
    return connection.error();
  }
  auto plans =
      PlanSet::Compile(**connection, context.config,
                       context.has_served ? Unprepared::kServeTheRest : Unprepared::kRefuse);
  if (!plans) {
    return plans.error();
  }
  // Only now as the scheduler wants it: until here locks were waited for inside SQLite, as the
  // recovery of the log after a crash holds one for a moment, and nobody is served yet.
  (*connection)->SetBusyWait(BusyWaitOf(settings.scheduler), FromSeconds(settings.timeout));
  auto access_log = AccessLog::Open(context.config.server);
  if (!access_log) {
    return access_log.error();
  }
  if (const Status enough = CheckDescriptors(); !enough) {
    return enough.error();
  }
  return std::unique_ptr<Worker>(
      new Worker(context, {std::move(*connection), std::move(*plans)}, std::move(*access_log)));
}

Worker::Worker(const WorkerContext& context, Database database, AccessLog access_log)
    : context_(context),
      settings_(context.config.server),
      slot_(context.slots[context.slot]),
      heartbeat_(slot_),
      master_(getppid()),
      request_limit_(DrawRequestLimit(settings_)),
      database_(std::move(database)),
      log_rescue_(*database_.connection),
      wal_guard_(*database_.connection,
                 CheckpointPolicyOf(context.config.database, LibraryVersionNumber()),
                 context.checkpointer),
      scheduler_(MakeScheduler(context, loop_, *database_.connection, *database_.plans)),
      long_reads_(MakeLongReads(context, loop_, *database_.connection, *database_.plans)),
      access_log_(std::move(access_log)),
      dispatcher_({context.config, *database_.plans, *scheduler_, slot_, context.counters,
                   context.counter_rows, long_reads_.get()}),
      connections_(slot_),
      services_{loop_,       settings_,   slot_,  request_limit_,
                dispatcher_, access_log_, dates_, connections_},
      acceptor_(loop_,
                {context.listeners, context.slots, context.slot,
                 static_cast<std::size_t>(settings_.worker_connections)},
                [this](UniqueFd socket) { OnSocket(std::move(socket)); }),
      tick_(loop_, [this] { OnTick(); }),
      sweep_(loop_, [this] { connections_.Sweep(loop_.now()); }),
      round_end_(loop_, [this] { OnRoundEnd(); }) {
  signals_.emplace_back(loop_, SIGTERM, [this] { OnTold(&Worker::BeginDrain); });
  signals_.emplace_back(loop_, SIGINT, [this] { OnTold(&Worker::StopNow); });
  signals_.emplace_back(loop_, SIGQUIT, [this] { OnTold(&Worker::StopNow); });
  RememberWhoTells();
  signals_.emplace_back(loop_, SIGUSR1, [this] { ReopenLogs(); });
}

void Worker::Run() {
  ReportRequestOnAbort(access_log_, slot_);
  // A rotation while we were booting told us nothing: USR1 was ignored.
  if (LogMoved() || access_log_.Moved()) {
    ReopenLogs();
  }
  reopen_from_ = loop_.now() + kDoubtPause;
  tick_.Start(kTick, kTick);
  // The first beat before the rest: from it on the master allows `timeout` and no longer the time
  // of a start, and the other workers take nobody who does not beat for one that accepts.
  heartbeat_.Beat();
  acceptor_.Start();
  slot_.ready = 1;
  slot_.state = WorkerState::kReady;
  context_.on_news();
  loop_.Run();
  // Told to end. What is still owed gets its line; the report on an abort goes with the log that it
  // writes to, and the log of the database is looked after while the connection is open.
  connections_.Abandon();
  // What is suspended refers to requests, and its connections are not to be the last that close.
  if (long_reads_ != nullptr) {
    long_reads_->Stop();
  }
  access_log_.Flush();
  EndOnAbort();
  log_rescue_.Finish();
  // Before the last close removes the log, which is then nobody's loss.
  Publish({}, slot_.files);
}

void Worker::OnSocket(UniqueFd socket) {
  connections_.Add(std::make_unique<HttpConnection>(services_, std::move(socket)));
}

void Worker::OnTick() {
  heartbeat_.Beat();
  // Anew, for what is shared may have been overwritten: the master has to see that we serve, and
  // the acceptor when it is full.
  slot_.ready = 1;
  connections_.CountOpen();
  acceptor_.OnConnectionClosed();
  if (long_reads_ != nullptr) {
    long_reads_->CloseUnused(MonotonicUs());
  }
  log_rescue_.Look();
  Publish(database_.connection->place().files(), slot_.files);
  if (getppid() != master_) {
    OnTold(&Worker::StopNow);
    return;
  }
  // Timers run before the sockets are read: after SQLite has held the loop, requests that came in
  // time are still unread now. A round later they are not.
  sweep_.Start(kAfterReading);
  dispatcher_.ReportHeldBack(loop_.now());
  services_.bad_requests.Report(loop_.now());
  if (loop_.now() >= drain_deadline_) {
    LogWarning("Forcing close of {} connections", connections_.size());
    StopNow();
  }
}

void Worker::OnRoundEnd() {
  services_.slices.BeginRound();  // the answers of the scheduler bring new input
  // Before the scheduler runs what this round has brought: the answers that it makes then are the
  // last on their connections already.
  CheckRecycling();
  scheduler_->OnRoundEnd();
  SetRequestInHand(nullptr);
  access_log_.Flush();
  // The one place where nothing of a connection is on the stack.
  if (connections_.DestroyRetired()) {
    acceptor_.OnConnectionClosed();
  }
  if (stage_ == Stage::kDraining && connections_.size() == 0) {
    StopNow();
  }
  // At the very end: whoever has come in this round has been served.
  if (long_reads_ != nullptr) {
    long_reads_->OnRoundEnd();
    Publish(long_reads_->tally(), context_.counters.worker);
  }
  services_.slices.BeginRound();  // the loop may sleep now
}

void Worker::ReopenLogs() {
  for (const Status& reopened : {ReopenLog(), access_log_.Reopen()}) {
    if (!reopened) {
      LogError("{}; the old one stays in use", reopened.error().message);
    }
  }
}

void Worker::CheckRecycling() {
  if (slot_.recycling == 1) {
    return;
  }
  const bool doubt = dispatcher_.in_doubt() || wal_guard_.in_doubt();
  if (slot_.requests >= request_limit_) {
    LogInfo("Autorestarting worker after current request.");
  } else if (doubt && loop_.now() >= reopen_from_) {
    LogWarning("Replacing this worker: an I/O error has left its database connection in doubt");
  } else {
    return;
  }
  // The successor comes first; until then this worker serves, a request per connection.
  slot_.recycling = 1;
  context_.on_news();
  services_.closing = true;
}

void Worker::OnTold(void (Worker::*end)()) {
  if (stage_ == Stage::kServing) {
    LogWhoTold(master_);
  }
  (this->*end)();
}

void Worker::BeginDrain() {
  if (stage_ != Stage::kServing) {
    return;
  }
  stage_ = Stage::kDraining;
  slot_.state = WorkerState::kStopping;
  loop_.UpdateTime();  // a plan may have held the loop before it heard the signal
  drain_deadline_ = loop_.now() + FromSeconds(settings_.graceful_timeout);
  services_.closing = true;
  // What has connected is taken before the sockets are closed, and the drain comes last, so that it
  // finds those too.
  acceptor_.Finish();
  for (const int listener : context_.listeners) {
    close(listener);
  }
  connections_.Drain();
}

void Worker::StopNow() {
  stage_ = Stage::kEnding;
  slot_.state = WorkerState::kStopping;
  loop_.Stop();
}

}  // namespace sqlicorn
