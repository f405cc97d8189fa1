// SPDX-License-Identifier: MIT
#include "common/base/log.h"

#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include "common/base/clock.h"
#include "common/base/log_output.h"
#include "common/base/process.h"
#include "common/base/result.h"
#include "common/base/text.h"

namespace sqlicorn {
namespace {

constexpr std::array<const char*, 5> kLevelNames = {"DEBUG", "INFO", "WARNING", "ERROR",
                                                    "CRITICAL"};

constexpr std::array<SyslogSeverity, 5> kSeverities = {
    SyslogSeverity::kDebug, SyslogSeverity::kInfo, SyslogSeverity::kWarning, SyslogSeverity::kError,
    SyslogSeverity::kCritical};

// Process-wide on purpose: a process has one error log, and CHECK must reach it from anywhere.
LogLevel g_level = LogLevel::kInfo;
LogOutput g_output{STDERR_FILENO};
std::unique_ptr<Syslog> g_syslog;
std::uint64_t g_lost = 0;  // lines that the output did not take
bool g_told_deaf = false;
bool g_stderr_is_journal = LeadsToJournal(STDERR_FILENO);

bool LogIsJournal() {
  return g_output.standard() && g_stderr_is_journal;
}

// In front of a line for the journal, the priority; sd-daemon(3).
std::array<char, 3> PriorityOf(LogLevel level) {
  const auto severity = kSeverities.at(static_cast<std::size_t>(level));
  return {'<', static_cast<char>('0' + static_cast<int>(severity)), '>'};
}

const char* NameOf(LogLevel level) {
  return kLevelNames.at(static_cast<std::size_t>(level));
}

void AppendLine(LogLevel level, std::string_view message, std::string* out) {
  if (LogIsJournal()) {
    const auto priority = PriorityOf(level);
    out->append(priority.data(), priority.size());
    AppendLogText(message, Quotes::kKeep, out);
    out->append("\n");
    return;
  }
  std::array<char, kErrorLogTimeBytes> time{};
  FormatErrorLogTime(LocalTimeAt(std::time(nullptr)), time.data());
  out->append("[").append(time.data(), time.size()).append("] [");
  out->append(std::to_string(getpid())).append("] [").append(NameOf(level)).append("] ");
  AppendLogText(message, Quotes::kKeep, out);
  out->append("\n");
}

// Once in a process and its children: on stderr, for whoever sees that.
void TellOfDeafLog(int errno_value) {
  if (g_output.standard() || std::exchange(g_told_deaf, true)) {
    return;
  }
  std::string text;
  AppendLine(LogLevel::kWarning,
             fmt::format("the error log '{}' takes no lines ({}); they are lost until it does",
                         g_output.path(), std::strerror(errno_value)),
             &text);
  LogOutput::Open("-", STDERR_FILENO)->Write(text);
}

void WriteLine(LogLevel level, std::string_view message) {
  std::string text;
  if (g_lost > 0) {
    AppendLine(LogLevel::kWarning,
               fmt::format("{} lines of this log could not be written and are lost", g_lost),
               &text);
  }
  AppendLine(level, message, &text);
  const std::size_t missed = g_output.Write(text);
  if (missed > 0) {
    TellOfDeafLog(errno);
  }
  // The line about the lost ones comes first, and is not one of them.
  g_lost = missed == 2 ? g_lost + 1 : missed;
}

// Appends what fits.
class FixedText {
 public:
  void Append(std::string_view text) {
    const std::size_t size = std::min(text.size(), text_.size() - 1 - size_);
    std::memcpy(text_.data() + size_, text.data(), size);
    size_ += size;
  }

  void EndLine() { text_.at(size_++) = '\n'; }

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 1024> text_{};
  std::size_t size_ = 0;
};

void AppendHeadInHandler(LogLevel level, FixedText& line) {
  std::array<char, kErrorLogTimeBytes> time{};
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  FormatErrorLogTime(LocalTimeInHandler(now.tv_sec), time.data());
  std::array<char, 16> pid{};
  const auto end = std::to_chars(pid.data(), pid.data() + pid.size(), getpid()).ptr;
  line.Append("[");
  line.Append({time.data(), time.size()});
  line.Append("] [");
  line.Append({pid.data(), end});
  line.Append("] [");
  line.Append(NameOf(level));
  line.Append("] ");
}

void PrintError(std::string_view line) {
  fmt::print(stderr, "{}Error: {}\n", g_stderr_is_journal ? "<3>" : "", line);
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
  auto output = LogOutput::Open(path, STDERR_FILENO);
  if (!output) {
    return Error{"cannot open the log file " + output.error().message};
  }
  g_output = *std::move(output);
  g_told_deaf = false;
  return {};
}

Status ReopenLog() {
  if (const Status reopened = g_output.Reopen(); !reopened) {
    return Error{"cannot open the log file " + reopened.error().message};
  }
  return {};
}

void LogToNewStderr() {
  g_stderr_is_journal = LeadsToJournal(STDERR_FILENO);
  if (g_output.standard()) {
    g_output = LogOutput::Open("-", STDERR_FILENO).value();
  }
}

bool LogMoved() {
  return g_output.Moved();
}

void SetLogSyslog(const SyslogOptions* options) {
  g_syslog = options == nullptr ? nullptr : std::make_unique<Syslog>(*options, "error");
}

bool LogEnabled(LogLevel level) {
  return level >= g_level;
}

void LogLine(LogLevel level, std::string_view message) {
  if (!LogEnabled(level)) {
    return;
  }
  WriteLine(level, message);
  if (g_syslog) {
    std::string text;
    AppendLogText(message, Quotes::kKeep, &text);
    g_syslog->Send(kSeverities.at(static_cast<std::size_t>(level)), text);
  }
}

void ReportFatal(std::string_view message) {
  TellStarter(message);
  ForEachLine(message, [](std::string_view line) {
    PrintError(line);
    if (!g_output.standard()) {
      LogLine(LogLevel::kError, line);
    }
  });
}

void ReportOnStderr(std::string_view message) {
  if (!g_output.standard()) {
    PrintError(message);
  }
}

void LogLineInHandler(LogLevel level, std::string_view message) {
  FixedText line;
  if (LogIsJournal()) {
    const auto priority = PriorityOf(level);
    line.Append({priority.data(), priority.size()});
  } else {
    AppendHeadInHandler(level, line);
  }
  line.Append(message);
  line.EndLine();
  [[maybe_unused]] const std::size_t taken = g_output.TryWrite(line.view());
}

bool LogThrottle::Admit(TimePoint now, LogLevel level) {
  Report(now);
  if (now - begin_ >= std::chrono::seconds(1)) {
    begin_ = now;
    admitted_ = 0;
  }
  level_ = level;
  if (admitted_ < kLinesPerSecond) {
    ++admitted_;
    return true;
  }
  ++held_back_;
  return false;
}

void LogThrottle::Report(TimePoint now) {
  if (held_back_ > 0 && now - begin_ >= std::chrono::seconds(1)) {
    const std::uint64_t count = std::exchange(held_back_, 0);
    LogLine(level_, fmt::format("\u2026 and {} more like it: {}", count, kind_));
  }
}

}  // namespace sqlicorn
