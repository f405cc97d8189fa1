// SPDX-License-Identifier: MIT
#include "worker/slice/long_reads.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sqlicorn {
namespace {

using State = Reader::State;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Duration kTick = milliseconds(20);  // a look at who waits and what is kept
constexpr Duration kNap = milliseconds(1);    // of whoever waits for a lock
constexpr std::int64_t kOpenAgainUs = 50000;
constexpr std::int64_t kKeptUs = 1000000;   // for so long an idle reader keeps its cache
constexpr std::size_t kReadersForEach = 8;  // that may run: most of them held by slow clients
constexpr int kCannotOpen = 14;             // SQLITE_CANTOPEN

}  // namespace

LongReads::LongReads(Parts parts, const Options& options)
    : parts_(std::move(parts)),
      options_(options),
      more_(parts_.loop, [] {}),
      wake_(parts_.loop, [this] { OnWake(); }),
      tick_(parts_.loop, [this] { OnTick(); }) {}

LongReads::~LongReads() {
  Stop();
}

void LongReads::Submit(LongRead& read) {
  read.deadline_us = read.limit.After(MonotonicUs());
  line_.push_back(&read);
  StartWhoIsNext();
  Arm();
}

void LongReads::Withdraw(LongRead& read) {
  std::erase(line_, &read);
  for (const auto& reader : readers_) {
    if (reader->read() == &read) {
      reader->Drop();
    }
  }
  StartWhoIsNext();
  Arm();
}

void LongReads::Stop() {
  line_.clear();
  for (const auto& reader : readers_) {
    reader->Drop();
  }
  readers_.clear();
  Arm();
}

std::size_t LongReads::size() const {
  return line_.size() + CountIn({State::kReady, State::kAsleep, State::kHeld});
}

std::size_t LongReads::CountIn(std::initializer_list<State> states) const {
  const auto count = std::count_if(readers_.begin(), readers_.end(), [&states](const auto& reader) {
    return std::find(states.begin(), states.end(), reader->state()) != states.end();
  });
  return static_cast<std::size_t>(count);
}

void LongReads::GoOn(LongRead& read) {
  for (const auto& reader : readers_) {
    if (reader->read() == &read && reader->state() == State::kHeld) {
      reader->GoOn();
    }
  }
  Arm();
}

// One slice a round, whoever's it is: what else there is to serve waits for no more than that. What
// a slice brings, an answer and the next request of its client, is for the next round.
void LongReads::OnRoundEnd() {
  Reader* const reader = NextReady();
  if (reader == nullptr) {
    more_.Stop();
    return;
  }
  RunSlice(*reader);
  StartWhoIsNext();
  Arm();
}

void LongReads::OnWake() {
  const std::int64_t now_us = MonotonicUs();
  for (const auto& reader : readers_) {
    reader->Wake(now_us);
  }
  Arm();
}

void LongReads::OnTick() {
  EndLate();
  ReleaseIdle();
  StartWhoIsNext();
  Arm();
}

Reader* LongReads::NextReady() {
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    Reader& reader = *readers_[next_++ % readers_.size()];
    if (reader.state() == State::kReady) {
      return &reader;
    }
  }
  return nullptr;
}

std::optional<Outcome> LongReads::VerdictOn(const LongRead& read, std::int64_t now_us,
                                            Outcome (*late)(const TimeLimit&)) const {
  if (const SqlStatus& place = parts_.main.place().last(); !place.ok()) {
    return Outcome{OutcomeKind::kFailed, place};
  }
  if (now_us >= read.deadline_us) {
    return late(read.limit);
  }
  return std::nullopt;
}

// To end a read may submit the next one of its connection.
void LongReads::RunSlice(Reader& reader) {
  LongRead& read = *reader.read();
  if (auto verdict = VerdictOn(read, MonotonicUs(), &TookTooLong)) {
    reader.EndWith(*std::move(verdict));
  }
  if (reader.RunSlice()) {
    read.End(reader.Release());
  } else if (reader.state() == State::kHeld) {
    read.OnHeld();
    if (reader.state() == State::kHeld) {
      reader.ReleaseMemory(0);  // a slow client may be slow for long
    }
  }
}

void LongReads::EndLate() {
  const std::int64_t now_us = MonotonicUs();
  const bool hopeless = readers_.empty() && !refusal_.empty() &&
                        now_us - refused_since_us_ >= options_.patience / microseconds(1);
  const SqlStatus refusal(kCannotOpen, hopeless ? refusal_ : "");
  // Looked for anew after each, whose end may bring another.
  for (std::size_t i = 0; i < line_.size();) {
    LongRead& read = *line_[i];
    auto verdict =
        hopeless ? Outcome{OutcomeKind::kFailed, refusal} : VerdictOn(read, now_us, &NoReaderCame);
    if (!verdict) {
      ++i;
      continue;
    }
    std::erase(line_, &read);
    read.End(std::move(verdict));
  }
}

void LongReads::StartWhoIsNext() {
  while (!line_.empty()) {
    Reader* const reader = FreeReader();
    if (reader == nullptr) {
      return;
    }
    LongRead& read = *line_.front();
    line_.pop_front();
    read.deadline_us = read.limit.After(MonotonicUs());
    reader->Take(read);
  }
}

Reader* LongReads::FreeReader() {
  if (CountIn({State::kReady, State::kAsleep}) >= options_.most) {
    return nullptr;
  }
  for (const auto& reader : readers_) {
    if (reader->state() == State::kIdle) {
      return reader.get();
    }
  }
  return readers_.size() < options_.most * kReadersForEach ? OpenReader() : nullptr;
}

// What keeps one from being opened may be a lock that is held for a moment: it is tried again at
// some ticks, and meanwhile those that wait go on waiting.
Reader* LongReads::OpenReader() {
  const std::int64_t now_us = MonotonicUs();
  if (now_us < open_from_us_) {
    return nullptr;
  }
  auto connection = parts_.open();
  auto made = connection ? Reader::Make(std::move(*connection), parts_.config,
                                        {options_.slice, options_.patience})
                         : Result<std::unique_ptr<Reader>>(connection.error());
  if (made) {
    refusal_.clear();
    return readers_.emplace_back(std::move(*made)).get();
  }
  if (refusal_.empty()) {
    refused_since_us_ = now_us;
  }
  refusal_ = made.error().message;
  open_from_us_ = now_us + kOpenAgainUs;
  return nullptr;
}

void LongReads::ReleaseIdle() {
  const std::int64_t now_us = MonotonicUs();
  for (const auto& reader : readers_) {
    reader->ReleaseMemory(now_us - kKeptUs);
  }
}

// A timer is needed only while there is somebody that nothing else would come back to.
void LongReads::Arm() {
  bool asleep = false;
  bool kept = false;
  for (const auto& reader : readers_) {
    if (reader->state() == State::kReady) {
      more_.Start();
    }
    asleep = asleep || reader->state() == State::kAsleep;
    kept = kept || reader->holds_memory();
  }
  if (asleep && !wake_.active()) {
    wake_.Start(kNap);
  }
  if ((!line_.empty() || kept) && !tick_.active()) {
    tick_.Start(kTick);
  }
}

}  // namespace sqlicorn
