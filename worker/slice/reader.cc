// SPDX-License-Identifier: MIT
#include "worker/slice/reader.h"

#include <chrono>
#include <utility>

namespace sqlicorn {
namespace {

// Between two looks at a lock that another connection has.
constexpr std::int64_t kNapUs = 1000;

std::int64_t ToUs(Duration duration) {
  return duration / std::chrono::microseconds(1);
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::Make(std::unique_ptr<Connection> connection,
                                             const ServerConfig& config, const Options& options) {
  auto plans = PlanSet::Compile(*connection, config, Unprepared::kWhenAsked);
  if (!plans) {
    return plans.error();
  }
  auto fiber = Fiber::Make();
  if (!fiber) {
    return fiber.error();
  }
  return std::unique_ptr<Reader>(
      new Reader({std::move(connection), std::move(*plans), std::move(*fiber)}, options));
}

Reader::Reader(Parts parts, const Options& options)
    : options_(options),
      connection_(std::move(parts.connection)),
      plans_(std::move(parts.plans)),
      fiber_(std::move(parts.fiber)) {
  connection_->OnProgress([this] { return OnProgress(); });
  connection_->WaitBy([this](int calls_before) { return OnLocked(calls_before); });
}

void Reader::Wake(std::int64_t now_us) {
  if (state_ == State::kAsleep && now_us >= wake_us_) {
    state_ = State::kReady;
  }
}

void Reader::Take(LongRead& read) {
  CHECK(state_ == State::kIdle);
  read_ = &read;
  verdict_.reset();
  interrupted_ = false;
  state_ = State::kReady;
}

void Reader::EndWith(Outcome instead) {
  verdict_ = std::move(instead);
  state_ = State::kReady;
}

bool Reader::RunSlice() {
  if (fiber_->at_rest() && verdict_) {  // it has not begun
    state_ = State::kIdle;
    idle_since_us_ = MonotonicUs();
    return true;
  }
  state_ = State::kReady;
  read_->BeginSlice();
  slice_end_us_ = MonotonicUs() + ToUs(options_.slice);
  if (fiber_->at_rest()) {
    fiber_->Run([this] { read_->RunInSlices(*this); });
  } else {
    fiber_->Resume();
  }
  read_->EndSlice();
  if (!fiber_->at_rest()) {
    return false;
  }
  state_ = State::kIdle;
  holds_memory_ = true;
  idle_since_us_ = MonotonicUs();
  return true;
}

// With a verdict nothing suspends the fiber any more, so that one slice is enough.
void Reader::Drop() {
  if (state_ != State::kIdle) {
    EndWith({OutcomeKind::kFailed, SqlStatus::Interrupted("interrupted")});
    CHECK(RunSlice());
  }
  static_cast<void>(Release());
}

std::optional<Outcome> Reader::Release() {
  CHECK(state_ == State::kIdle);
  read_ = nullptr;
  return std::exchange(verdict_, {});
}

bool Reader::Hold() {
  if (!verdict_) {
    state_ = State::kHeld;
    held_us_ = MonotonicUs();
    fiber_->Suspend();
  }
  return !HasHeardVerdict();
}

void Reader::GoOn() {
  CHECK(state_ == State::kHeld);
  state_ = State::kReady;
  if (read_->deadline_us != RunLimit::kNever) {
    read_->deadline_us += MonotonicUs() - held_us_;
  }
}

void Reader::ReleaseMemory(std::int64_t since_us) {
  if (state_ == State::kHeld || (holds_memory() && idle_since_us_ <= since_us)) {
    connection_->ReleaseMemory();
    holds_memory_ = false;
  }
}

// A verdict is told once: what comes after it is the end of the transaction.
bool Reader::OnProgress() {
  if (!verdict_ && !fiber_->at_rest() && MonotonicUs() >= slice_end_us_) {
    fiber_->Suspend();
  }
  return verdict_ && !std::exchange(interrupted_, true);
}

// Not a wait inside SQLite: whoever has the lock may be a connection of this very worker.
bool Reader::OnLocked(int calls_before) {
  if (fiber_->at_rest() || HasHeardVerdict()) {
    return false;
  }
  const std::int64_t now_us = MonotonicUs();
  if (calls_before == 0) {
    patience_us_ = now_us + ToUs(options_.patience);
  }
  if (now_us >= patience_us_) {
    return false;
  }
  state_ = State::kAsleep;
  wake_us_ = now_us + kNapUs;
  fiber_->Suspend();
  return !HasHeardVerdict();
}

bool Reader::HasHeardVerdict() {
  interrupted_ = interrupted_ || verdict_;
  return interrupted_;
}

}  // namespace sqlicorn
