// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "common/config/server_config.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/slice/reader.h"
#include "worker/slice/reader_pool.h"

namespace sqlicorn {

// The reads of a worker that take longer than a slice of its loop. A bounded number of them runs,
// each on a reader of its own, a slice in each round of the loop in turn; those beyond wait in
// line. Those that are held for their clients do not run. Whoever is at the end of their time is
// ended, in line or not; who waits in line does not use up the time to run.
class LongReads {
 public:
  struct Options {
    std::size_t most;  // that run
    Duration slice;
    Duration patience;  // for a lock
    // A read may wait for its client, who is slow, with its snapshot: nobody else does for that.
    bool may_hold = false;
  };

  // All outlive it.
  struct Parts {
    Loop& loop;
    const ServerConfig& config;
    Connection& main;       // the worker's: what becomes of its files becomes of all
    ReaderPool::Open open;  // one more connection, to read on
  };

  LongReads(Parts parts, const Options& options);
  ~LongReads();
  LongReads(const LongReads&) = delete;
  LongReads& operator=(const LongReads&) = delete;

  // Ends with read.End, in a later round of the loop, unless it is withdrawn.
  void Submit(LongRead& read);

  // Nobody waits for it any more: what runs of it ends now.
  void Withdraw(LongRead& read);

  // What it was held for has been done. Else it has no effect.
  void GoOn(LongRead& read);

  [[nodiscard]] bool may_hold() const { return options_.may_hold; }

  // Called once per round of the loop, before it sleeps and when all else of the round is done: a
  // slice of one of them.
  void OnRoundEnd();

  // Forgets all of them and closes their connections.
  void Stop();

  // Closes the connections that nobody has read on for long. Call it now and then.
  void CloseUnused(std::int64_t now_us) { pool_.CloseUnused(now_us); }

  // What there is to tell of them.
  struct Tally {
    std::size_t running = 0;    // now
    std::size_t held = 0;       // for their clients, now
    std::size_t waiting = 0;    // in line, now
    std::uint64_t begun = 0;    // ever: from the line to a connection
    std::uint64_t dropped = 0;  // ever: GivesUpItsPlace
  };

  [[nodiscard]] Tally tally() const;

  // That run or wait in line.
  [[nodiscard]] std::size_t size() const;

 private:
  void OnTick();
  void OnWake();
  void StartWhoIsNext();
  [[nodiscard]] std::size_t CountRunning() const;
  [[nodiscard]] Reader* NextReady();
  // Null when none is held.
  [[nodiscard]] Reader* MostSilent() const;
  void MakePlace();
  void RunSlice(Reader& reader);
  // What ends a read whatever its statements do; `late` if its time is over.
  [[nodiscard]] std::optional<Outcome> VerdictOn(const LongRead& read, std::int64_t now_us,
                                                 Outcome (*late)(const TimeLimit&)) const;
  void EndLate();
  void Arm();

  const Parts parts_;
  const Options options_;
  BusyHook more_;  // somebody is ready, or was: the loop must not sleep
  Timer wake_;     // somebody is asleep
  Timer tick_;     // somebody is in line, or something is kept
  std::deque<LongRead*> line_;
  ReaderPool pool_;
  std::size_t next_ = 0;  // in it, whose slice is next
  std::uint64_t begun_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sqlicorn
