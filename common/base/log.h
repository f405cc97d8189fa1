// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/base/result.h"

namespace sqlicorn {

// The error log of this process, in gunicorn's format:
//   [2026-11-22 09:59:27 +0000] [PID] [LEVEL] message
// Each line is one write(2); children inherit target and level across fork. A target that cannot be
// written is ignored: logging never blocks a request and never ends a process.
enum class LogLevel { kDebug, kInfo, kWarning, kError, kCritical };

// "debug", "info", "warning", "error" or "critical", in any case.
[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view name);

// Lines below `level` are dropped. The default is kInfo.
void SetLogLevel(LogLevel level);

// Opens `path` for appending and logs there; "-" is stderr, the default.
[[nodiscard]] Status SetLogTarget(const std::string& path);

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

}  // namespace sqlicorn
