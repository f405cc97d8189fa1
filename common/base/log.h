// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/syslog.h"

namespace sqlicorn {

// The error log of this process, in gunicorn's format:
//   [2026-11-22 09:59:27 +0000] [PID] [LEVEL] message
// Where that is stderr and stderr is systemd's journal, which adds time and process itself:
//   <PRIORITY>message
// Each line is one write(2), control octets in it are escaped; children inherit target and level
// across fork. Logging never blocks and never ends a process: a line that is not taken is lost, and
// the next one that is says how many were. The first loss is told on stderr.
enum class LogLevel { kDebug, kInfo, kWarning, kError, kCritical };

// "debug", "info", "warning", "error" or "critical", in any case.
[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view name);

// Lines below `level` are dropped. The default is kInfo.
void SetLogLevel(LogLevel level);

// Opens `path` for appending and logs there; "-" is stderr, the default.
[[nodiscard]] Status SetLogTarget(const std::string& path);

// Opens the same file anew after a rotation. On error the open one stays in use.
[[nodiscard]] Status ReopenLog();

// Stderr has been replaced by another descriptor: a log that goes there goes to the new one.
void LogToNewStderr();

// The file's name does not lead to the open file any more.
[[nodiscard]] bool LogMoved();

// Sends every line to a syslog daemon too; null ends that.
void SetLogSyslog(const SyslogOptions* options);

// Async-signal-safe. REQUIRES: `message` has no control octets. At most some 900 of its octets are
// written, and nothing goes to syslog.
void LogLineInHandler(LogLevel level, std::string_view message);

// Why this process cannot do what it was started for: "Error: message" on stderr for whoever
// started it (and TellStarter), and a line of the error log when that is somewhere else. A message
// of several lines is as many lines.
void ReportFatal(std::string_view message);

// Says on stderr, for whoever started this process, what the error log has in its own words; silent
// when that goes to stderr too.
void ReportOnStderr(std::string_view message);

[[nodiscard]] bool LogEnabled(LogLevel level);
void LogLine(LogLevel level, std::string_view message);

template <typename... Args>
void LogDebug(fmt::format_string<Args...> format, Args&&... args) {
  if (LogEnabled(LogLevel::kDebug)) {
    LogLine(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
  }
}

template <typename... Args>
void LogInfo(fmt::format_string<Args...> format, Args&&... args) {
  if (LogEnabled(LogLevel::kInfo)) {
    LogLine(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
  }
}

template <typename... Args>
void LogWarning(fmt::format_string<Args...> format, Args&&... args) {
  if (LogEnabled(LogLevel::kWarning)) {
    LogLine(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
  }
}

template <typename... Args>
void LogError(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void LogCritical(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kCritical, fmt::format(format, std::forward<Args>(args)...));
}

// Lines of one kind that may come by the thousand: the first few of each second are written, the
// others counted. One per kind and process.
class LogThrottle {
 public:
  static constexpr int kLinesPerSecond = 10;

  // `kind` ends the line "… and 12 more like it: ", as in "invalid requests".
  explicit LogThrottle(std::string kind) : kind_(std::move(kind)) {}

  // Whether a line may be written now. Also tells of those held back in a second that is over.
  [[nodiscard]] bool Admit(TimePoint now, LogLevel level);

  // Tells of what was held back once its second is over. Call it now and then.
  void Report(TimePoint now);

 private:
  std::string kind_;
  TimePoint begin_{};  // of the second in which lines are counted
  int admitted_ = 0;
  std::uint64_t held_back_ = 0;
  LogLevel level_ = LogLevel::kWarning;
};

}  // namespace sqlicorn
