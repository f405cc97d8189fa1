// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"
#include "common/ipc/scoreboard.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn {

// Accepts connections from the listening sockets that all workers share, a few in a round of the
// loop, standing back for a moment while this worker holds more than its share (StandBackTime).
class Acceptor {
 public:
  struct Options {
    std::vector<int> listeners;  // not owned
    std::span<const WorkerSlot> slots;
    std::size_t self;
    std::size_t max_connections;
  };

  Acceptor(Loop& loop, Options options, std::function<void(UniqueFd)> on_socket);

  void Start();

  // Call when a connection ended: below the limit accepting goes on.
  void OnConnectionClosed();

  // Accepts what is queued already, then leaves the sockets for good.
  void Finish();

 private:
  enum class Listening { kOn, kPaused, kFinished };

  // A connection that waits here is left to the other workers.
  struct Yielded {
    int listener;
    TimePoint since;
  };

  void OnReadable(int listener);
  void OnPauseEnd();
  [[nodiscard]] Duration StandBack() const;
  void Pause(Duration pause);
  void Resume();
  [[nodiscard]] bool Full() const;
  // False when nothing could be accepted.
  bool AcceptOne(int listener);

  Options options_;
  std::function<void(UniqueFd)> on_socket_;
  std::vector<std::unique_ptr<PollWatcher>> watchers_;
  Timer resume_;
  Listening listening_ = Listening::kPaused;
  std::optional<Yielded> yielded_;
};

// A worker that has not beaten for so long is hung or held by SQLite: nobody waits for it. Workers
// beat every quarter of a second.
inline constexpr std::int64_t kAbsentAfterUs = 600'000;

// How long worker `self` lets the others try first when a connection waits. All workers listen on
// the same socket and the kernel wakes whoever it likes; without this the fastest takes most. A
// millisecond for every connection it holds above the mean of the workers that can accept, at most
// five: a worker that has long been without the processor still gets its share, and one that cannot
// accept costs the clients of the others no more than that.
[[nodiscard]] Duration StandBackTime(std::span<const WorkerSlot> slots, std::size_t self,
                                     std::int64_t now_us);

}  // namespace sqlicorn
