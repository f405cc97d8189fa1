// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <map>
#include <thread>

#include "common/base/clock.h"
#include "tests/integration/writers.h"
#include "tests/support/server_process.h"

namespace sqlicorn {

// The promise; sanitizers make the start of a worker ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr Duration kLongestStall = std::chrono::seconds(20);
#else
constexpr Duration kLongestStall = std::chrono::milliseconds(300);
#endif

// Measures the longest time in which no write of the whole server was acknowledged, while clients
// that do nothing but write are waiting. A thread of its own looks every millisecond. Of a gap it
// does not count the time for which a thread of the server or of the clients was ready to run and
// had no processor, as the kernel tells: on a machine with other things to do that is no stall of
// the server. A server that waits for a lock, a timer or a dead process has no such time, and on a
// machine of its own next to nothing is taken off.
class StallWatch {
 public:
  // Both outlive the watch.
  StallWatch(const Writers& writers, const ServerProcess& server);
  ~StallWatch();
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  // Ends the measurement.
  Duration Longest();

  // The longest gap with all that was in it. Valid after Longest.
  [[nodiscard]] Duration longest_in_all() const { return longest_in_all_; }

 private:
  using Delays = std::map<pid_t, Duration>;

  void Run();
  void EndGap(Duration gap);
  [[nodiscard]] Delays ReadDelays() const;

  const Writers& writers_;
  const ServerProcess& server_;
  std::atomic<bool> stop_ = false;
  Delays at_start_;  // of the present gap, once it is long
  Duration longest_{};
  Duration longest_in_all_{};
  std::thread thread_;
};

}  // namespace sqlicorn
