// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "master/fleet/server_status.h"

namespace sqlicorn {

// Decides what the service manager is told and when (sd_notify(3)); sends nothing.
//
//   starting -a worker can serve: READY-> serving -a reload began: RELOADING-> reloading
//   reloading -it is done or abandoned: READY-> serving
//   any -the server stops: STOPPING, or MAINPID when another master takes over-> stopping
//
// STATUS follows the worker counts, at most four times a second. WATCHDOG=1 goes out at half of its
// interval while some worker can serve, so that a server whose workers are all hung or cannot start
// is restarted by the manager; also while stopping, which the master itself brings to an end.
class ServiceReport {
 public:
  static constexpr Duration kStatusPause = std::chrono::milliseconds(250);

  // Without an interval there is no watchdog.
  explicit ServiceReport(std::optional<Duration> watchdog) : watchdog_(watchdog) {}

  // The datagrams that are due, in the order to send them.
  [[nodiscard]] std::vector<std::string> Update(const ServerStatus& status, TimePoint now);

  // When Update is to be called even if nothing else happens.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  enum class State { kStarting, kServing, kReloading, kStopping };

  // The states gone through since the last look; each has a datagram.
  [[nodiscard]] std::vector<State> Advance(const ServerStatus& status);
  void NoteReloads(const ServerStatus& status);
  [[nodiscard]] static std::string HeadOf(State state, const ServerStatus& status, TimePoint now);
  // "STATUS=…"
  [[nodiscard]] std::string StatusText(const ServerStatus& status) const;

  std::optional<Duration> watchdog_;
  State state_ = State::kStarting;
  std::uint64_t reloads_begun_ = 0;
  std::uint64_t reloads_done_ = 0;
  std::uint64_t reloads_failed_ = 0;
  bool last_reload_failed_ = false;
  std::string sent_status_;
  bool status_waits_ = false;  // for the end of the pause
  TimePoint status_sent_at_{};
  TimePoint beat_at_{};  // when the last WATCHDOG=1 was sent
  bool beats_ = false;   // was healthy at the last look
};

}  // namespace sqlicorn
