// SPDX-License-Identifier: MIT
#include "loadgen/report/run_notes.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/report/run_json.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RunResult Requests(int reads, int writes) {
  RunFixture run({0, 0});
  for (int i = 0; i < reads; ++i) {
    run.Read(milliseconds(10), milliseconds(1));
  }
  for (int i = 0; i < writes; ++i) {
    run.Write(milliseconds(10), milliseconds(1));
  }
  return run.Measured().result;
}

TEST(Carries, AsksForTenValuesBeyondThePercentile) {
  EXPECT_FALSE(Carries(19, 50));
  EXPECT_TRUE(Carries(20, 50));
  EXPECT_FALSE(Carries(999, 99));
  EXPECT_TRUE(Carries(1000, 99));
  EXPECT_FALSE(Carries(365, 99.9));
  EXPECT_TRUE(Carries(10'000, 99.9));
  EXPECT_TRUE(Carries(100'000, 99.99));
  EXPECT_TRUE(Carries(1, 100));
}

TEST(RunNotes, NamesThePercentilesThatRowsAreTooFewFor) {
  const std::string gap = "Verdict: VALID\nLongest time without an answer: 0.00 ms\n";
  EXPECT_EQ(RunNotes(Requests(100'000, 0)), gap + "\n");
  EXPECT_EQ(RunNotes(Requests(9000, 1000)),
            gap +
                "Too few requests for 99.9% (ten beyond it are needed): GET /read/, POST /write/\n"
                "Too few requests for 99.99% (ten beyond it are needed): GET /read/, POST /write/, "
                "Aggregated\n\n");
  EXPECT_EQ(
      RunNotes(Requests(365, 0)),
      gap +
          "Too few requests for 98%, 99%, 99.9%, 99.99% (ten beyond it are needed): GET /read/, "
          "Aggregated\n\n");
}

TEST(RunNotes, TellsLateAnswersApart) {
  RunResult result = Requests(100'000, 0);
  result.late = {2, 1, 1'500'000, "boom"};
  result.unanswered = 3;
  result.without_service_s = 1.5;
  EXPECT_EQ(RunNotes(result),
            "Verdict: VALID\n"
            "Longest time without an answer: 0.00 ms\n"
            "Users paused after broken connections for 1.50 s altogether (--reconnect-pause)\n"
            "Not answered by the end and in no number above: 3 requests\n"
            "Ended after the run and in no number above: 2 requests, the longest after 1500 ms; 1 "
            "failed, first with boom\n\n");
}

TEST(RunNotes, TellsTheOpenLoopTheLagAndTheVerdict) {
  RunResult result = Requests(100'000, 0);
  result.lag.Record(200);
  result.facts.never_sent = 1;
  result.facts.due = 8;
  result.open_loop.emplace();
  result.open_loop->rate = "poisson:5";
  result.open_loop->sends = 7;
  result.open_loop->waited = 3;
  result.open_loop->never_sent = 1;
  result.open_loop->service.Record(1500);
  const std::string text = RunNotes(result);
  for (const char* part :
       {"Verdict: INVALID: the rate was not reached: 1 of 8", "at poisson:5 per second: 7 sent",
        "for want of a free user 3; never sent: 1", "p99 1.50 ms",
        "unread in the generator for 0.20 ms (p50)"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const auto json = JsonOf(RunJson(result));
  EXPECT_EQ(json["open_loop"]["never_sent"], 1);
  EXPECT_EQ(json["verdict"]["valid"], false);
  EXPECT_EQ(json["verdict"]["reasons"].size(), 1U);
  EXPECT_EQ(json["lag"]["samples"], 1);
}

TEST(RunNotes, TellsWhatAReplayDidNotSend) {
  RunResult result = Requests(100'000, 0);
  result.replay = {0.01, 1500, 1};
  EXPECT_NE(RunNotes(result).find("Replay: 1 of 1500 requests of the log, at 0.01 times its speed; "
                                  "the others were never sent\n"),
            std::string::npos)
      << RunNotes(result);
  const auto json = JsonOf(RunJson(result));
  EXPECT_EQ(json["replay"]["sent"], 1);
  EXPECT_EQ(json["replay"]["requests"], 1500);
  result.replay->sent = 1500;
  EXPECT_EQ(RunNotes(result).find("never sent"), std::string::npos);
}

TEST(RunNotes, TellsThatItWasInterrupted) {
  RunResult result = Requests(100'000, 0);
  result.interrupted = true;
  EXPECT_EQ(RunNotes(result).find("Interrupted"), std::string::npos) << "it had no end of its own";
  result.run_time_s = 20;
  EXPECT_NE(RunNotes(result).find("\nInterrupted after 1 s of 20 s\n"), std::string::npos)
      << RunNotes(result);
  EXPECT_EQ(JsonOf(RunJson(result))["run_time_s"], 20);
}

// A server that nobody reaches is measured by nothing.
TEST(RunNotes, IsInvalidWhereNothingSucceeded) {
  RunFixture run({0, 0});
  run.Read(milliseconds(10), milliseconds(1), "ConnectionRefusedError(111, 'Connection refused')");
  const RunResult all_failed = run.Measured().result;
  EXPECT_TRUE(
      RunNotes(all_failed)
          .starts_with(
              "Verdict: INVALID: not one of 1 requests succeeded, so nothing was measured\n"));
  const auto json = JsonOf(RunJson(all_failed));
  EXPECT_EQ(json["verdict"]["valid"], false);
  run.Read(milliseconds(20), milliseconds(1));
  EXPECT_TRUE(RunNotes(run.Measured().result).starts_with("Verdict: VALID\n"));
}

TEST(RunNotes, SaysNothingElseThanTheJson) {
  const auto json = JsonOf(RunJson(Requests(365, 0)));
  EXPECT_EQ(json["aggregated"]["too_few_requests_for"],
            (nlohmann::json{"98", "99", "99.9", "99.99"}));
  EXPECT_EQ(json["late"]["requests"], 0);
}

}  // namespace
}  // namespace sqlicorn::loadgen
