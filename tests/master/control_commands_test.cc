// SPDX-License-Identifier: MIT
#include "master/control/control_commands.h"

#include <csignal>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/json/json_text.h"
#include "master/control/control_views.h"
#include "tests/master/server_status_testing.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;
using Kind = ControlEffect::Kind;
using Words = std::vector<std::string>;

std::string ErrorText(const ControlResult& result) {
  return result.outcome ? "" : result.outcome.error().message;
}

json DataOf(const Words& words, const ServerStatus& status) {
  return OrderedJsonOf(*DecideCommand(words, status).outcome);
}

struct EffectCase {
  Words words;
  const char* data;
  Kind kind;
  std::int64_t value;
};

TEST(DecideCommand, SaysWhatItChangesAndHow) {
  const std::vector<EffectCase> cases = {
      {{"worker", "add"}, R"({"added":1,"previous":4,"total":5})", Kind::kSetWanted, 5},
      {{"worker", "add", "2"}, R"({"added":2,"previous":4,"total":6})", Kind::kSetWanted, 6},
      {{"worker", "add", "11"}, R"({"added":11,"previous":4,"total":15})", Kind::kSetWanted, 15},
      {{"worker", "remove"}, R"({"removed":1,"previous":4,"total":3})", Kind::kSetWanted, 3},
      {{"worker", "remove", "10"}, R"({"removed":3,"previous":4,"total":1})", Kind::kSetWanted, 1},
      {{"worker", "kill", "102"}, R"({"killed":102})", Kind::kKillWorker, 102},
      {{"reload"}, R"({"status":"reloading","number":1})", Kind::kRaise, SIGHUP},
      {{"RELOAD"}, R"({"status":"reloading","number":1})", Kind::kRaise, SIGHUP},
      {{"reopen"}, R"({"status":"reopening"})", Kind::kRaise, SIGUSR1},
      {{"shutdown"}, R"({"status":"shutting_down","mode":"graceful"})", Kind::kRaise, SIGTERM},
      {{"shutdown", "quick"}, R"({"status":"shutting_down","mode":"quick"})", Kind::kRaise, SIGINT},
  };
  for (const EffectCase& c : cases) {
    const ControlResult result = DecideCommand(c.words, StatusWith(4));
    ASSERT_TRUE(result.outcome) << ErrorText(result);
    EXPECT_EQ(*result.outcome, c.data);
    ASSERT_TRUE(result.effect) << c.data;
    EXPECT_EQ(result.effect->kind, c.kind) << c.data;
    EXPECT_EQ(result.effect->value, c.value) << c.data;
  }
}

struct ErrorCase {
  Words words;
  const char* error;
};

TEST(DecideCommand, RefusesWithoutEffect) {
  const std::vector<ErrorCase> cases = {
      {{}, "Empty command"},
      {{"relaod"}, "Invalid argument: Unknown command: relaod (did you mean 'reload'?)"},
      {{"xyzzy"}, "Invalid argument: Unknown command: xyzzy"},
      {{"show"},
       "Invalid argument: Missing show target; there are workers, stats, histograms, config, "
       "listeners, all"},
      {{"show", "wrokers"},
       "Invalid argument: Unknown show target: wrokers (did you mean 'workers'?); there are "
       "workers, stats, histograms, config, listeners, all"},
      {{"show", "workers", "now"}, "Invalid argument: 'now' is too much for show workers"},
      {{"worker"}, "Invalid argument: Missing worker command; there are add, remove, kill"},
      {{"worker", "list"},
       "Invalid argument: Unknown worker command: list; there are add, remove, kill"},
      {{"worker", "add", "0"}, "Invalid argument: worker add takes a number from 1, not '0'"},
      {{"worker", "add", "2x"}, "Invalid argument: worker add takes a number from 1, not '2x'"},
      {{"worker", "add", "99999999999999999999"},
       "Invalid argument: worker add takes a number from 1, not '99999999999999999999'"},
      {{"worker", "add", "12"},
       "this master has room for 15 workers; for more raise server.workers, then USR2 or a restart "
       "brings a master with more room"},
      {{"worker", "remove", "-1"},
       "Invalid argument: worker remove takes a number from 1, not '-1'"},
      {{"worker", "kill"}, "Invalid argument: Missing PID for worker kill"},
      {{"worker", "kill", "100"}, "'100' is not the pid of a worker"},
      {{"worker", "kill", "1"}, "'1' is not the pid of a worker"},
      {{"worker", "kill", "-1"}, "Invalid argument: worker kill takes a PID, not '-1'"},
      {{"worker", "kill", ""}, "Invalid argument: worker kill takes a PID, not ''"},
      {{"worker", "kill", "0"}, "'0' is not the pid of a worker"},
      {{"shutdown", "now"}, "Invalid argument: Unknown shutdown mode: now"},
      {{"reload", "x"}, "Invalid argument: 'x' is too much for reload"},
  };
  for (const ErrorCase& c : cases) {
    const ControlResult result = DecideCommand(c.words, StatusWith(4));
    EXPECT_EQ(ErrorText(result), c.error);
    EXPECT_FALSE(result.effect) << c.error;
  }
}

TEST(DecideCommand, ChangesNothingButTheEndWhileTheServerStops) {
  ServerStatus status = StatusWith(4);
  status.phase = ServerStatus::Phase::kStopping;
  for (const Words& words :
       std::vector<Words>{{"worker", "add"}, {"worker", "remove"}, {"reload"}, {"reopen"}}) {
    EXPECT_EQ(ErrorText(DecideCommand(words, status)), "the server is stopping");
  }
  EXPECT_TRUE(DecideCommand({"shutdown", "quick"}, status).effect);
  EXPECT_TRUE(DecideCommand({"show", "stats"}, status).outcome);
}

// One that is under way may have read the configuration before it was changed.
TEST(DecideCommand, CountsAReloadBehindTheOneThatIsUnderWay) {
  ServerStatus status = StatusWith(4);
  status.phase = ServerStatus::Phase::kReloading;
  status.counters.reloads_begun = 3;
  EXPECT_EQ(DataOf({"reload"}, status)["number"], 4);
}

TEST(DecideCommand, RemovesNobodyFromAServerWithoutWorkers) {
  const ControlResult result = DecideCommand({"worker", "remove"}, StatusWith(0));
  EXPECT_EQ(*result.outcome, R"({"removed":0,"previous":0,"total":0})");
}

TEST(DecideCommand, HelpNamesEveryCommand) {
  const json commands = DataOf({"help"}, StatusWith(1))["commands"];
  EXPECT_EQ(commands.size(), 13U);
  for (const auto& [usage, help] : commands.items()) {
    const std::string first = usage.substr(0, usage.find(' '));
    EXPECT_FALSE(ErrorText(DecideCommand({first, "?"}, StatusWith(1)))
                     .starts_with("Invalid argument: Unknown command"));
  }
}

TEST(ShowWorkers, TellsAllAboutEachOne) {
  ServerStatus status = StatusWith(0);
  WorkerStatus worker = Worker(7, WorkerState::kReady);
  worker.slot = 3;
  worker.ordinal = 9;
  worker.generation = 2;
  worker.age = std::chrono::microseconds(1234567);
  worker.connections = 4;
  worker.requests = 5;
  worker.busy = 6;
  worker.heartbeat_age = std::chrono::milliseconds(250);
  status.workers = {worker};
  EXPECT_EQ(
      TextOf(WorkersAsJson(status)),
      R"({"workers":[{"pid":7,"slot":3,"ordinal":9,"age":1.235,"generation":2,)"
      R"("state":"ready","connections":4,"requests":5,"busy_answers":6,"heartbeat_age":0.25}],)"
      R"("count":1})");
}

TEST(ShowWorkers, TellsTheState) {
  ServerStatus status = StatusWith(0);
  WorkerStatus hung = Worker(3, WorkerState::kReady);
  hung.hung = true;
  status.workers = {Worker(1, WorkerState::kBooting), Worker(2, WorkerState::kReady), hung,
                    Worker(4, WorkerState::kStopping)};
  const json workers = WorkersAsJson(status)["workers"];
  EXPECT_EQ(workers[0]["state"], "booting");
  EXPECT_EQ(workers[0]["heartbeat_age"], nullptr);
  EXPECT_EQ(workers[1]["state"], "ready");
  EXPECT_EQ(workers[2]["state"], "hung");
  EXPECT_EQ(workers[3]["state"], "stopping");
}

TEST(ShowStats, CountsWorkersThatHaveEndedToo) {
  ServerStatus status = StatusWith(2);
  status.workers[0].requests = 10;
  status.workers[1].busy = 1;
  WorkerSlot slot{};
  slot.requests = 100;
  slot.busy = 20;
  status.counters.OnWorkerEnd({.end_cause = EndCause::kReload}, slot, false);
  status.counters.OnWorkerEnd({.end_cause = EndCause::kNone}, slot, true);
  status.counters.OnWorkerEnd({.end_cause = EndCause::kNone}, slot, false);
  const json stats = StatsAsJson(status);
  EXPECT_EQ(stats["requests"], 310);
  EXPECT_EQ(stats["busy_answers"], 61);
  EXPECT_EQ(stats["workers_ended"]["reload"], 1);
  EXPECT_EQ(stats["workers_ended"]["crashed"], 1);
  EXPECT_EQ(stats["workers_ended"]["left"], 1);
  EXPECT_EQ(stats["workers_ended"]["command"], 0);
  EXPECT_EQ(stats["workers_current"], 2);
  EXPECT_EQ(stats["scheduler"], "group");
}

TEST(ShowStats, TellsWhyTheLastReloadFailed) {
  ServerStatus status = StatusWith(1);
  EXPECT_TRUE(StatsAsJson(status)["last_reload_error"].is_null());
  status.counters.last_reload_error = "no";
  EXPECT_EQ(StatsAsJson(status)["last_reload_error"], "no");
}

TEST(ShowConfig, HasEverySettingByItsName) {
  const json config = ConfigAsJson(StatusWith(1));
  EXPECT_EQ(config["server"]["bind"], OrderedJsonOf(R"(["127.0.0.1:8000"])"));
  EXPECT_EQ(config["server"]["timeout"], 30.0);
  EXPECT_EQ(config["server"]["control_socket_mode"], "0600");
  EXPECT_EQ(config["database"]["transaction_mode"], "deferred");
  EXPECT_EQ(config["database"]["checkpointer"], "auto");
}

TEST(ShowListeners, TellsAddressDescriptorAndType) {
  ServerStatus status = StatusWith(1);
  status.listeners = {{.address = "[::1]:80", .fd = 5, .type = "tcp6"}};
  EXPECT_EQ(TextOf(ListenersAsJson(status)),
            R"({"listeners":[{"address":"[::1]:80","fd":5,"type":"tcp6"}],"count":1})");
}

void CollectKeys(const json& data, std::set<std::string>* keys) {
  for (const auto& [key, value] : data.items()) {
    if (data.is_object()) {
      keys->insert(key);
    }
    if (value.is_structured()) {
      CollectKeys(value, keys);
    }
  }
}

TEST(Document, NamesEveryKeyOfWorkersStatsListenersAndHistograms) {
  ServerStatus status = StatusWith(1);
  status.endpoints = {"GET /"};
  status.listeners = {{.address = "[::1]:80", .fd = 5, .type = "tcp6"}};
  SharedHistogram histogram;
  histogram.Record(1);
  status.workers[0].counts.batch = histogram.Read();
  std::set<std::string> keys;
  for (const char* view : {"workers", "stats", "listeners", "histograms"}) {
    CollectKeys(DataOf({"show", view}, status), &keys);
  }
  EXPECT_GT(keys.size(), 40U);
  const std::string document = ReadFile(SQLICORN_DOCS "/control.md").value();
  for (const std::string& key : keys) {
    EXPECT_NE(document.find("`" + key + "`"), std::string::npos) << key;
  }
}

TEST(ShowAll, HasTheOtherViews) {
  const json all = DataOf({"show", "all"}, StatusWith(2));
  for (const char* key : {"pid", "uptime", "workers", "listeners", "config"}) {
    EXPECT_TRUE(all.contains(key)) << key;
  }
  EXPECT_EQ(all["workers"].size(), 2U);
}

}  // namespace
}  // namespace sqlicorn
