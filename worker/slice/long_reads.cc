// SPDX-License-Identifier: MIT
#include "worker/slice/long_reads.h"

#include <chrono>
#include <utility>

#include "worker/slice/held_place.h"

namespace sqlicorn {
namespace {

using State = Reader::State;
using std::chrono::milliseconds;

constexpr Duration kTick = milliseconds(20);  // a look at who waits and what is kept
constexpr Duration kNap = milliseconds(1);    // of whoever waits for a lock
constexpr std::size_t kReadersForEach = 8;    // that may run: most of them held by slow clients
constexpr int kCannotOpen = 14;               // SQLITE_CANTOPEN

}  // namespace

LongReads::LongReads(Parts parts, const Options& options)
    : parts_(std::move(parts)),
      options_(options),
      more_(parts_.loop, [] {}),
      wake_(parts_.loop, [this] { OnWake(); }),
      tick_(parts_.loop, [this] { OnTick(); }),
      pool_(parts_.config, parts_.open,
            {options.most * kReadersForEach, {options.slice, options.patience}}) {}

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
  if (Reader* const reader = pool_.Of(read)) {
    reader->Drop();
  }
  StartWhoIsNext();
  Arm();
}

void LongReads::Stop() {
  line_.clear();
  pool_.Clear();
  Arm();
}

std::size_t LongReads::size() const {
  return line_.size() + CountRunning() + pool_.CountIn({State::kHeld});
}

std::size_t LongReads::CountRunning() const {
  return pool_.CountIn({State::kReady, State::kAsleep});
}

LongReads::Tally LongReads::tally() const {
  return {CountRunning(), pool_.CountIn({State::kHeld}), line_.size(), begun_, dropped_};
}

void LongReads::GoOn(LongRead& read) {
  if (Reader* const reader = pool_.Of(read); reader && reader->state() == State::kHeld) {
    reader->GoOn();
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
  for (const auto& reader : pool_.all()) {
    reader->Wake(now_us);
  }
  Arm();
}

void LongReads::OnTick() {
  EndLate();
  MakePlace();
  pool_.ReleaseIdle(MonotonicUs());
  StartWhoIsNext();
  Arm();
}

Reader* LongReads::NextReady() {
  const auto& readers = pool_.all();
  for (std::size_t i = 0; i < readers.size(); ++i) {
    Reader& reader = *readers[next_++ % readers.size()];
    if (reader.state() == State::kReady) {
      return &reader;
    }
  }
  return nullptr;
}

Reader* LongReads::MostSilent() const {
  Reader* silent = nullptr;
  for (const auto& reader : pool_.all()) {
    const bool held = reader->state() == State::kHeld;
    if (held && (!silent || reader->silent_since_us() < silent->silent_since_us())) {
      silent = reader.get();
    }
  }
  return silent;
}

// One a tick, which has made its place when the next one looks.
void LongReads::MakePlace() {
  Reader* const silent = line_.empty() ? nullptr : MostSilent();
  if (silent == nullptr) {
    return;
  }
  const PlaceFacts facts = {.waiting = line_.size(),
                            .running = CountRunning(),
                            .most = options_.most,
                            .room = pool_.HasRoom(),
                            .silent_us = MonotonicUs() - silent->silent_since_us()};
  if (GivesUpItsPlace(facts)) {
    silent->EndWith(GaveUpItsPlace());
    ++dropped_;
  }
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
  auto verdict = VerdictOn(read, MonotonicUs(), &TookTooLong);
  if (verdict && !reader.told_to_end()) {
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
  const std::string none = pool_.WhyNone(now_us, options_.patience);
  const bool hopeless = !none.empty();
  const SqlStatus refusal(kCannotOpen, none);
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
  while (!line_.empty() && CountRunning() < options_.most) {
    const std::int64_t now_us = MonotonicUs();
    Reader* const reader = pool_.Find(now_us);
    if (reader == nullptr) {
      return;
    }
    LongRead& read = *line_.front();
    line_.pop_front();
    read.deadline_us = read.limit.After(now_us);
    reader->Take(read);
    ++begun_;
  }
}

// A timer is needed only while there is somebody that nothing else would come back to.
void LongReads::Arm() {
  bool asleep = false;
  bool kept = false;
  for (const auto& reader : pool_.all()) {
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
