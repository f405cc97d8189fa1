// SPDX-License-Identifier: MIT
#include "common/base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <climits>
#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/base/unique_fd.h"
#include "tests/support/matches.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Log : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(SetLogTarget(path_)); }

  void TearDown() override {
    ASSERT_TRUE(SetLogTarget("-"));
    SetLogLevel(LogLevel::kInfo);
  }

  [[nodiscard]] std::string Written() const { return ReadFile(path_).value(); }

  TempDir dir_;
  std::string path_ = dir_.File("log");
};

constexpr const char* kLine =
    "^\\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}\\] \\[[0-9]+\\] "
    "\\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\\] [^\n]*\n$";

TEST_F(Log, LinesHaveGunicornsFormat) {
  LogError("one {}", 1);
  const std::string line = Written();
  EXPECT_TRUE(Matches(line, kLine)) << line;
  EXPECT_TRUE(line.ends_with("] [ERROR] one 1\n")) << line;
}

TEST_F(Log, LinesOfASignalHandlerHaveTheSameFormat) {
  LogLineInHandler(LogLevel::kCritical, "two");
  const std::string line = Written();
  EXPECT_TRUE(Matches(line, kLine)) << line;
  EXPECT_TRUE(line.ends_with("] [CRITICAL] two\n")) << line;
}

TEST_F(Log, LinesOfASignalHandlerAreCutRatherThanAllocated) {
  LogLineInHandler(LogLevel::kCritical, std::string(5000, 'x'));
  EXPECT_EQ(Written().size(), 1024U);
}

TEST_F(Log, DropsLinesBelowTheLevel) {
  SetLogLevel(LogLevel::kWarning);
  LogInfo("one");
  EXPECT_EQ(Written(), "");
}

TEST_F(Log, KeepsAMessageOnOneLine) {
  LogInfo("{}", "a\r\nb\x1B[31m");
  EXPECT_TRUE(Written().ends_with("] [INFO] a\\x0D\\x0Ab\\x1B[31m\n")) << Written();
}

TEST_F(Log, GoesOnInANewFileOnceReopened) {
  ASSERT_EQ(std::rename(path_.c_str(), dir_.File("old").c_str()), 0);
  EXPECT_TRUE(LogMoved());
  ASSERT_TRUE(ReopenLog());
  LogInfo("one");
  EXPECT_TRUE(Written().ends_with("one\n"));
}

TEST(LogToAFullPipe, SaysLaterHowManyLinesWereLost) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd reader(ends[0]);
  fcntl(reader.get(), F_SETFL, O_NONBLOCK);
  const UniqueFd writer(ends[1]);
  ASSERT_TRUE(SetLogTarget(fmt::format("/proc/self/fd/{}", writer.get())));
  std::string text(1 << 20, '\0');
  for (int i = 0; i < 300; ++i) {
    LogWarning("{}", text.substr(0, PIPE_BUF / 2));
  }
  while (read(reader.get(), text.data(), text.size()) > 0) {
  }
  LogWarning("next");
  const ssize_t got = read(reader.get(), text.data(), text.size());
  ASSERT_TRUE(SetLogTarget("-"));
  ASSERT_GT(got, 0);
  text.resize(static_cast<std::size_t>(got));
  EXPECT_TRUE(Matches(text,
                      "\\[WARNING\\] [0-9]+ lines of this log could not be written and are lost\n"
                      "[^\n]*\\[WARNING\\] next\n$"))
      << text;
}

TEST(LogText, EscapesControlsAndQuotes) {
  std::string text;
  AppendLogText(std::string_view("a\"\\\0\t\x7F\xE4\n", 8), Quotes::kEscape, &text);
  EXPECT_EQ(text, "a\\\"\\\\\\x00\\x09\\x7F\xE4\\x0A");
}

TEST(LogText, KeepsQuotesAndTabsInSentencesOfOurs) {
  std::string text;
  AppendLogText("a\"\\\tb\n", Quotes::kKeep, &text);
  EXPECT_EQ(text, "a\"\\\tb\\x0A");
}

TEST(LogText, CannotBeWrittenSoThatAnEscapeIsReadAsItsOpposite) {
  std::string text;
  AppendLogText(R"(\" 200 \x0A)", Quotes::kEscape, &text);
  EXPECT_EQ(text, R"(\\\" 200 \\x0A)");
}

TEST(LogText, EscapesTheControlsAboveAsciiAndKeepsCharacters) {
  const struct {
    const char* raw;
    const char* text;
  } cases[] = {
      {"\x80\x9b\x9f", "\\x80\\x9B\\x9F"},
      {"a\x9b"
       "31m",
       "a\\x9B"
       "31m"},
      {"\xc2\x9b\xc2\x80\xc2\x9f", "\\xC2\\x9B\\xC2\\x80\\xC2\\x9F"},
      {"\xc2\xa0\xc3\x84\xe2\x82\xac\xf0\x9f\x98\x80",
       "\xc2\xa0\xc3\x84\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"\xc0\x80\xe2\x82", "\xc0\\x80\xe2\\x82"},
      {"\xa0\xff", "\xa0\xff"},
      {"\xe2\x82\xc2", "\xe2\\x82\xc2"},
  };

  for (const auto& c : cases) {
    for (const Quotes quotes : {Quotes::kEscape, Quotes::kKeep}) {
      std::string text;
      AppendLogText(c.raw, quotes, &text);
      EXPECT_EQ(text, c.text);
    }
  }
}

TEST(LogText, KeepsQuotesWhenAsked) {
  std::string text = "> ";
  AppendLogText("a\"b", Quotes::kKeep, &text);
  EXPECT_EQ(text, "> a\"b");
}

class TimeZone : public testing::Test {
 protected:
  void TearDown() override { Use("UTC"); }

  static void Use(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
};

TEST_F(TimeZone, StandsInEveryForm) {
  Use("XXX+3:30");                                 // POSIX: west of UTC
  const LocalTime time = LocalTimeAt(1709208059);  // 2024-02-29 12:00:59 UTC
  std::string text(kErrorLogTimeBytes, ' ');
  EXPECT_EQ(FormatErrorLogTime(time, text.data()), text.data() + text.size());
  EXPECT_EQ(text, "2024-02-29 08:30:59 -0330");
  text.resize(kAccessLogTimeBytes);
  EXPECT_EQ(FormatAccessLogTime(time, text.data()), text.data() + text.size());
  EXPECT_EQ(text, "[29/Feb/2024:08:30:59 -0330]");
  text.resize(kIsoTimeBytes);
  EXPECT_EQ(FormatIsoTime(time, 42, text.data()), text.data() + text.size());
  EXPECT_EQ(text, "2024-02-29T08:30:59.042-03:30");
}

TEST_F(TimeZone, IsRememberedForHandlers) {
  Use("XXX-2");
  EXPECT_EQ(LocalTimeAt(1709208059).hour, 14);
  EXPECT_EQ(LocalTimeInHandler(1709208059).hour, 14);
}

class Throttle : public Log {
 protected:
  int Admitted(int times, TimePoint now) {
    int admitted = 0;
    for (int i = 0; i < times; ++i) {
      admitted += throttle_.Admit(now, LogLevel::kWarning) ? 1 : 0;
    }
    return admitted;
  }

  LogThrottle throttle_{"bad things"};
  TimePoint start_ = Clock::now();
};

TEST_F(Throttle, AdmitsTheFirstTenOfASecond) {
  EXPECT_EQ(Admitted(50, start_), 10);
  EXPECT_EQ(Admitted(50, start_ + milliseconds(999)), 0);
  EXPECT_EQ(Admitted(50, start_ + seconds(1)), 10);
}

TEST_F(Throttle, SaysOnceHowManyWereHeldBack) {
  Admitted(50, start_);
  throttle_.Report(start_ + milliseconds(999));
  EXPECT_EQ(Written(), "");
  throttle_.Report(start_ + seconds(1));
  throttle_.Report(start_ + seconds(2));
  EXPECT_TRUE(Written().ends_with("[WARNING] \u2026 and 40 more like it: bad things\n"));
  EXPECT_EQ(Written().find('\n'), Written().size() - 1);
}

TEST_F(Throttle, SaysNothingWhenNothingWasHeldBack) {
  Admitted(10, start_);
  throttle_.Report(start_ + seconds(1));
  EXPECT_EQ(Written(), "");
}

}  // namespace
}  // namespace sqlicorn
