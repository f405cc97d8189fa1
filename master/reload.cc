// SPDX-License-Identifier: MIT
#include "master/reload.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "common/base/file_place.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "master/fleet/children.h"
#include "master/start/log_settings.h"

namespace sqlicorn {

bool Reload::under_way() const {
  return generations().preparing() || generations().replacing();
}

void Reload::Begin() {
  if (under_way()) {
    LogInfo("A reload is under way; another one follows");
    again_ = true;
    return;
  }
  LogInfo("Hang up: Master");
  ++begun_;
  wanted_at_begin_ = parts_.fleet.wanted();
  // What children of earlier times have said is not about this reload.
  [[maybe_unused]] const std::string stale = parts_.master.last_words.Take();
  auto candidate = parts_.load(serving(), parts_.upgrade.suffix(), parts_.fleet.room());
  if (!candidate) {
    Fail(candidate.error().message);
    return;
  }
  // Before the fork: the child is to know which sockets and pid files are the candidate's, and to
  // give them up. It is a child because the master never opens a database, and because it may take
  // minutes, in which the old generation serves and signals are heard.
  generations().Propose(std::move(*candidate));
  const auto child = parts_.children.StartPreparation();
  if (!child) {
    Fail(child.error().message);
    generations().Abandon();
    return;
  }
  preparing_pid_ = *child;
}

bool Reload::OnEnd(const ChildEnd& end) {
  if (preparing_pid_ == 0 || end.pid != preparing_pid_) {
    return false;
  }
  preparing_pid_ = 0;
  if (!generations().preparing()) {
    return true;  // the server stops, and what the child did is not wanted any more
  }
  if (EndedBadly(end.status)) {
    GiveUp(WIFSIGNALED(end.status)
               ? "preparing the database was ended by " + SignalName(WTERMSIG(end.status))
               : "the new configuration cannot be served");
  } else {
    Replace();
  }
  return true;
}

// From here on the database is as the new configuration wants it, whatever becomes of its workers.
// The deaths of workers of the old one say nothing about those that come.
void Reload::Replace() {
  generations().Start();
  generations().SetDatabase(FileKeyOf(serving().config.database.path));
  former_wanted_ = parts_.fleet.wanted();
  parts_.fleet.SetWanted(WantedOfNew());
  parts_.fleet.ForgetDeaths();
  UseSettings();
  WarnOfAbsentSyslog(serving().config.server);
}

// What TTIN, TTOU, WINCH and operators have changed since the reload was asked for is changed from
// the new number: they came after it.
std::size_t Reload::WantedOfNew() const {
  const auto configured = static_cast<std::size_t>(serving().config.server.workers);
  if (former_wanted_ == wanted_at_begin_) {
    return configured;
  }
  if (former_wanted_ == 0) {
    return 0;
  }
  const std::size_t changed = configured + former_wanted_;
  return std::clamp<std::size_t>(changed - std::min(changed, wanted_at_begin_), 1,
                                 parts_.fleet.room());
}

// What the child said last is the reason that helps; an exit code alone helps nobody.
void Reload::GiveUp(std::string_view why) {
  const std::string words = parts_.master.last_words.Take();
  Fail(words.empty() ? std::string(why) : fmt::format("{}: {}", why, words));
  if (replacing()) {
    GoBack();
  } else {
    generations().Abandon();
  }
  BeginAgain();
}

// The workers of the former generation serve still, as none of them is told to go before as many of
// the new one serve; what the master itself has taken on is undone. Workers of the new generation
// that could start are surplus now and go like any others.
void Reload::GoBack() {
  if (generations().former()->listeners != serving().listeners) {
    parts_.upgrade.Close(*serving().listeners);
  }
  generations().Abandon();
  parts_.fleet.SetWanted(former_wanted_);
  UseSettings();
}

void Reload::Fail(std::string_view why) {
  ForEachLine(why, [](std::string_view line) {
    LogError("Reload failed, the old configuration stays: {}", line);
  });
  last_error_ = why;
}

void Reload::UseSettings() {
  parts_.settings.TakeOn(serving(), parts_.upgrade.suffix());
}

// Only now does the master close what the former generation alone listened at: until here the
// reload could have gone back to it.
void Reload::Settle() {
  if (!replacing() || !parts_.fleet.ServesOnly(serving().number)) {
    return;
  }
  if (generations().former()->listeners != serving().listeners) {
    parts_.upgrade.Close(*generations().former()->listeners);
    LogInfo("Listening at: {}", serving().listeners->ToString());
  }
  generations().Settle();
  serving().listeners->SetBacklog(serving().config.server.backlog);
  ++done_;
  last_error_.clear();
  LogInfo("Reload done: {} workers of the new configuration serve", parts_.fleet.wanted());
  BeginAgain();
}

void Reload::BeginAgain() {
  if (std::exchange(again_, false)) {
    Begin();
  }
}

// The end of the child is not awaited: SQLite rolls back what it was at when the next one opens the
// database.
void Reload::Stop() {
  if (preparing_pid_ != 0) {
    parts_.children.Signal(preparing_pid_, SIGKILL);
    generations().Abandon();
    last_error_ = "the server is stopping";
  }
}

void Reload::Describe(ServerStatus* status) const {
  if (under_way()) {
    status->phase = ServerStatus::Phase::kReloading;
  }
  status->counters.reloads_begun = begun_;
  status->counters.reloads_done = done_;
  status->counters.last_reload_error = last_error_;
  status->reloads_failed = begun_ - done_ - (under_way() ? 1 : 0);
}

}  // namespace sqlicorn
