// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/run/runner.h"
#include "tests/support/scripted_server.h"

namespace sqlicorn::loadgen {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Ok;
using testing::Reply;
using testing::ScriptedServer;
using Fate = AckLedger::Fate;

inline TaskSpec Get(const std::string& path) {
  TaskSpec task;
  task.path = path;
  task.name = path;
  return task;
}

inline TaskSpec PostUnique(const std::string& path) {
  TaskSpec task = Get(path);
  task.method = "POST";
  task.body = std::string("name=Name+0+%23") + kUniqueMark;
  task.content_type = "application/x-www-form-urlencoded";
  task.unique = true;
  task.writes = true;
  return task;
}

// Runs a scenario of one task against a script until `stop_after` answers, or for a run time.
class RunnerTest : public ::testing::Test, public RunObserver {
 protected:
  RunnerTest() : deadline_(loop_, [this] { TimedOut(); }) {
    scenario_.tasks = {Get("/x")};
    options_.stop_timeout = seconds(5);
    options_.run_id = "0123abcd";
  }

  // One user; the run is stopped when the script is asked for request number `last`.
  RunResult RunUntil(std::size_t last, ScriptedServer::Script script) {
    ScriptedServer server(loop_, [&](const std::string& request, std::size_t number) {
      if (number == last) {
        runner_->Stop();
      }
      return script(request, number);
    });
    return Run(server);
  }

  RunResult Run(ScriptedServer& server) {
    options_.host = server.url();
    RunResult result = RunAt(options_.host);
    requests_ = server.requests();
    connections_ = server.connections();
    return result;
  }

  RunResult RunAt(const std::string& host) {
    options_.host = host;
    runner_ = std::make_unique<Runner>(loop_, scenario_, options_, this);
    deadline_.Start(seconds(20));
    EXPECT_TRUE(runner_->Start().ok());
    loop_.Run();
    deadline_.Stop();
    RunResult result = runner_->result();
    lateness_ = runner_->replay_lateness();
    runner_.reset();
    return result;
  }

  void OnAllSpawned() override { ++all_spawned_; }

  void OnStatsReset() override { ++resets_; }

  void OnStopping(StopReason reason) override { reason_ = reason; }

  void OnFinished() override { loop_.Stop(); }

  void TimedOut() {
    ADD_FAILURE() << "the run did not end";
    loop_.Stop();
  }

  // The error of a run of which every request failed for the same reason.
  static std::string OnlyError(const RunResult& result) {
    EXPECT_EQ(result.stats.requests(), result.stats.failures());
    EXPECT_EQ(result.stats.errors().size(), 1u);
    return result.stats.errors().empty() ? "" : result.stats.errors()[0].error;
  }

  Loop loop_;
  Timer deadline_;
  Scenario scenario_;
  RunOptions options_;
  std::unique_ptr<Runner> runner_;
  std::vector<std::string> requests_;
  std::size_t connections_ = 0;
  StopReason reason_ = StopReason::kRunTime;
  Lateness lateness_;
  int all_spawned_ = 0;
  int resets_ = 0;
};

}  // namespace sqlicorn::loadgen
