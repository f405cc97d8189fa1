// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/log.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "loadgen/report/live_text.h"

namespace sqlicorn::loadgen {

// Standard error as locust uses it: log lines and tables, and on a terminal some live lines below
// them that are erased before anything else is written.
class Console {
 public:
  Console() = default;
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // Sends log lines to the end of this file from now on; tables stay on standard error. A pipe that
  // nobody reads is an error at once, and one that takes nothing for a second later on.
  [[nodiscard]] Status LogTo(const std::string& path);

  void SetLevel(LogLevel level) { level_ = level; }

  // A line in locust's layout: [time] host/LEVEL/sqlicorn.loadgen.<part>: message
  void Log(LogLevel level, std::string_view part, std::string_view message);

  // The first error in writing standard error or the log file, into which nothing goes after it.
  [[nodiscard]] const Status& status() const { return status_; }

  // What a terminal would act on is shown in its place (PrintableText).
  void Print(std::string_view text);

  // Shows the live lines; "" takes them away. Nothing when this is no terminal.
  // REQUIRES: none of them is wider than the terminal.
  void ShowLive(std::string_view lines);

  [[nodiscard]] static bool IsTerminal();

  // What the locale says that the terminal can show.
  [[nodiscard]] static Glyphs KnownGlyphs();

  // Of the terminal; 80 where it does not say.
  [[nodiscard]] static int Columns();

 private:
  void Write(std::string_view text);

  UniqueFd log_file_;
  std::string log_path_;
  Status status_;
  LogLevel level_ = LogLevel::kInfo;
  std::size_t live_lines_ = 0;  // on the terminal
};

}  // namespace sqlicorn::loadgen
