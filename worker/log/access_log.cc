// SPDX-License-Identifier: MIT
#include "worker/log/access_log.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/config/log_options.h"
#include "worker/log/request_in_hand.h"

namespace sqlicorn {
namespace {

// Kept free for the line of a request that dies with the worker.
constexpr std::size_t kLastLineBytes = 32U << 10U;

}  // namespace

Result<AccessLog> AccessLog::Open(const ServerSettings& settings) {
  auto format = ParseAccessFormat(settings.access_log_format);
  if (!format) {
    return format.error();
  }
  AccessLog log(*std::move(format));
  if (!settings.accesslog.empty()) {
    auto output = LogOutput::Open(settings.accesslog, STDOUT_FILENO);
    if (!output) {
      return Error{
          fmt::format("server.accesslog: cannot open the access log {}; make its directory or name "
                      "another file",
                      output.error().message)};
    }
    log.output_.emplace(*std::move(output));
  }
  const auto syslog = SyslogOptionsOf(settings);
  if (syslog && !settings.disable_redirect_access_to_syslog) {
    log.syslog_ = std::make_unique<Syslog>(*syslog, "access");
  }
  return log;
}

AccessLog::AccessLog(AccessFormat format)
    : format_(std::move(format)),
      time_(kAccessLogTimeBytes, ' '),
      iso_time_(kIsoTimeBytes, ' '),
      pid_(std::to_string(getpid())) {
  aborted_.status = 500;
  buffer_.reserve(2 * kLastLineBytes);
  scratch_.reserve(kLastLineBytes);
}

void AccessLog::UseTime(const timespec& now, LocalTime (*local_time)(std::int64_t)) {
  if (now.tv_sec != second_) {
    second_ = now.tv_sec;
    local_ = local_time(second_);
    FormatAccessLogTime(local_, time_.data());
  }
  if (format_.json) {
    FormatIsoTime(local_, static_cast<int>(now.tv_nsec / 1000000), iso_time_.data());
  }
}

AccessRecord AccessLog::RecordOf(const ServedRequest& served, const Reply& reply) {
  const bool measured = format_.durations;
  return {.peer = served.peer,
          .scheme = served.scheme,
          .request = *served.request,
          .reply = reply,
          .duration = measured ? Clock::now() - served.started : Duration::zero(),
          .time = time_,
          .iso_time = iso_time_,
          .pid = pid_,
          .scratch = scratch_};
}

void AccessLog::Append(const ServedRequest& served) {
  if (!enabled()) {
    return;
  }
  // From here to the end of the round the buffer is not what a signal handler may touch.
  SetRequestInHand(nullptr);
  timespec now{};
  clock_gettime(format_.json ? CLOCK_REALTIME : CLOCK_REALTIME_COARSE, &now);
  UseTime(now, LocalTimeAt);
  AppendAccessLine(format_, RecordOf(served, served.reply), &buffer_);
}

void AccessLog::Flush() {
  if (buffer_.empty()) {
    return;
  }
  SetRequestInHand(nullptr);
  if (output_) {
    const std::size_t missed = output_->Write(buffer_);
    if (missed > 0 && !std::exchange(told_deaf_, true)) {
      LogWarning("the access log takes no lines ({}); they are lost until it does",
                 std::strerror(errno));
    }
    if (missed == 0 && lost_ > 0) {
      LogWarning("{} lines of the access log could not be written and are lost",
                 std::exchange(lost_, 0));
    }
    lost_ += missed;
  }
  SendToSyslog();
  buffer_.clear();
}

void AccessLog::SendToSyslog() {
  std::string_view lines = syslog_ ? std::string_view(buffer_) : std::string_view();
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    syslog_->Send(SyslogSeverity::kInfo, lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
}

Status AccessLog::Reopen() {
  if (!output_) {
    return {};
  }
  if (const Status reopened = output_->Reopen(); !reopened) {
    return Error{"cannot open the access log " + reopened.error().message};
  }
  return {};
}

void AccessLog::WriteInHandler(const ServedRequest& served) {
  if (!output_) {
    return;
  }
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  UseTime(now, LocalTimeInHandler);
  const AccessRecord record = RecordOf(served, aborted_);
  const std::size_t bound = AccessLineBound(format_, record);
  if (bound <= buffer_.capacity() - buffer_.size() && bound <= scratch_.capacity()) {
    AppendAccessLine(format_, record, &buffer_);
  }
  [[maybe_unused]] const std::size_t taken = output_->TryWrite(buffer_);
}

}  // namespace sqlicorn
