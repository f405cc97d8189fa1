// SPDX-License-Identifier: MIT
#include "loadgen/report/console.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "loadgen/report/printable_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"DEBUG", "INFO", "WARNING", "ERROR",
                                                         "CRITICAL"};
constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::string_view kLineUp = "\x1b[A";

// How long a reader who has fallen behind is waited for: users get no answers meanwhile.
constexpr int kPatienceMs = 1000;

// Whether a write that failed with this errno is worth another one.
bool MayGoOn(int fd, int error) {
  pollfd full{.fd = fd, .events = POLLOUT, .revents = 0};
  return error == EINTR || (error == EAGAIN && poll(&full, 1, kPatienceMs) > 0);
}

// The errno of what went wrong, 0 = nothing.
int WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0) {
      const int error = errno;
      if (!MayGoOn(fd, error)) {
        return error;
      }
      continue;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::string LocalTime() {
  const auto now = std::chrono::system_clock::now();
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  return fmt::format("{:%Y-%m-%d %H:%M:%S},{:03}",
                     fmt::localtime(std::chrono::system_clock::to_time_t(now)),
                     since_epoch.count() % 1000);
}

}  // namespace

Console::~Console() {
  ShowLive("");
}

Status Console::LogTo(const std::string& path) {
  // A pipe without a reader would hold the opening itself for ever.
  UniqueFd file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644));
  if (!file && errno == ENXIO) {
    return Error{
        fmt::format("cannot open the log file '{}': it is a pipe that nobody reads", path)};
  }
  if (!file) {
    return SystemError(fmt::format("cannot open the log file '{}'", path), errno);
  }
  log_file_ = std::move(file);
  log_path_ = path;
  return {};
}

void Console::Log(LogLevel level, std::string_view part, std::string_view message) {
  if (level < level_) {
    return;
  }
  static const std::string host = HostName();
  const std::string line =
      fmt::format("[{}] {}/{}/sqlicorn.loadgen.{}: {}\n", LocalTime(), host,
                  kLevelNames.at(static_cast<std::size_t>(level)), part, message);
  if (log_path_.empty()) {
    Print(line);
  } else if (log_file_) {
    const int error = WriteAll(log_file_.get(), PrintableText(line));
    if (error != 0) {
      status_ = SystemError(fmt::format("cannot write the log file '{}'", log_path_), error);
      log_file_.Reset();
    }
  }
}

void Console::Print(std::string_view text) {
  ShowLive("");
  Write(PrintableText(text));
}

void Console::Write(std::string_view text) {
  const int error = WriteAll(STDERR_FILENO, text);
  if (error != 0 && status_.ok()) {
    status_ = SystemError("cannot write to standard error", error);
  }
}

void Console::ShowLive(std::string_view lines) {
  if (!IsTerminal() || (lines.empty() && live_lines_ == 0)) {
    return;
  }
  std::string text;
  for (; live_lines_ > 1; --live_lines_) {
    text += kEraseLine;
    text += kLineUp;
  }
  live_lines_ = lines.empty()
                    ? 0
                    : 1 + static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  text += kEraseLine;
  Write(text + PrintableText(lines));
}

Glyphs Console::KnownGlyphs() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      const std::string_view locale = value;
      const bool utf8 = locale.ends_with("UTF-8") || locale.ends_with("utf8");
      return utf8 ? Glyphs::kBlocks : Glyphs::kAscii;
    }
  }
  return Glyphs::kAscii;
}

bool Console::IsTerminal() {
  static const bool is_terminal = isatty(STDERR_FILENO) == 1;
  return is_terminal;
}

int Console::Columns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace sqlicorn::loadgen
