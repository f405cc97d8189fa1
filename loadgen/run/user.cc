// SPDX-License-Identifier: MIT
#include "loadgen/run/user.h"

#include <algorithm>

#include "loadgen/run/failure_text.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

Duration PauseAfter(int dead_connections, Duration longest) {
  return std::min<Duration>(longest, milliseconds(10) * (1 << std::min(dead_connections - 1, 16)));
}

}  // namespace

User::User(UserContext& context, std::uint32_t number)
    : context_(context),
      picker_(context.scenario.tasks, context.seed, number),
      connection_(context.loop, context.addresses, this),
      pause_(context.loop, [this] { EndPause(); }) {}

void User::Start() {
  Next(Clock::now());
}

void User::Finish() {
  finishing_ = true;
  if (state_ != State::kAwaiting) {
    End();
  }
}

void User::Abandon() {
  if (state_ != State::kDone) {
    End();
  }
}

std::optional<TimePoint> User::waits_since() const {
  const bool waits = state_ == State::kConnecting || state_ == State::kAwaiting;
  return waits ? std::optional<TimePoint>(sample_.start) : std::nullopt;
}

void User::GiveUp() {
  const bool connected = state_ == State::kAwaiting;
  connection_.Close();
  sample_.outcome = Outcome::kTimeout;
  Report(connected ? context_.no_answer_text : context_.no_connection_text);
  Continue(context_.scenario.wait);
}

void User::Next(TimePoint now) {
  const bool can_send = connection_.CanSend();  // may still speak of the last request
  sample_ = Sample();
  sample_.task = picker_.Next();
  sample_.intended_start = now;
  sample_.start = now;
  if (can_send) {
    Send();
    return;
  }
  state_ = State::kConnecting;
  if (const Status opened = connection_.Open(); !opened) {
    OnFailure(Outcome::kConnect, NoSocketText(opened.error().message));
  }
}

void User::OnOpen() {
  Send();
}

void User::Send() {
  RequestTemplate& request = context_.templates[sample_.task];
  const TaskSpec& task = context_.scenario.tasks[sample_.task];
  id_ = request.unique() || task.writes ? context_.ledger.Issue() : 0;
  state_ = State::kAwaiting;
  connection_.Send(request.BytesFor(id_), task.method);
}

void User::OnAnswer(const Message& answer, std::uint64_t body_bytes) {
  dead_connections_ = 0;
  sample_.status = answer.status();
  sample_.body_bytes = body_bytes;
  Settle(answer);
  if (answer.status() < 400) {
    Report(std::string());
  } else {
    sample_.outcome = Outcome::kErrorStatus;
    sample_.cause = SqliteCause(answer.body());
    Report(HttpErrorText(answer, context_.scenario.tasks[sample_.task].name));
  }
  Continue(context_.scenario.wait);
}

void User::OnFailure(Outcome outcome, const std::string& error) {
  sample_.outcome = outcome;
  Report(error);
  ++dead_connections_;
  BackOff();
}

// A second answer to the last request, whatever it is: it counts beside the first one.
void User::OnUnasked() {
  sample_.outcome = Outcome::kUnasked;
  Report(UnaskedText());
}

void User::Settle(const Message& answer) {
  if (id_ == 0) {
    return;
  }
  using Fate = AckLedger::Fate;
  const bool accepted = answer.status() >= 200 && answer.status() < 300;
  const TaskSpec& task = context_.scenario.tasks[sample_.task];
  const bool inserts = task.writes && task.effect == Effect::kInsert;
  const Fate fate = accepted ? Fate::kAcknowledged : Fate::kFailed;
  context_.ledger.Settle(id_, inserts ? fate : Fate::kNoWrite);
}

void User::Report(const std::string& error) {
  sample_.end = Clock::now();
  context_.observer->OnSample(sample_, error);
}

void User::Continue(Duration pause) {
  if (finishing_) {
    End();
  } else if (pause > Duration::zero()) {
    state_ = State::kPausing;
    pause_.Start(pause);
  } else {
    Next(sample_.end);
  }
}

void User::BackOff() {
  const Duration pause = PauseAfter(dead_connections_, context_.longest_pause);
  if (finishing_) {
    End();
    return;
  }
  state_ = State::kBackingOff;  // through the loop even without a pause, or this could recurse
  paused_since_ = sample_.end;
  pause_.Start(pause);
}

void User::EndPause() {
  const TimePoint now = Clock::now();
  if (state_ == State::kBackingOff) {
    context_.observer->OnPaused(paused_since_, now);
  }
  Next(now);
}

void User::End() {
  if (state_ == State::kBackingOff) {
    context_.observer->OnPaused(paused_since_, Clock::now());
  }
  state_ = State::kDone;
  pause_.Stop();
  connection_.Close();
  context_.observer->OnUserDone();
}

}  // namespace sqlicorn::loadgen
