// SPDX-License-Identifier: MIT
#include "loadgen/run/user.h"

#include <algorithm>

#include "loadgen/run/failure_text.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

// Keeps the draws of pauses apart from those of tasks, which have the user's number as stream.
constexpr std::uint64_t kPauseStreams = std::uint64_t{1} << 33U;

Duration PauseAfter(int dead_connections, Duration longest) {
  return std::min<Duration>(longest, milliseconds(10) * (1 << std::min(dead_connections - 1, 16)));
}

}  // namespace

User::User(UserContext& context, std::uint32_t number, std::size_t kind)
    : context_(context),
      kind_(context.kinds[kind]),
      cursor_(kind_, context.seed, number),
      random_(context.seed, kPauseStreams + number),
      session_(context.sessions
                   ? std::make_unique<UserSession>(context.values, kind_, context.seed, number)
                   : nullptr),
      connection_(context.loop, context.addresses, context.parsers, this) {}

void User::Start() {
  connection_.MeasureLag(context_.lag);
  if (context_.dispatcher != nullptr) {
    BecomeFree();
    return;
  }
  const TimePoint now = Clock::now();
  Next(now, now, After::kPause);
}

void User::SendDue(TimePoint due, TimePoint now) {
  Next(due, now, After::kPause);
}

void User::BecomeFree() {
  state_ = State::kFree;
  context_.dispatcher->Free(this);
}

void User::Finish() {
  if (done()) {
    return;  // a replay ends its users before the run does
  }
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
  sample_.end = Clock::now();
  sample_.outcome = Outcome::kTimeout;
  cursor_.Fail();
  Report(connected ? context_.no_answer_text : context_.no_connection_text);
  Continue(Pause());
}

void User::Next(TimePoint intended, TimePoint now, After after) {
  const bool can_send = connection_.CanSend(after);  // may still speak of the last request
  sample_ = Sample();
  sample_.intended_start = intended;
  sample_.start = now;
  if (context_.replay.replays()) {
    if (!TakeLine(now)) {
      return;
    }
  } else {
    sample_.task = cursor_.Next();
    if (cursor_.begins()) {
      BeginTask(now);
    }
  }
  if (can_send) {
    Send();
  } else {
    Connect();
  }
}

void User::Connect() {
  state_ = State::kConnecting;
  if (const Status opened = connection_.Open(); !opened) {
    OnFailure(Outcome::kConnect, NoSocketText(opened.error().message));
  }
}

void User::BeginTask(TimePoint now) {
  began_ = now;
  if (session_) {
    session_->BeginTask();
  }
}

bool User::TakeLine(TimePoint now) {
  ReplayCursor& replay = context_.replay;
  line_ = line_ != nullptr ? line_ : replay.Take();
  if (line_ == nullptr) {
    End();
    return false;
  }
  const TimePoint due = replay.DueAt(*line_);
  if (due > now) {
    state_ = State::kPausing;
    context_.alarms.Wake(this, due - now);
    return false;
  }
  replay.NoteSent(*line_, now);
  BeginTask(now);
  session_->Put(replay.query_value(), line_->query);
  sample_.task = line_->task;
  sample_.intended_start = due;
  line_ = nullptr;
  return true;
}

void User::OnOpen() {
  Send();
}

void User::Send() {
  RequestTemplate& request = context_.templates[sample_.task];
  id_ = request.unique() || task().writes ? context_.ledger.Issue() : 0;
  state_ = State::kAwaiting;
  if (!connection_.Send(session_ ? session_->Fill(request, id_) : request.BytesFor(id_),
                        task().method)) {
    OnNotTaken();
  }
}

void User::OnAnswer(const Message& answer, std::uint64_t body_bytes) {
  sample_.end = Clock::now();
  dead_connections_ = 0;
  sample_.status = answer.status();
  sample_.body_bytes = body_bytes;
  const std::string error = Judge(answer, body_bytes);
  if (sample_.outcome != Outcome::kOk) {
    cursor_.Fail();
  }
  Settle(answer);
  Report(error);
  Continue(Pause());
}

void User::OnFailure(Outcome outcome, const std::string& error) {
  sample_.end = Clock::now();
  sample_.outcome = outcome;
  cursor_.Fail();
  Report(error);
  ++dead_connections_;
  BackOff();
}

// As if somebody had looked: the same request on a new connection, its time goes on.
void User::OnNotTaken() {
  if (finishing_) {
    End();
  } else {
    Connect();
  }
}

// A second answer to the last request, whatever it is: it counts beside the first one.
void User::OnUnasked() {
  sample_.end = Clock::now();
  sample_.outcome = Outcome::kUnasked;
  Report(UnaskedText());
}

std::string User::Judge(const Message& answer, std::uint64_t body_bytes) {
  if (session_) {
    session_->KeepCookies(answer);
  }
  if (answer.status() >= 400 && !task().expect.Takes(answer.status())) {
    sample_.outcome = Outcome::kErrorStatus;
    sample_.cause = SqliteCause(answer.body());
    return HttpErrorText(answer, task().name);
  }
  if (!session_ && answer.status() < 400 && task().expect.empty()) {
    return "";  // as nearly always
  }
  std::string wrong = JudgeAnswer(task().expect, answer, body_bytes);
  if (wrong.empty() && session_) {
    wrong = session_->Take(task(), answer, body_bytes);
  }
  sample_.outcome = wrong.empty() ? Outcome::kOk : Outcome::kUnexpected;
  return wrong;
}

// A status that the scenario names acknowledges a write as 2xx does elsewhere: a redirection to
// what was written is usual.
void User::Settle(const Message& answer) {
  if (id_ == 0) {
    return;
  }
  using Fate = AckLedger::Fate;
  const int below = task().expect.statuses.empty() ? 300 : 400;
  const bool accepted =
      sample_.outcome == Outcome::kOk && answer.status() >= 200 && answer.status() < below;
  const bool inserts = task().writes && task().effect == Effect::kInsert;
  const Fate fate = accepted ? Fate::kAcknowledged : Fate::kFailed;
  context_.ledger.Settle(id_, inserts ? fate : Fate::kNoWrite);
}

void User::Report(const std::string& error) {
  context_.observer->OnSample(sample_, error);
}

Duration User::Pause() {
  if (context_.replay.replays()) {
    return Duration::zero();  // its times are the log's
  }
  if (task().wait) {
    return PauseAfter(*task().wait, began_, sample_.end, random_);
  }
  return cursor_.pauses() ? PauseAfter(kind_.wait, began_, sample_.end, random_) : Duration::zero();
}

void User::Continue(Duration pause) {
  if (finishing_) {
    End();
  } else if (context_.dispatcher != nullptr) {
    BecomeFree();
  } else if (pause > Duration::zero()) {
    state_ = State::kPausing;
    context_.alarms.Wake(this, pause);
  } else {
    Next(sample_.end, sample_.end, After::kAnswer);
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
  context_.alarms.Wake(this, pause);
}

void User::OnWake() {
  const TimePoint now = Clock::now();
  if (state_ == State::kBackingOff) {
    context_.observer->OnPaused(paused_since_, now);
  }
  if (context_.dispatcher != nullptr) {
    BecomeFree();
  } else {
    Next(now, now, After::kPause);
  }
}

void User::End() {
  if (state_ == State::kBackingOff) {
    context_.observer->OnPaused(paused_since_, Clock::now());
  }
  if (state_ == State::kFree) {
    context_.dispatcher->Forget(this);
  }
  state_ = State::kDone;
  context_.alarms.Forget(this);
  connection_.Close();
  context_.observer->OnUserDone();
}

}  // namespace sqlicorn::loadgen
