// SPDX-License-Identifier: MIT
#include "loadgen/scenario/access_log.h"

#include <sys/stat.h>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/scenario/text_template.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

// As the server writes it.
std::string Line(const std::string& time, int duration_us, const std::string& method,
                 const std::string& path, const std::string& query = "") {
  return R"({"time":"2026-11-22T)" + time +
         R"(","remote":"127.0.0.1","user":null,"scheme":"http",)" + R"("method":)" + method +
         R"(,"path":")" + path + R"(","query":")" + query +
         R"(","protocol":"HTTP/1.1","status":200,"bytes":2,"duration_us":)" +
         std::to_string(duration_us) + R"(,"referer":null,"user_agent":"x","pid":7})" + "\n";
}

Scenario Tasks() {
  Scenario scenario;
  scenario.tasks.resize(1);
  scenario.tasks[0].method = "POST";
  scenario.tasks[0].path = "/write/";
  scenario.tasks[0].body = "x=1";
  return scenario;
}

std::string Wrong(const std::string& log) {
  const testing::TempFile file("access.log", log);
  Scenario scenario = Tasks();
  const Status loaded = LoadReplay(file.path(), 1, &scenario);
  return loaded ? "nothing" : loaded.error().message.substr(file.path().size());
}

TEST(AccessLine, TellsWhenTheRequestCame) {
  const AccessLine line =
      ParseAccessLine(Line("09:59:27.042+01:00", 2000, "\"GET\"", "/a b", "c=%20")).value();
  EXPECT_EQ(line.begin_us, 1'795'337'967'040'000);
  EXPECT_EQ(line.duration_us, 2000);
  EXPECT_EQ(line.method, "GET");
  EXPECT_EQ(line.path, "/a b");
  EXPECT_EQ(line.query, "c=%20");
  EXPECT_EQ(ParseAccessLine(Line("09:59:27.042+00:00", 0, "null", "/a")).value().method, "");
}

TEST(AccessLine, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "127.0.0.1 - - [22/Nov/2026:09:59:27 +0000] \"GET / HTTP/1.1\"",
                           "[]", "{}", R"({"time":"2026-11-22T09:59:27Z","duration_us":1})",
                           R"({"time":"2026-11-22T09:59:27.042+00:00"})",
                           R"({"time":"2026-11-22T09:59:27.042+00:00","duration_us":"1"})"}) {
    EXPECT_FALSE(ParseAccessLine(text).ok()) << text;
  }
}

TEST(Replay, SendsTheRequestsOfALogAtTheirTimes) {
  // The second line of the log came first.
  const testing::TempFile file("access.log",
                               Line("09:00:00.300+00:00", 0, "\"GET\"", "/a", "x=1") +
                                   Line("09:00:00.400+00:00", 300'000, "\"POST\"", "/write/") +
                                   Line("09:00:00.500+00:00", 0, "\"GET\"", "/a") +
                                   Line("09:00:00.600+00:00", 0, "\"HEAD\"", "/é/b c"));
  Scenario scenario = Tasks();
  ASSERT_TRUE(LoadReplay(file.path(), 2, &scenario).ok());
  const Replay& replay = *scenario.replay;
  ASSERT_EQ(replay.lines.size(), 4u);
  EXPECT_EQ(replay.lines[0].task, 0u) << "the scenario's own task, with its body";
  EXPECT_EQ(replay.lines[0].at, milliseconds(0));
  EXPECT_EQ(replay.lines[1].at, milliseconds(100));
  EXPECT_EQ(replay.lines[1].query, "?x=1");
  EXPECT_EQ(replay.lines[2].task, replay.lines[1].task) << "one row for a path";
  EXPECT_EQ(replay.lines[2].query, "");
  EXPECT_EQ(replay.lines[3].at, milliseconds(250));
  const TaskSpec& last = scenario.tasks[replay.lines[3].task];
  EXPECT_EQ(last.name, "/%C3%A9/b%20c");
  EXPECT_EQ(last.method, "HEAD");
  EXPECT_TRUE(HasMark(last.path));
  EXPECT_EQ(replay.most_at_once, 2u);
}

TEST(Replay, CountsWhatItCannotSend) {
  const testing::TempFile file("access.log", Line("09:00:00.000+00:00", 0, "\"GET\"", "/a") +
                                                 Line("09:00:00.000+00:00", 0, "null", "/a") +
                                                 Line("09:00:00.000+00:00", 0, "\"PUT\"", "/a") +
                                                 Line("09:00:00.000+00:00", 0, "\"POST\"", "/b"));
  Scenario scenario = Tasks();
  ASSERT_TRUE(LoadReplay(file.path(), 1, &scenario).ok());
  EXPECT_EQ(scenario.replay->lines.size(), 1u);
  EXPECT_EQ(scenario.replay->without_body, 2u);
  EXPECT_EQ(scenario.replay->unreadable, 1u);
}

TEST(Replay, NamesTheLineThatIsWrong) {
  const std::string good = Line("09:00:00.000+00:00", 0, "\"GET\"", "/a");
  EXPECT_EQ(Wrong(good + "GET / 200\n"),
            ":2: this is no line of an access log in JSON (access_log_format = \"json\")");
  EXPECT_EQ(
      Wrong(Line("09:00:00.000+00:00", 0, "\"PUT\"", "/a")),
      ": no request of the log can be sent again: 1 without a body, 0 that could not be read");
  Scenario scenario = Tasks();
  EXPECT_EQ(LoadReplay("/no/such/log", 1, &scenario).error().message,
            "cannot read '/no/such/log': No such file or directory");
}

TEST(Replay, DoesNotWaitForAPipe) {
  const TempDir dir;
  const std::string pipe = dir.File("log");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Scenario scenario = Tasks();
  EXPECT_EQ(LoadReplay(pipe, 1, &scenario).error().message,
            "'" + pipe + "' is a pipe: give the log as a file");
}

TEST(Replay, IsOfAFileAndNotOfADirectory) {
  const TempDir dir;
  Scenario scenario = Tasks();
  EXPECT_EQ(LoadReplay(dir.path(), 1, &scenario).error().message,
            "'" + dir.path() + "' is a directory: give the log as a file");
}

}  // namespace
}  // namespace sqlicorn::loadgen
