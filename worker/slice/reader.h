// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/plan/outcome.h"
#include "worker/plan/plan_set.h"
#include "worker/slice/fiber.h"
#include "worker/slice/run_limit.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

class Reader;

// A read that is executed a slice at a time, from its beginning to its end, as this room sees it.
class LongRead {
 public:
  virtual ~LongRead() = default;

  // Runs its plan of the reader's and keeps the outcome. On a fiber, which is suspended wherever a
  // slice is over: it calls nobody who might end a read.
  virtual void RunInSlices(Reader& reader) = 0;

  // Around each slice, on the loop's own stack.
  virtual void BeginSlice() = 0;
  virtual void EndSlice() = 0;

  // It has called Reader::Hold, and takes what it is held for; on the loop's own stack, from where
  // it may end and be withdrawn.
  virtual void OnHeld() = 0;

  // The last call, on the loop's own stack: the outcome is final, or `instead` is.
  virtual void End(std::optional<Outcome> instead) = 0;

  // Set before it is submitted: for how long it may run, and for how long wait in line before.
  TimeLimit limit;
  // Of whoever sends its rows: when its client took some of them last.
  std::int64_t taken_us = 0;
  // Of LongReads: when the wait under way, or the run, is over.
  std::int64_t deadline_us = RunLimit::kNever;
};

// A connection to read on, with plans compiled on it when they are first wanted, and the fiber that
// executes one long read at a time. Decides nothing about who is next.
class Reader {
 public:
  // idle -> ready <-> asleep, ready <-> held, ready -> idle
  enum class State {
    kIdle,
    kReady,   // its read may have a slice
    kAsleep,  // another connection has a lock: until Wake
    kHeld,    // its read waits for its client: until GoOn
  };

  struct Options {
    Duration slice;
    Duration patience;  // for a lock
  };

  // `config` outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Reader>> Make(std::unique_ptr<Connection> connection,
                                                            const ServerConfig& config,
                                                            const Options& options);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] State state() const { return state_; }

  [[nodiscard]] LongRead* read() const { return read_; }

  // Whether it sleeps no longer.
  void Wake(std::int64_t now_us);

  // For the read, on its fiber: suspends it until GoOn. False when it is to end.
  [[nodiscard]] bool Hold();

  [[nodiscard]] PlanSet& plans() { return *plans_; }

  // The time in which it was held does not count. REQUIRES: held.
  void GoOn();

  // REQUIRES: idle.
  void Take(LongRead& read);

  // What becomes of its read, which ends in the next slice, instead of its own outcome.
  void EndWith(Outcome instead);

  [[nodiscard]] bool told_to_end() const { return verdict_.has_value(); }

  // Executes its read until the slice is over. True when the read is over and the reader idle.
  // REQUIRES: a read.
  [[nodiscard]] bool RunSlice();

  // Ends the read, if there is one, now and forgets it.
  void Drop();

  // Forgets a read that is over; what EndWith has said of it. REQUIRES: idle.
  std::optional<Outcome> Release();

  // What it has cached is dropped, if it has been idle since then or is held.
  void ReleaseMemory(std::int64_t since_us);

  // Its client has taken nothing since then. REQUIRES: held.
  [[nodiscard]] std::int64_t silent_since_us() const { return std::max(held_us_, read_->taken_us); }

  // It has had no read since then; kNever when it has one.
  [[nodiscard]] std::int64_t idle_since_us() const {
    return state_ == State::kIdle ? idle_since_us_ : RunLimit::kNever;
  }

  [[nodiscard]] bool holds_memory() const { return state_ == State::kIdle && holds_memory_; }

 private:
  struct Parts {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<PlanSet> plans;
    std::unique_ptr<Fiber> fiber;
  };

  Reader(Parts parts, const Options& options);

  bool OnProgress();
  bool OnLocked(int calls_before);
  // There is one, and from now on it is known to whoever runs on the fiber.
  bool HasHeardVerdict();

  const Options options_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<PlanSet> plans_;
  std::unique_ptr<Fiber> fiber_;
  State state_ = State::kIdle;
  LongRead* read_ = nullptr;
  std::optional<Outcome> verdict_;
  bool interrupted_ = false;  // whoever runs on the fiber has been told the verdict
  bool holds_memory_ = false;
  std::int64_t slice_end_us_ = 0;
  std::int64_t held_us_ = 0;      // kHeld, since when
  std::int64_t wake_us_ = 0;      // kAsleep
  std::int64_t patience_us_ = 0;  // of the wait for a lock under way
  std::int64_t idle_since_us_ = 0;
};

}  // namespace sqlicorn
