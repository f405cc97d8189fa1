// SPDX-License-Identifier: MIT
// The write scheduler as `sqlicornctl show stats` shows it.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/control_site.h"
#include "tests/integration/writers.h"
#include "tests/support/sqlite_file.h"

namespace sqlicorn {
namespace {

using nlohmann::json;

json Endpoint(const json& stats, const std::string& name) {
  for (const json& endpoint : stats["endpoints"]) {
    if (endpoint["endpoint"] == name) {
      return endpoint;
    }
  }
  return {};
}

TEST(WriteStats, CountTheTrafficOfTheQueue) {
  ControlSite control({"--set", "database.scheduler=group"});
  RawClient client(control.server().port());
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(client.Ask(PostForm("/add/", "name=a")).status, 200);
  }
  ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
  const json stats = control.Data("show stats");
  EXPECT_EQ(stats["writes"], 5);
  EXPECT_EQ(stats["turns"], 5) << "one user alone: every write is a turn";
  EXPECT_EQ(stats["batches"], 5);
  EXPECT_EQ(stats["batch_p99"], 1);
  EXPECT_GT(stats["hold_p50_ms"], 0);
  EXPECT_LT(stats["wait_p50_ms"], 1000);
  EXPECT_EQ(stats["foreign_waits"], 0);
  EXPECT_EQ(stats["writers"].size(), 2U);
  EXPECT_EQ(stats["locks"].size(), 2U);
  EXPECT_EQ(Endpoint(stats, "GET,POST /add/")["requests"], 5);
  EXPECT_FALSE(Endpoint(stats, "GET,POST /add/")["wait_p50_ms"].is_null());
  EXPECT_TRUE(Endpoint(stats, "GET /count/")["wait_p50_ms"].is_null());
}

TEST(WriteStats, CountAForeignWriter) {
  ControlSite control({"--set", "database.scheduler=group"});
  SqliteFile foreign(control.site().database_path());
  foreign.Run("BEGIN IMMEDIATE");
  RawClient client(control.server().port());
  ASSERT_TRUE(client.Send(PostForm("/add/", "name=a")));
  EXPECT_TRUE(WaitFor([&] { return control.Data("show stats")["locked"]["busy"] >= 2; }));
  EXPECT_TRUE(WaitFor([&] { return control.Data("show stats")["foreign_now_ms"] > 0; }))
      << "it is told while it is held";
  foreign.Run("COMMIT");
  EXPECT_EQ(client.ReadAnswer().status, 200);
  EXPECT_TRUE(WaitFor([&] { return control.Data("show stats")["foreign_now_ms"].is_null(); }));
  const json stats = control.Data("show stats");
  EXPECT_EQ(stats["foreign_waits"], 1);
  EXPECT_GT(stats["foreign_ms"], 0);
  EXPECT_EQ(stats["busy_answers"], 0) << "it was answered with success";
}

TEST(WriteStats, CountErrorsByClassAndCauseAndHowLongStatementsTook) {
  ControlSite control({"--set", "database.pragmas.max_page_count=20"});
  RawClient client(control.server().port());
  const std::string form = "name=" + std::string(4000, 'a');
  int full = 0;
  for (int i = 0; i < 40; ++i) {
    full += client.Ask(PostForm("/add/", form)).status == 503 ? 1 : 0;
  }
  ASSERT_GT(full, 0);
  const int refused = control.Data("show stats")["answers"]["4xx"];  // of those that waited for it
  EXPECT_EQ(client.Ask(Get("/nowhere/")).status, 404);
  const json stats = control.Data("show stats");
  EXPECT_EQ(stats["failed"]["full"], full);
  EXPECT_EQ(stats["answers"]["5xx"], full);
  EXPECT_EQ(stats["answers"]["4xx"], refused + 1);
  EXPECT_EQ(stats["answers"]["2xx"], 40 - full);
  EXPECT_EQ(stats["busy_answers"], 0);
  EXPECT_EQ(Endpoint(stats, "GET,POST /add/")["errors"], full);
  EXPECT_GT(Endpoint(stats, "GET,POST /add/")["run_p50_ms"], 0);
  EXPECT_TRUE(Endpoint(stats, "GET /count/")["run_p50_ms"].is_null());
}

TEST(WriteStats, CountLocksByTheirCauseAndLeaveTheQueueBlank) {
  ControlSite control({"--set", "database.scheduler=none"});
  Writers writers(control.server().port(), "/deferred/", 3);
  EXPECT_TRUE(WaitFor([&] {
    const json locked = control.Data("show stats")["locked"];
    return locked["snapshot"] > 0 || writers.refused() > 50;
  }));
  writers.Stop();
  const json stats = control.Data("show stats");
  EXPECT_GT(stats["locked"]["snapshot"], 0);
  EXPECT_EQ(stats["locked"]["snapshot"].get<int>() + stats["locked"]["busy"].get<int>(),
            stats["busy_answers"]);
  EXPECT_EQ(Endpoint(stats, "POST /deferred/")["busy_answers"], stats["busy_answers"]);
  EXPECT_EQ(Endpoint(stats, "POST /deferred/")["locked_snapshot"], stats["locked"]["snapshot"]);
  EXPECT_EQ(stats["turns"], 0);
  EXPECT_TRUE(stats["batch_p50"].is_null());
  EXPECT_TRUE(stats["wait_p50_ms"].is_null());
}

// A transaction of a second in one worker, and writes that come to the other one meanwhile.
class StandingLine : public testing::Test {
 protected:
  explicit StandingLine(const std::string& setting = "write_queue_timeout=0.2")
      : control_({"--set", "database.scheduler=group", "--set", "database." + setting}),
        holder_(control_.server().port()) {
    EXPECT_TRUE(holder_.Send(PostForm("/slow_add/", "name=slow")));
    EXPECT_TRUE(WaitFor([&] { return !control_.Data("show stats")["turn_of"].is_null(); }));
  }

  [[nodiscard]] pid_t HoldersWorker() { return control_.site().WorkerOf(holder_); }

  [[nodiscard]] std::unique_ptr<RawClient> Beside() {
    return control_.site().ConnectBeside(HoldersWorker());
  }

  ControlSite control_;
  RawClient holder_;
};

class FullLine : public StandingLine {
 protected:
  FullLine() : StandingLine("max_pending_writes=1") {}
};

TEST_F(StandingLine, SaysWhoHasTheTurn) {
  const json before = control_.Data("show stats");
  EXPECT_EQ(before["turn_of"], HoldersWorker());
  EXPECT_TRUE(WaitFor([&] {
    const json stats = control_.Data("show stats");
    return stats["turn_of"].is_null() || stats["turn_age_ms"] > before["turn_age_ms"];
  }));
  EXPECT_EQ(holder_.ReadAnswer().status, 200);
  EXPECT_TRUE(WaitFor([&] { return control_.Data("show stats")["turn_of"].is_null(); }));
}

TEST_F(StandingLine, RefusesWhoseTurnDidNotComeAndSaysSo) {
  const auto late = Beside();
  const auto answer = late->Ask(PostForm("/immediate/", "name=late"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("\"detail\":\"database is locked: no turn to write came within "
                             "database.write_queue_timeout (SQLITE_BUSY)\""),
            std::string::npos)
      << answer.body;
  EXPECT_TRUE(control_.server().LogHas("write_queue_timeout (SQLITE_BUSY)\n"))
      << "nothing was begun that could be rolled back: " << control_.server().log();
  EXPECT_EQ(holder_.ReadAnswer().status, 200);
  const json stats = control_.Data("show stats");
  EXPECT_EQ(stats["queue_timeout"], 1);
  EXPECT_EQ(stats["queue_full"], 0);
  EXPECT_EQ(stats["busy_answers"], 1);
  EXPECT_EQ(stats["writes"], 1);
}

TEST_F(FullLine, RefusesWhatDoesNotFitAndSaysSo) {
  const auto first = Beside();
  const auto second = Beside();
  ASSERT_TRUE(first->Send(PostForm("/immediate/", "name=b")));
  ASSERT_TRUE(second->Send(PostForm("/immediate/", "name=c")));
  int refused = 0;  // whichever came second
  for (RawClient* client : {first.get(), second.get()}) {
    const auto answer = client->ReadAnswer();
    refused += answer.status == 503 ? 1 : 0;
    EXPECT_TRUE(answer.status == 200 ||
                answer.body.find("\"detail\":\"too many writes are waiting: "
                                 "database.max_pending_writes is reached (SQLITE_BUSY)\"") !=
                    std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(holder_.ReadAnswer().status, 200);
  const json stats = control_.Data("show stats");
  EXPECT_EQ(stats["queue_full"], 1);
  EXPECT_EQ(stats["queue_timeout"], 0);
  EXPECT_EQ(stats["writes"], 2);
}

TEST(WriteStats, OutliveTheirWorkers) {
  ControlSite control({"--set", "database.scheduler=group"});
  RawClient client(control.server().port());
  ASSERT_EQ(client.Ask(PostForm("/add/", "name=a")).status, 200);
  ASSERT_EQ(control.Data("reload")["status"], "reloading");
  ASSERT_TRUE(WaitFor([&] {
    const json stats = control.Data("show stats");
    return stats["reloads_done"] == 1 && stats["workers_current"] == 2;
  }));
  RawClient again(control.server().port());
  ASSERT_EQ(again.Ask(PostForm("/add/", "name=b")).status, 200);
  const json stats = control.Data("show stats");
  EXPECT_EQ(stats["writes"], 2);
  EXPECT_EQ(stats["turns"], 2);
  EXPECT_EQ(Endpoint(stats, "GET,POST /add/")["requests"], 2);
}

TEST(WriteStats, ReadWellOnATerminal) {
  ControlSite control({"--set", "database.scheduler=group"});
  const Said said = control.Run("show stats");
  EXPECT_LT(said.text.find("\nwrites "), said.text.find("\nendpoint ")) << "totals first";
  for (const char* head : {"pid ", "\npid ", "\nendpoint ", "\nwrites "}) {
    EXPECT_NE(said.text.find(head), std::string::npos) << head << "\n" << said.text;
  }
}

}  // namespace
}  // namespace sqlicorn
