// SPDX-License-Identifier: MIT
// What a person can do to a run while it goes on: keys at its terminal, and its live page.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/unique_fd.h"
#include "common/json/json_text.h"
#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "tests/loadgen/program.h"
#include "tests/support/raw_client.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

// The program on a terminal of its own, which `script` makes: what is typed goes there through a
// pipe, and what it shows is in a file.
class OnATerminal {
 public:
  // When the terminal shows the first, the second is typed; and so on.
  using Dialogue = std::vector<std::pair<std::string, std::string>>;

  OnATerminal(const std::string& arguments, Dialogue dialogue)
      : dialogue_(std::move(dialogue)),
        server_(loop_, [](const auto&, auto) { return testing::Reply(); }) {
    EXPECT_EQ(mkfifo(dir_.File("typed").c_str(), 0600), 0);
    const UniqueFd typed(open(dir_.File("typed").c_str(), O_RDWR | O_CLOEXEC));
    const std::string command = "exec script -qec '" LOADGEN_PROGRAM " run -s 1 -H " +
                                server_.url() + " " + arguments + "; stty -a' /dev/null <" +
                                dir_.File("typed");
    Timer look(loop_, [&] { TypeNext(typed.get()); });
    look.Start(std::chrono::milliseconds(20), std::chrono::milliseconds(20));
    Timer deadline(loop_, [this] { loop_.Stop(); });
    deadline.Start(std::chrono::seconds(30));
    const auto child = ChildProcess::Start(
        loop_, {{"/bin/sh", "-c", command}, dir_.File("shown"), dir_.File("shown")},
        [this](ProcessExit) {
          ended_ = true;
          loop_.Stop();
        });
    loop_.Run();
    connections_ = server_.connections();
  }

  // By itself, and after the whole dialogue.
  [[nodiscard]] bool ended() const { return ended_ && next_ == dialogue_.size(); }

  [[nodiscard]] std::string shown() const { return testing::ReadAll(dir_.File("shown")); }

  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void TypeNext(int typed) {
    if (next_ < dialogue_.size() && Contains(shown(), dialogue_[next_].first)) {
      const std::string& keys = dialogue_[next_++].second;
      EXPECT_EQ(write(typed, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }
  }

  TempDir dir_;
  Loop loop_;
  Dialogue dialogue_;
  std::size_t next_ = 0;
  testing::ScriptedServer server_;
  bool ended_ = false;
  std::size_t connections_ = 0;
};

constexpr char kControlC[] = "\x03";

TEST(Keys, AddUsersAndTakeThemAway) {
  const OnATerminal run("-u 2 -r 100", {{"All users spawned", "wW"},
                                        {"Key W: 13 users", "xs"},
                                        {"Key s: 12 users", "SS"},
                                        {"Key S: 0 users", "w"},
                                        {"Key w: 1 users", kControlC}});
  EXPECT_TRUE(run.ended()) << run.shown();
  EXPECT_TRUE(Contains(run.shown(), "Keys: w and W add 1 and 10 users")) << run.shown();
  EXPECT_TRUE(Contains(run.shown(), "Key w: 3 users"));
  EXPECT_TRUE(Contains(run.shown(), "Key S: 2 users"));
  EXPECT_FALSE(Contains(run.shown(), "Key x"));
  EXPECT_EQ(run.connections(), 14U) << "those of 13 users, and of the last one";
}

TEST(Keys, LeaveTheTerminalAsItWas) {
  const OnATerminal run("-t 300ms", {});
  EXPECT_TRUE(run.ended());
  const std::string settings = run.shown().substr(run.shown().rfind("speed "));
  EXPECT_TRUE(Contains(settings, " icanon ")) << settings;
  EXPECT_TRUE(Contains(settings, " echo ")) << settings;
}

// Its pipe is read up to the line that tells where the page is; the rest when it ends.
class WithAPage {
 public:
  explicit WithAPage(const std::string& arguments)
      : pipe_(popen(("timeout 60 " LOADGEN_PROGRAM " run --web 127.0.0.1:0 " + arguments +
                     DeadHost() + " 2>&1")
                        .c_str(),
                    "r")) {
    std::array<char, 4096> line{};
    std::smatch found;
    while (port_ == 0 && std::fgets(line.data(), line.size(), pipe_) != nullptr) {
      const std::string text = line.data();
      if (std::regex_search(text, found, std::regex("Live page at http://127.0.0.1:([0-9]+)/"))) {
        port_ = std::stoi(found[1]);
      }
    }
  }

  ~WithAPage() { pclose(pipe_); }

  WithAPage(const WithAPage&) = delete;
  WithAPage& operator=(const WithAPage&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  FILE* pipe_;
  int port_ = 0;
};

std::string Asking(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:8089\r\n\r\n";
}

// The data of all events that came.
std::vector<nlohmann::json> EventsIn(const std::string& stream) {
  std::vector<nlohmann::json> events;
  const std::string mark = "data: ";
  for (std::size_t at = stream.find(mark); at != std::string::npos; at = stream.find(mark, at)) {
    at += mark.size();
    events.push_back(JsonOf(stream.substr(at, stream.find("\n\n", at) - at)));
  }
  return events;
}

TEST(LivePage, IsOnePageAndAStreamOfEvents) {
  const WithAPage run("-u 2 -r 100 -t 2500ms --only-summary");
  ASSERT_NE(run.port(), 0);
  RawClient browser(run.port());
  const HttpAnswer page = browser.Ask(Asking("/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(Contains(page.body, "new EventSource(\"/events\")"));
  for (const char* elsewhere : {"https://", "src=", "url(", "<link", "@import"}) {
    EXPECT_FALSE(Contains(page.body, elsewhere)) << elsewhere;
  }
  ASSERT_TRUE(browser.Send(Asking("/events")));
  const std::string stream = browser.ReadToEnd();
  EXPECT_TRUE(Contains(stream, "Content-Type: text/event-stream\r\n"));
  const std::vector<nlohmann::json> events = EventsIn(stream);
  ASSERT_GE(events.size(), 4U) << "at once, after one and two seconds, and at the end";
  for (std::size_t i = 1; i < events.size(); ++i) {
    ASSERT_TRUE(events[i].is_object());
    EXPECT_GE(events[i]["elapsed_s"], events[i - 1]["elapsed_s"]);
    EXPECT_GE(events[i]["requests"], events[i - 1]["requests"]);
  }
  EXPECT_EQ(events.front()["state"], "running");
  EXPECT_EQ(events.back()["state"], "ended");
  EXPECT_EQ(events.back()["run_time_s"], 2.5);
  EXPECT_EQ(events.back()["failures"], events.back()["requests"]) << "nobody listens";
  EXPECT_TRUE(Contains(events.back()["errors"][0]["error"].get<std::string>(), "Refused"));
  EXPECT_EQ(events.back()["ok_rps"].size(), events.back()["p99s_ms"].size());
}

TEST(LivePage, RefusesWhatIsNotForIt) {
  const WithAPage run("-t 1 --only-summary");
  const std::vector<std::pair<std::string, int>> table = {
      {"GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost: [::1]:8089\r\n\r\n", 200},
      {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403},
      {"GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
      {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405}};
  RawClient browser(run.port());
  for (const auto& [request, status] : table) {
    EXPECT_EQ(browser.Ask(request).status, status) << request;
  }
}

TEST(LivePage, SaysWhereItCannotBe) {
  const TempDir dir;
  Loop loop;
  const testing::ScriptedServer taken(loop, [](const auto&, auto) { return testing::Ok(); });
  const Outcome used = RunProgram("run -t 1 --web " + std::to_string(taken.port()) + DeadHost());
  EXPECT_EQ(used.code, 1) << used.out;
  EXPECT_TRUE(Contains(used.out, "cannot listen at 127.0.0.1:")) << used.out;
  for (const char* address : {"here", "1.2.3:80", "127.0.0.1:99999", "127.0.0.1:"}) {
    EXPECT_EQ(RunProgram(std::string("run -t 1 --web ") + address).code, 2) << address;
  }
}

// In a real browser, while a run goes on.
TEST(LivePage, IsDrawnByABrowser) {
  if (std::system("command -v chromium >/dev/null") != 0) {
    GTEST_SKIP() << "no chromium here (script/setup --dev installs it)";
  }
  const TempDir dir;
  const WithAPage run("-u 2 -r 100 -t 20 --only-summary");
  const std::string dom =
      RunCommandLine(
          "timeout 60 chromium --headless --no-sandbox --disable-gpu "
          "--user-data-dir=" +
          dir.File("profile") + " --dump-dom http://127.0.0.1:" + std::to_string(run.port()) +
          "/ 2>/dev/null")
          .out;
  EXPECT_TRUE(std::regex_search(dom, std::regex("running, [0-9]+ of 20 s"))) << dom;
  EXPECT_TRUE(Contains(dom, "class=\"line s1\"")) << dom;
  EXPECT_TRUE(Contains(dom, "ConnectionRefusedError")) << dom;
}

}  // namespace
}  // namespace sqlicorn::loadgen
