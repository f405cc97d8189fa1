// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/unique_fd.h"
#include "common/control/control_protocol.h"
#include "master/process/events.h"

namespace sqlicorn {

// Turns the payload of a request into a framed reply.
using ControlAnswer = std::function<std::string(std::string_view request)>;

// One client of the control socket. Never blocks, and holds at most one request more than it has
// answered and one reply: while that is being written nothing is read.
class ControlSession {
 public:
  static constexpr Duration kIdle = std::chrono::seconds(300);
  // A client that takes no byte of its reply for so long is dropped.
  static constexpr Duration kWriteStall = std::chrono::seconds(10);

  // `socket` is non-blocking.
  ControlSession(UniqueFd socket, TimePoint now) : socket_(std::move(socket)), active_at_(now) {}

  void AddTo(EventWait& wait) const;

  // Reads, answers at most one request, writes: as far as it goes without blocking.
  void Serve(TimePoint now, const ControlAnswer& answer);

  // The client has left, broke the rules, or was silent for too long.
  [[nodiscard]] bool finished() const { return finished_; }

  // When Serve is to be called even if no descriptor is ready.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  void Read(TimePoint now);
  void AnswerOne(const ControlAnswer& answer);
  void Write(TimePoint now);

  [[nodiscard]] TimePoint expires_at() const {
    return active_at_ + (output_.empty() ? kIdle : kWriteStall);
  }

  UniqueFd socket_;
  FrameReader input_{kMaxControlRequest};
  std::string output_;
  TimePoint active_at_;
  bool last_reply_ = false;  // close when it has been written
  bool finished_ = false;
};

}  // namespace sqlicorn
