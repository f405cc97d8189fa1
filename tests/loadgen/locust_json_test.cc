// SPDX-License-Identifier: MIT
#include "loadgen/report/locust_json.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/stats/run_stats.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr std::int64_t kStartUs = 1'795'341'194'500'000;

Scenario TwoTasks() {
  Scenario scenario;
  scenario.tasks.resize(2);
  scenario.tasks[0].name = "/a";
  scenario.tasks[1].name = "/b";
  scenario.tasks[1].method = "POST";
  return scenario;
}

// /b is answered before /a, and fails once.
Json Written() {
  RunStats stats(TwoTasks());
  const TimePoint start = Clock::now();
  stats.Begin(start, kStartUs);
  const auto record = [&](std::size_t task, int from_ms, int to_ms, Outcome outcome) {
    Sample sample;
    sample.task = task;
    sample.outcome = outcome;
    sample.body_bytes = 2;
    sample.intended_start = start + milliseconds(from_ms);
    sample.start = sample.intended_start;
    sample.end = start + milliseconds(to_ms);
    stats.Record(sample, outcome == Outcome::kOk ? "" : "error");
  };
  record(1, 0, 7, Outcome::kOk);
  record(0, 0, 10, Outcome::kOk);
  record(1, 400, 515, Outcome::kErrorStatus);
  record(1, 2000, 2007, Outcome::kOk);
  return OrderedJsonOf(LocustJson(stats));
}

// What each member is, so that two files can be told to have the same form.
std::string FormOf(const Json& entry) {
  std::string form;
  for (const auto& [name, value] : entry.items()) {
    form += name +
            (value.is_number_float() ? " real"
             : value.is_number()     ? " integer"
                                     : "") +
            (value.is_string()   ? " text"
             : value.is_object() ? " table"
                                 : "") +
            "\n";
  }
  return form;
}

TEST(LocustJson, HasTheFormOfLocusts) {
  const Json locusts = OrderedJsonOf(testing::ReadAll(GOLDEN_DIR "/locust.json"));
  ASSERT_EQ(locusts.size(), 2u);
  for (const Json& entry : Written()) {
    EXPECT_EQ(FormOf(entry), FormOf(locusts[0]));
  }
}

TEST(LocustJson, TellsEachEndpointInTheOrderOfFirstAnswers) {
  const Json written = Written();
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(TextOf(written[0]),
            R"({"name":"/b","method":"POST","last_request_timestamp":1795341196.507,)"
            R"("start_time":1795341194.507,"num_requests":3,"num_none_requests":0,)"
            R"("num_failures":1,"total_response_time":129.0,"max_response_time":115.0,)"
            R"("min_response_time":7.0,"total_content_length":6,)"
            R"("response_times":{"7":2,"120":1},)"
            R"("num_reqs_per_sec":{"1795341194":1,"1795341195":1,"1795341196":1},)"
            R"("num_fail_per_sec":{"1795341195":1}})");
  EXPECT_EQ(written[1]["name"], "/a");
}

TEST(LocustJson, LeavesOutWhatHadNoRequest) {
  EXPECT_EQ(LocustJson(RunStats(TwoTasks())), "[]\n");
}

TEST(LocustJson, GoesToAFileThatEndsInJson) {
  const TempDir dir;
  EXPECT_EQ(LocustJsonPath("a"), "a.json");
  EXPECT_EQ(LocustJsonPath("a.json"), "a.json");
  EXPECT_EQ(LocustJsonPath(dir.File("x")), dir.File("x.json"));
  EXPECT_EQ(LocustJsonPath("/dev/null"), "/dev/null");
  EXPECT_EQ(LocustJsonPath(""), "");
}

}  // namespace
}  // namespace sqlicorn::loadgen
