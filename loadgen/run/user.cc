// SPDX-License-Identifier: MIT
#include "loadgen/run/user.h"

#include <algorithm>

#include "loadgen/run/failure_text.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

Duration BackOff(int dead_connections) {
  return std::min<Duration>(std::chrono::seconds(1),
                            milliseconds(10) * (1 << std::min(dead_connections - 1, 7)));
}

}  // namespace

User::User(UserContext& context, std::uint32_t number)
    : context_(context),
      picker_(context.scenario.tasks, context.seed, number),
      connection_(context.loop, context.addresses, this),
      pause_(context.loop, [this] { Next(Clock::now()); }) {}

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

void User::Next(TimePoint now) {
  sample_ = Sample();
  sample_.task = picker_.Next();
  sample_.intended_start = now;
  sample_.start = now;
  if (connection_.CanSend()) {
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
  Continue(BackOff(dead_connections_));
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

void User::End() {
  state_ = State::kDone;
  pause_.Stop();
  connection_.Close();
  context_.observer->OnUserDone();
}

}  // namespace sqlicorn::loadgen
