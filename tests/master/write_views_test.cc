// SPDX-License-Identifier: MIT
#include "master/control/write_views.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "master/control/control_commands.h"
#include "master/control/control_views.h"
#include "tests/master/server_status_testing.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;

HistogramCounts Recorded(const std::vector<std::uint64_t>& values) {
  SharedHistogram histogram;
  for (const std::uint64_t value : values) {
    histogram.Record(value);
  }
  return histogram.Read();
}

// A worker that has ended and one that lives, with an endpoint that only the latter has served.
ServerStatus StatusWithWrites() {
  ServerStatus status = StatusWith(1);
  status.endpoints = {"GET /read/", "POST /write/"};
  WorkerCounts& ended = status.counters.ended_counts;
  ended = {.writes = 10,
           .queue_full = 3,
           .queue_timeout = 1,
           .foreign_us = 1500,
           .revocations = 1,
           .locked = {1, 2, 3, 4}};
  ended.batch = Recorded({1, 1, 1});
  WorkerCounts& living = status.workers[0].counts;
  living = {.writes = 5, .foreign_waits = 2, .foreign_us = 500, .locked = {1, 0, 0, 0}};
  living.wait_us = Recorded({10, 4000});
  living.hold_us = Recorded({15});
  living.batch = Recorded({9});
  living.answers = {0, 0, 7, 0, 2, 1};
  living.failed = {4, 0, 0, 0, 0, 0, 2, 0};
  living.foreign_now_us = 2500;
  ended.answers = {0, 0, 1, 0, 0, 3};
  living.reads_running = 2;
  living.reads_held = 3;
  living.reads_waiting = 4;
  living.reads_begun = 9;
  living.timed_out = 1;
  ended.reads_begun = 1;
  ended.reads_dropped = 1;
  living.endpoints.resize(2);
  living.endpoints[1] = {.requests = 6,
                         .busy = 1,
                         .locked = {0, 1, 0, 0},
                         .wait_us = Recorded({10}),
                         .errors = 3,
                         .run_us = Recorded({12, 13})};
  return status;
}

TEST(ShowStats, AddsUpTheWritesOfAllWorkers) {
  const json stats = StatsAsJson(StatusWithWrites());
  EXPECT_EQ(stats["writes"], 15);
  EXPECT_EQ(stats["queue_full"], 3);
  EXPECT_EQ(stats["queue_timeout"], 1);
  EXPECT_EQ(stats["turns"], 1);
  EXPECT_EQ(stats["batches"], 4);
  EXPECT_EQ(stats["batch_p50"], 1);
  EXPECT_EQ(stats["batch_p99"], 9);
  EXPECT_EQ(stats["wait_p50_ms"], 0.01);
  EXPECT_NEAR(stats["wait_p99_ms"].get<double>(), 4, 0.25);
  EXPECT_EQ(stats["hold_p50_ms"], 0.015);
  EXPECT_EQ(stats["foreign_waits"], 2);
  EXPECT_EQ(stats["foreign_ms"], 2.0);
  EXPECT_EQ(stats["revocations"], 1);
  EXPECT_EQ(TextOf(stats["locked"]), R"({"busy":2,"snapshot":3,"recovery":2,"timeout":4})");
}

TEST(ShowStats, TellsOfReadsInSlices) {
  const json stats = StatsAsJson(StatusWithWrites());
  EXPECT_EQ(stats["long_reads"].dump(),
            R"({"running":2,"held":3,"waiting":4,"begun":10,"dropped":1})");
  EXPECT_EQ(stats["timed_out"], 1);
}

TEST(ShowStats, TellsErrorsByClassAndCauseAndALockThatIsStillHeld) {
  const json stats = StatsAsJson(StatusWithWrites());
  EXPECT_EQ(TextOf(stats["answers"]), R"({"2xx":8,"4xx":2,"5xx":4})");
  EXPECT_EQ(stats["failed"]["full"], 4);
  EXPECT_EQ(stats["failed"]["constraint"], 2);
  EXPECT_EQ(stats["failed"]["io"], 0);
  EXPECT_EQ(stats["foreign_now_ms"], 2.5);
  ServerStatus idle = StatusWithWrites();
  idle.workers[0].counts.foreign_now_us = 0;
  EXPECT_TRUE(StatsAsJson(idle)["foreign_now_ms"].is_null());
}

TEST(ShowStats, TellsTheWritesOfEveryWorkerAndEndpoint) {
  const json stats = StatsAsJson(StatusWithWrites());
  EXPECT_EQ(
      TextOf(stats["writers"]),
      R"([{"pid":101,"writes":5,"queue_full":0,"queue_timeout":0,"turns":1,"batches":1,"batch_p50":9,"batch_p99":9,)"
      R"("wait_p50_ms":0.01,"wait_p99_ms":3.968,"hold_p50_ms":0.015,"hold_p99_ms":0.015}])");
  EXPECT_EQ(
      TextOf(stats["locks"]),
      R"([{"pid":101,"foreign_waits":2,"foreign_ms":0.5,"foreign_now_ms":2.5,"revocations":0,"locked_busy":1,)"
      R"("locked_snapshot":0,"locked_recovery":0,"locked_timeout":0}])");
  EXPECT_EQ(
      TextOf(stats["endpoints"]),
      R"([{"endpoint":"GET /read/","requests":0,"busy_answers":0,"outdated_answers":0,"errors":0,"run_p50_ms":null,"run_p99_ms":null,"wait_p50_ms":null,)"
      R"("wait_p99_ms":null,"locked_busy":0,"locked_snapshot":0,"locked_recovery":0,)"
      R"("locked_timeout":0},{"endpoint":"POST /write/","requests":6,"busy_answers":1,"outdated_answers":0,"errors":3,"run_p50_ms":0.012,"run_p99_ms":0.013,)"
      R"("wait_p50_ms":0.01,"wait_p99_ms":0.01,"locked_busy":0,"locked_snapshot":0,)"
      R"("locked_recovery":1,"locked_timeout":0}])");
}

TEST(ShowStats, TellsWhoHasTheTurnAndSinceWhen) {
  ServerStatus status = StatusWith(1);
  EXPECT_TRUE(StatsAsJson(status)["turn_of"].is_null());
  EXPECT_TRUE(StatsAsJson(status)["turn_age_ms"].is_null());
  status.turn_of = 101;
  status.turn_age = std::chrono::microseconds(2500);
  EXPECT_EQ(StatsAsJson(status)["turn_of"], 101);
  EXPECT_EQ(StatsAsJson(status)["turn_age_ms"], 2.5);
}

TEST(ShowStats, LeavesBlankWhatWasNotMeasured) {
  const json stats = StatsAsJson(StatusWith(1));
  for (const char* name : {"batch_p50", "wait_p99_ms", "hold_p50_ms"}) {
    EXPECT_TRUE(stats[name].is_null()) << name;
  }
}

// "foreign_waits foreign_ms locked.busy", of the server and of its worker.
std::string Unknown(const json& stats) {
  const json& lock = stats["locks"][0];
  return fmt::format("{} {} {} {} {} {}", TextOf(stats["foreign_waits"]),
                     TextOf(stats["foreign_ms"]), TextOf(stats["locked"]["busy"]),
                     TextOf(lock["foreign_waits"]), TextOf(lock["foreign_ms"]),
                     TextOf(lock["locked_busy"]));
}

TEST(ShowStats, LeavesBlankWhatTheSchedulerCannotKnow) {
  const std::vector<std::pair<SchedulerKind, const char*>> cases = {
      {SchedulerKind::kNone, "null null 0 null null 0"},
      {SchedulerKind::kBusy, "null null null null null null"},
      {SchedulerKind::kConstant, "null null null null null null"},
      {SchedulerKind::kRetry, "null null 0 null null 0"},
      {SchedulerKind::kFifo, "0 0.0 0 0 0.0 0"},
      {SchedulerKind::kGroup, "0 0.0 0 0 0.0 0"}};
  for (const auto& [scheduler, unknown] : cases) {
    ServerConfig config;
    config.database.scheduler = scheduler;
    ServerStatus status = StatusWith(1);
    status.config = &config;
    EXPECT_EQ(Unknown(StatsAsJson(status)), unknown);
  }
}

TEST(ShowHistograms, CountsEveryValueOfAllWorkers) {
  const json data =
      OrderedJsonOf(*DecideCommand({"show", "histograms"}, StatusWithWrites()).outcome);
  EXPECT_EQ(data["count"], 5);
  EXPECT_EQ(TextOf(data["histograms"][0]), R"({"name":"wait_us","value":10.0,"count":1})");
  EXPECT_EQ(TextOf(data["histograms"][3]), R"({"name":"batch","value":1.0,"count":3})");
}

}  // namespace
}  // namespace sqlicorn
