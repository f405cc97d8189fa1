// SPDX-License-Identifier: MIT
#include "common/base/log.h"

#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>

#include "common/base/check.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

constexpr std::array<const char*, 5> kLevelNames = {"DEBUG", "INFO", "WARNING", "ERROR",
                                                    "CRITICAL"};

// Process-wide on purpose: a process has one error log, and CHECK must reach it from anywhere.
LogLevel g_level = LogLevel::kInfo;
UniqueFd g_file;

int TargetFd() {
  return g_file ? g_file.get() : STDERR_FILENO;
}

std::string LocalTime() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %z", &parts);
  return {text.data(), length};
}

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view name) {
  const std::string text(name);
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (strcasecmp(text.c_str(), kLevelNames.at(i)) == 0) {
      return static_cast<LogLevel>(i);
    }
  }
  return Error{
      fmt::format("'{}' is not a log level; use debug, info, warning, error or critical", name)};
}

void SetLogLevel(LogLevel level) {
  g_level = level;
}

Status SetLogTarget(const std::string& path) {
  if (path == "-") {
    g_file.Reset();
    return {};
  }
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file) {
    return SystemError(fmt::format("cannot open the log file '{}'", path), errno);
  }
  g_file = std::move(file);
  return {};
}

bool LogEnabled(LogLevel level) {
  return level >= g_level;
}

void LogLine(LogLevel level, std::string_view message) {
  if (!LogEnabled(level)) {
    return;
  }
  const std::string line = fmt::format("[{}] [{}] [{}] {}\n", LocalTime(), getpid(),
                                       kLevelNames.at(static_cast<std::size_t>(level)), message);
  [[maybe_unused]] const ssize_t written = write(TargetFd(), line.data(), line.size());
}

void CheckFailed(const char* condition, const char* file, int line) noexcept {
  LogCritical("CHECK failed: {} at {}:{}", condition, file, line);
  std::abort();
}

}  // namespace sqlicorn
