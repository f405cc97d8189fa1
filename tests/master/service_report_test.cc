// SPDX-License-Identifier: MIT
#include "master/service/service_report.h"

#include <gtest/gtest.h>

#include "tests/master/server_status_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;
using Phase = ServerStatus::Phase;

// A report and the clock and server it looks at.
class ServiceReportTest : public testing::Test {
 protected:
  Lines After(Duration time) {
    now_ += time;
    return report_.Update(status_, now_);
  }

  // As many workers are ready as are wanted.
  void Serve(std::size_t workers) {
    status_.workers = StatusWith(workers).workers;
    status_.wanted = workers;
  }

  ServiceReport report_{std::nullopt};
  ServerStatus status_ = StatusWith(0);
  TimePoint now_{seconds(1000)};
};

TEST_F(ServiceReportTest, SaysReadyOnceAndOnlyWhenAWorkerCanServe) {
  status_.wanted = 2;
  status_.workers = {Worker(1, WorkerState::kBooting), Worker(2, WorkerState::kBooting)};
  EXPECT_EQ(After(seconds(1)), Lines{"STATUS=0 of 2 workers ready"});
  status_.workers[0].state = WorkerState::kReady;
  EXPECT_EQ(After(seconds(1)), Lines{"READY=1\nSTATUS=1 of 2 workers ready"});
  EXPECT_EQ(After(seconds(1)), Lines{});
}

TEST_F(ServiceReportTest, TellsEveryChangeOfTheWorkerCounts) {
  Serve(2);
  ASSERT_EQ(After(seconds(1)), Lines{"READY=1\nSTATUS=2 of 2 workers ready"});
  status_.workers[1].hung = true;
  EXPECT_EQ(After(seconds(1)), Lines{"STATUS=1 of 2 workers ready"});
  status_.workers[1].state = WorkerState::kStopping;
  EXPECT_EQ(After(seconds(1)), Lines{"STATUS=1 of 2 workers ready, 1 stopping"});
}

TEST_F(ServiceReportTest, TellsTheLastOfManyChangesAfterAPause) {
  Serve(3);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  Serve(4);
  EXPECT_EQ(After(milliseconds(10)), Lines{});
  EXPECT_EQ(report_.next_deadline(), now_ + milliseconds(240));
  Serve(5);
  EXPECT_EQ(After(milliseconds(10)), Lines{});
  EXPECT_EQ(After(milliseconds(230)), Lines{"STATUS=5 of 5 workers ready"});
  EXPECT_EQ(report_.next_deadline(), TimePoint::max());
}

TEST_F(ServiceReportTest, ForgetsAChangeThatWasUndone) {
  Serve(3);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  Serve(4);
  ASSERT_EQ(After(milliseconds(10)), Lines{});
  Serve(3);
  EXPECT_EQ(After(milliseconds(10)), Lines{});
  EXPECT_EQ(report_.next_deadline(), TimePoint::max());
}

TEST_F(ServiceReportTest, SaysReloadingWithTheTimeAndReadyWhenItIsDone) {
  Serve(2);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.counters.reloads_begun = 1;
  status_.phase = Phase::kReloading;
  EXPECT_EQ(After(seconds(1)), Lines{"RELOADING=1\nMONOTONIC_USEC=1002000000\n"
                                     "STATUS=Reloading: 2 of 2 workers ready"});
  EXPECT_EQ(After(seconds(1)), Lines{});
  status_.counters.reloads_done = 1;
  status_.phase = Phase::kRunning;
  EXPECT_EQ(After(seconds(1)), Lines{"READY=1\nSTATUS=2 of 2 workers ready"});
}

TEST_F(ServiceReportTest, SaysBothForAReloadThatFailedBetweenTwoLooks) {
  Serve(2);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.counters.reloads_begun = 1;
  status_.reloads_failed = 1;
  const std::string text = "STATUS=2 of 2 workers ready; the last reload failed";
  EXPECT_EQ(After(seconds(1)),
            (Lines{"RELOADING=1\nMONOTONIC_USEC=1002000000\n" + text, "READY=1\n" + text}));
}

TEST_F(ServiceReportTest, ForgetsAFailedReloadWhenOneSucceeds) {
  Serve(2);
  status_.counters.reloads_begun = status_.reloads_failed = 1;
  ASSERT_EQ(After(seconds(1)).size(), 3U);
  status_.counters.reloads_begun = 2;
  status_.counters.reloads_done = 1;
  const Lines lines = After(seconds(1));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1], "READY=1\nSTATUS=2 of 2 workers ready");
}

TEST_F(ServiceReportTest, EndsOneReloadBeforeTheNext) {
  Serve(2);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.phase = Phase::kReloading;
  status_.counters.reloads_begun = 1;
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.counters.reloads_begun = 2;
  const Lines lines = After(seconds(1));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("READY=1\n"));
  EXPECT_TRUE(lines[1].starts_with("RELOADING=1\n"));
}

TEST_F(ServiceReportTest, SaysNothingOfAReloadBeforeItWasEverReady) {
  status_.counters.reloads_begun = 1;
  status_.phase = Phase::kReloading;
  EXPECT_EQ(After(seconds(1)), Lines{"STATUS=Reloading: 0 of 0 workers ready"});
}

TEST_F(ServiceReportTest, SaysStoppingOnce) {
  Serve(2);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.phase = Phase::kStopping;
  EXPECT_EQ(After(milliseconds(1)), Lines{"STOPPING=1\nSTATUS=Stopping: 2 workers left"});
  status_.workers.pop_back();
  EXPECT_EQ(After(seconds(1)), Lines{"STATUS=Stopping: 1 workers left"});
}

TEST_F(ServiceReportTest, SaysStoppingToAManagerThatStillWaitsForReady) {
  status_.phase = Phase::kStopping;
  EXPECT_EQ(After(seconds(1)), Lines{"STOPPING=1\nSTATUS=Stopping: 0 workers left"});
}

TEST_F(ServiceReportTest, HandsOverToANewMasterInsteadOfStopping) {
  Serve(1);
  ASSERT_EQ(After(seconds(1)).size(), 1U);
  status_.phase = Phase::kStopping;
  status_.successor = 555;
  EXPECT_EQ(After(seconds(1)), Lines{"MAINPID=555\nSTATUS=Handing over: 1 workers left"});
}

// The watchdog wants to hear every ten seconds.
class WatchdogTest : public ServiceReportTest {
 protected:
  WatchdogTest() { report_ = ServiceReport(seconds(10)); }

  bool BeatsAfter(Duration time) {
    const Lines lines = After(time);
    return !lines.empty() && lines.back() == "WATCHDOG=1";
  }
};

TEST_F(WatchdogTest, BeatsAtHalfOfTheIntervalFromReadyOn) {
  status_.wanted = 2;
  EXPECT_FALSE(BeatsAfter(seconds(20)));
  Serve(2);
  EXPECT_TRUE(BeatsAfter(seconds(1)));
  EXPECT_EQ(report_.next_deadline(), now_ + seconds(5));
  EXPECT_FALSE(BeatsAfter(milliseconds(4999)));
  EXPECT_TRUE(BeatsAfter(milliseconds(1)));
  EXPECT_TRUE(BeatsAfter(seconds(5)));
}

TEST_F(WatchdogTest, BeatsWhileOneWorkerIsWell) {
  Serve(2);
  ASSERT_TRUE(BeatsAfter(seconds(1)));
  status_.workers[0].hung = true;
  EXPECT_TRUE(BeatsAfter(seconds(5)));
}

TEST_F(WatchdogTest, FallsSilentWhenNoWorkerIs) {
  for (const auto spoil : std::vector<void (*)(WorkerStatus&)>{
           [](WorkerStatus& worker) { worker.hung = true; },
           [](WorkerStatus& worker) { worker.state = WorkerState::kBooting; },
           [](WorkerStatus& worker) { worker.state = WorkerState::kStopping; }}) {
    report_ = ServiceReport(seconds(10));
    Serve(2);
    ASSERT_TRUE(BeatsAfter(seconds(10)));
    std::for_each(status_.workers.begin(), status_.workers.end(), spoil);
    EXPECT_FALSE(BeatsAfter(seconds(5)));
    EXPECT_FALSE(BeatsAfter(seconds(60)));
    Serve(2);
    EXPECT_TRUE(BeatsAfter(milliseconds(1)));
  }
}

TEST_F(WatchdogTest, DoesNotKeepTheMasterAwakeWhileItIsSilent) {
  Serve(1);
  ASSERT_TRUE(BeatsAfter(seconds(1)));
  status_.workers[0].hung = true;
  EXPECT_FALSE(BeatsAfter(seconds(6)));
  EXPECT_EQ(report_.next_deadline(), TimePoint::max());
}

TEST_F(WatchdogTest, BeatsOnWhileTheServerStops) {
  Serve(1);
  ASSERT_TRUE(BeatsAfter(seconds(1)));
  status_.phase = Phase::kStopping;
  status_.workers[0].state = WorkerState::kStopping;
  EXPECT_TRUE(BeatsAfter(seconds(5)));
}

TEST_F(WatchdogTest, BeatsForAServerThatWantsNoWorkers) {
  Serve(1);
  ASSERT_TRUE(BeatsAfter(seconds(1)));
  Serve(0);
  EXPECT_TRUE(BeatsAfter(seconds(5)));
}

}  // namespace
}  // namespace sqlicorn
