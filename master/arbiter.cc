// SPDX-License-Identifier: MIT
#include "master/arbiter.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "master/fleet/children.h"

namespace sqlicorn {

Arbiter::Arbiter(Parts parts)
    : master_(parts.master),
      children_(parts.children),
      doorbell_(parts.shared.doorbell),
      clock_(parts.now),
      settings_(parts.surroundings),
      upgrade_(parts.children, parts.master, parts.parent_master),
      fleet_({.children = parts.children,
              .scoreboard = parts.shared.scoreboard,
              .queue = parts.shared.queue ? &*parts.shared.queue : nullptr,
              .wanted = static_cast<std::size_t>(config().server.workers)}),
      checkpointer_(parts.children, parts.shared.scoreboard.slots().back()),
      reload_({.master = parts.master,
               .children = parts.children,
               .fleet = fleet_,
               .upgrade = upgrade_,
               .settings = settings_,
               .load = std::move(parts.load)}),
      console_({.master = parts.master,
                .children = parts.children,
                .fleet = fleet_,
                .upgrade = upgrade_,
                .reload = reload_,
                .shutdown = shutdown_,
                .started_at = parts.now,
                .service = std::move(parts.service)}) {}

// A signal a turn: of two that come together the second meets what the first has set in motion.
ExitCode Arbiter::Run(SignalQueue& signals) {
  settings_.ShowTitle(serving(), upgrade_.suffix());
  while (true) {
    const auto signal = signals.Take();
    Turn(Clock::now(), signal);
    if (stopped()) {
      return exit_code();
    }
    Sleep(signals);
  }
}

// The order is the story: what has happened (said, ended, promoted), what is wanted (a signal, an
// operator), what follows. Ends come before the signal, so that a signal meets the children there
// are. A turn happens at one instant, `now`; what happens meanwhile makes the next sleep short.
void Arbiter::Turn(TimePoint now, std::optional<int> signal) {
  clock_.BeginTurn(now);
  Observe();
  ReapAll();
  CheckPromotion();
  if (signal && *signal != SIGCHLD) {
    HandleSignal(*signal);
  }
  console_.ServeOperators(clock_);
  CheckHeartbeats();
  AdjustWorkforce();
  CheckStop();
  console_.Report(clock_);
}

// The bell is silenced before the look: a ring after the look must end the next sleep.
void Arbiter::Observe() {
  doorbell_.Silence();
  fleet_.Observe(clock_);
  checkpointer_.Observe(clock_);
}

void Arbiter::ReapAll() {
  while (const auto end = children_.Reap()) {
    OnEnd(*end);
  }
}

// Any other child was inherited, as by PID 1 of a container: not our concern.
void Arbiter::OnEnd(const ChildEnd& end) {
  if (reload_.OnEnd(end) || checkpointer_.OnEnd(end, clock_) ||
      upgrade_.OnEnd(end, !shutdown_.running())) {
    return;
  }
  const Fleet::News news = fleet_.OnEnd(end, serving().number, clock_);
  if (news == Fleet::News::kBootFailed && shutdown_.running()) {
    OnBootFailure(end.status);
  }
}

// Where nothing has ever served, a worker that cannot start says as much about all others, and
// trying again would not end; a reload has something to go back to.
void Arbiter::OnBootFailure(int status) {
  if (reload_.replacing()) {
    reload_.GiveUp("a worker could not start with the new configuration");
    return;
  }
  const auto failure = BootFailureOf(status);
  // One unlucky worker does not end a server whose other workers could start.
  if (!failure || fleet_.someone_served()) {
    return;
  }
  LogError("Shutting down: Master");
  LogError("Reason: {}", failure->reason);
  const std::string why = master_.last_words.Take();
  ReportOnStderr(why.empty() ? failure->reason : fmt::format("{} ({})", failure->reason, why));
  shutdown_.FailWith(failure->code);
  BeginStop(Shutdown::Kind::kQuick);
}

void Arbiter::CheckPromotion() {
  if (upgrade_.CheckPromotion()) {
    console_.TellPromotion();
    settings_.ShowTitle(serving(), upgrade_.suffix());
  }
}

// A stop that has begun hears of INT and QUIT alone, which hasten it. A second TERM, as impatient
// operators and service managers send it, must not put its deadline off.
void Arbiter::HandleSignal(int signal) {
  LogInfo("Handling signal: {}", LowerCaseName(signal));
  if (shutdown_.running()) {
    OnSignal(signal);
  } else if (signal == SIGINT || signal == SIGQUIT) {
    LogInfo("Quick shutdown requested");
    BeginStop(Shutdown::Kind::kQuick);
  }
}

void Arbiter::OnSignal(int signal) {
  switch (signal) {
    case SIGHUP:
      reload_.Begin();
      break;
    case SIGTERM:
      BeginStop(Shutdown::Kind::kGraceful);
      break;
    case SIGINT:
    case SIGQUIT:
      BeginStop(Shutdown::Kind::kQuick);
      break;
    case SIGTTIN:
      fleet_.WantOneMore();
      break;
    case SIGTTOU:
      fleet_.WantOneLess();
      break;
    case SIGUSR1:
      ReopenLogs();
      break;
    case SIGUSR2:
      upgrade_.Begin();
      break;
    case SIGWINCH:
      DismissAll();
      break;
    default:
      LogDebug("signal {} has no effect", LowerCaseName(signal));
  }
}

// While a second master is tried out: this one keeps the sockets and gets its workers back by HUP.
void Arbiter::DismissAll() {
  if (!config().server.daemon) {
    LogDebug("SIGWINCH ignored. Not daemonized");  // a terminal that is resized sends it
    return;
  }
  LogInfo("graceful stop of workers");
  fleet_.SetWanted(0);
}

void Arbiter::ReopenLogs() {
  settings_.ReopenLogs(serving());
  fleet_.ReopenLogs();
  checkpointer_.ReopenLogs();
}

void Arbiter::CheckHeartbeats() {
  fleet_.CheckHeartbeats(clock_);
  checkpointer_.CheckHeartbeat(clock_);
}

// A stop spawns nobody: workers it has not told would be left over. When as many serve as are
// wanted a reload may be at its end.
void Arbiter::AdjustWorkforce() {
  if (!shutdown_.running()) {
    return;
  }
  if (fleet_.Adjust({.config = config(), .generation = serving().number}, clock_)) {
    reload_.Settle();
  }
  KeepCheckpointer();
}

void Arbiter::KeepCheckpointer() {
  const ServerSettings& settings = config().server;
  checkpointer_.Keep(clock_, {.wanted = children_.WantsCheckpointer() && fleet_.wanted() > 0,
                              // Before the launch of a daemon is over it would keep the terminal.
                              .may_start = master_.launch == nullptr,
                              .generation = serving().number,
                              .birth = {clock_.now(), FromSeconds(settings.boot_timeout),
                                        FromSeconds(settings.timeout)}});
}

// Sockets are closed first, and workers close theirs when they are told: from then on a client is
// refused at once and may go elsewhere. The checkpointer of a graceful stop stays until the workers
// have gone.
void Arbiter::BeginStop(Shutdown::Kind kind) {
  shutdown_.Begin(kind, clock_.now(), FromSeconds(config().server.graceful_timeout));
  upgrade_.Close(*serving().listeners);
  if (const Generation* const former = master_.generations.former()) {
    upgrade_.Close(*former->listeners);
  }
  reload_.Stop();
  fleet_.End(shutdown_.graceful() ? SIGTERM : SIGQUIT, EndCause::kShutdown);
  if (!shutdown_.graceful()) {
    checkpointer_.Dismiss(clock_.now() + Shutdown::kQuickGrace);
  }
}

// Asked in each turn: the database is to be closed for as long as a child is still at it.
void Arbiter::CheckStop() {
  switch (shutdown_.Next(clock_.now(), !fleet_.empty())) {
    case Shutdown::Step::kNone:
      break;
    case Shutdown::Step::kAbortWorkers:
      fleet_.End(SIGABRT, shutdown_.overdue_cause());
      break;
    case Shutdown::Step::kKillWorkers:
      fleet_.End(SIGKILL, shutdown_.overdue_cause());
      break;
    case Shutdown::Step::kCloseDatabase:
      if (CloseDatabase()) {
        LogInfo("Shutting down: Master");
        shutdown_.Finish();
      }
      break;
  }
}

// A log that two workers left to each other, as each closed the database at the same instant, is
// copied into it, unless another master has it open.
bool Arbiter::CloseDatabase() {
  const DatabaseSettings& database = config().database;
  const bool ours = upgrade_.alone() && database.access == DatabaseAccess::kReadWrite;
  return checkpointer_.CloseDatabase(clock_, shutdown_.graceful() && ours && children_.HasLog());
}

// Deadlines of children are told in the master's own time and converted here; all others are of
// this world. No sleep is longer than the longest turn that OwnClock counts: what goes beyond that
// is taken for time in which the master could not run, and would be lost for the deadlines.
TimePoint Arbiter::next_deadline() const {
  const TimePoint own =
      std::min({fleet_.next_overdue(), checkpointer_.next_deadline(), shutdown_.next_deadline()});
  const TimePoint spawn = shutdown_.running() ? fleet_.next_spawn() : TimePoint::max();
  return std::min({clock_.RealOf(own), spawn, console_.next_deadline(),
                   clock_.real_now() + OwnClock::kLongestTurn});
}

void Arbiter::Sleep(const SignalQueue& signals) const {
  EventWait wait;
  signals.AddTo(wait);
  wait.ForInput(doorbell_.fd());
  console_.AddTo(wait);
  wait.Until(next_deadline());
}

}  // namespace sqlicorn
