// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/log_output.h"
#include "common/base/result.h"
#include "common/base/syslog.h"
#include "common/config/log_options.h"
#include "common/config/server_config.h"
#include "worker/log/access_line.h"
#include "worker/log/request_in_hand.h"

namespace sqlicorn {

// The access log of a worker: a line per request, gathered in memory and written once per
// round of the loop. Workers append to the same file; a write of whole lines keeps them whole.
// Lines that are not taken are lost, and the error log says how many.
class AccessLog {
 public:
  // Off unless the settings name a file or send the log to syslog.
  [[nodiscard]] static Result<AccessLog> Open(const ServerSettings& settings);

  // When a request begins that has arrived in the `round` of the loop: exact only if the format
  // tells durations.
  [[nodiscard]] TimePoint BeginningNow(TimePoint round) const {
    return format_.durations && enabled() ? Clock::now() : round;
  }

  // A request that has its reply, or for which nobody waits for one any more.
  void Append(const ServedRequest& served);

  // Writes what was gathered.
  void Flush();

  // Opens the file anew, after a rotation. On error the open one stays in use.
  [[nodiscard]] Status Reopen();

  // The file's name does not lead to the open file any more.
  [[nodiscard]] bool Moved() const { return output_ && output_->Moved(); }

  // Async-signal-safe, for a process that ends right after: writes what was gathered and the line
  // of this request, if there is room for it. REQUIRES: no other call is under way.
  void WriteInHandler(const ServedRequest& served);

 private:
  explicit AccessLog(AccessFormat format);

  [[nodiscard]] bool enabled() const { return output_ || syslog_; }

  [[nodiscard]] AccessRecord RecordOf(const ServedRequest& served, const Reply& reply);
  // `local_time` is LocalTimeAt or what a handler may call instead.
  void UseTime(const timespec& now, LocalTime (*local_time)(std::int64_t));
  void SendToSyslog();

  AccessFormat format_;
  std::optional<LogOutput> output_;
  std::unique_ptr<Syslog> syslog_;
  std::string buffer_;
  std::string scratch_;
  std::uint64_t lost_ = 0;
  bool told_deaf_ = false;    // of the first loss
  std::int64_t second_ = -1;  // of local_ and time_
  LocalTime local_;
  std::string time_;
  std::string iso_time_;
  std::string pid_;
  Reply aborted_;  // of a request that dies with the worker
};

}  // namespace sqlicorn
