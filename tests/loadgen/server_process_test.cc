// SPDX-License-Identifier: MIT
#include "loadgen/server/server_process.h"

#include <filesystem>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/scripted_server.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

// A shell script is the server; once it has made the file "up", a scripted server of the test
// answers in its place.
class ServerProcessTest : public ::testing::Test, public ServerObserver {
 protected:
  // "ready " and "ended: message", as they come.
  std::string Run(const std::string& script, std::uint16_t port) {
    command_.argv = {"/bin/sh", "-c", "cd " + dir_.File("") + "; " + script};
    command_.port = port;
    command_.log_path = dir_.File("log");
    server_ = std::make_unique<ServerProcess>(loop_, command_, this);
    EXPECT_FALSE(server_->running());
    EXPECT_TRUE(server_->Start());
    EXPECT_TRUE(server_->running());
    loop_.Run();
    return events_;
  }

  void OnServerReady() override {
    events_ += "ready ";
    on_ready_();
  }

  void OnServerEnded(const Status& status) override {
    EXPECT_FALSE(server_->running());
    events_ += "ended: " + (status.ok() ? "ok" : status.error().message);
    loop_.Stop();
  }

  TempDir dir_;
  Loop loop_;

  testing::Reply Answer() {
    return std::filesystem::exists(dir_.File("up"))
               ? testing::Status("HTTP/1.1 404 Not Found")
               : testing::Reply{"", testing::Reply::Then::kClose};
  }

  testing::ScriptedServer answers_{loop_,
                                   [this](const std::string&, std::size_t) { return Answer(); }};
  ServerProcess::Command command_;
  std::unique_ptr<ServerProcess> server_;
  std::function<void()> on_ready_ = [this] { server_->Stop(); };
  std::string events_;
};

constexpr const char* kObeys = "trap 'exit 0' TERM; : > up; while :; do sleep 0.01; done";

TEST_F(ServerProcessTest, IsReadyWhenItAnswersAndStopsOnTerm) {
  EXPECT_EQ(Run(kObeys, answers_.port()), "ready ended: ok");
  EXPECT_EQ(answers_.requests().front().substr(0, 5), "GET /");
}

TEST_F(ServerProcessTest, FailsAtOnceWhenItEndsBeforeItAnswers) {
  EXPECT_EQ(Run("echo 'Error: port in use'; exit 1", testing::UnusedPort()),
            "ended: the server failed: it ended with exit status 1\nError: port in use");
}

TEST_F(ServerProcessTest, FailsWhenItDoesNotAnswerInTime) {
  command_.start_limit = std::chrono::milliseconds(50);
  EXPECT_EQ(Run("exec sleep 600", testing::UnusedPort()),
            "ended: the server failed: it did not answer within 50ms");
}

TEST_F(ServerProcessTest, FailsWhenItDiesUnderLoad) {
  on_ready_ = [] {};
  EXPECT_EQ(Run(": > up; sleep 0.2; kill -9 $$", answers_.port()),
            "ready ended: the server failed: it ended with signal 9");
}

TEST_F(ServerProcessTest, IsKilledWhenItDoesNotStop) {
  command_.stop_limit = std::chrono::milliseconds(50);
  EXPECT_EQ(Run("trap '' TERM; : > up; while :; do sleep 0.01; done", answers_.port()),
            "ready ended: the server failed: it did not stop within 50ms of SIGTERM");
}

TEST_F(ServerProcessTest, ReportsAnExitStatusAfterTerm) {
  EXPECT_EQ(Run("trap 'exit 4' TERM; : > up; while :; do sleep 0.01; done", answers_.port()),
            "ready ended: the server failed: it ended with exit status 4");
}

TEST_F(ServerProcessTest, AsksAgainUntilTheAnswerIsHttp) {
  testing::ScriptedServer odd(loop_, [&](const std::string&, std::size_t number) {
    const bool up = std::filesystem::exists(dir_.File("up"));
    return testing::Reply{up && number > 1 ? "HTTP/1.1 503 Busy\r\n\r\n" : "220 mail\r\n",
                          testing::Reply::Then::kClose};
  });
  EXPECT_EQ(Run(kObeys, odd.port()), "ready ended: ok");
  EXPECT_GT(odd.requests().size(), 2U);
}

TEST(FreePort, CanBeListenedOn) {
  const Result<std::uint16_t> port = FreePort();
  ASSERT_TRUE(port);
  EXPECT_GT(*port, 0);
}

}  // namespace
}  // namespace sqlicorn::loadgen
