// SPDX-License-Identifier: MIT
#include "loadgen/selftest/trials.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/compare/audit.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/row_tally.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/run_notes.h"
#include "loadgen/run/runner.h"
#include "loadgen/selftest/toy_server.h"
#include "loadgen/server/scratch_directory.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

constexpr Duration kRunTime = std::chrono::seconds(2);  // shorter ones are not judged
constexpr Duration kFreezeAfter = milliseconds(500);
constexpr Duration kFreeze = std::chrono::seconds(1);
constexpr Duration kToldOfFreeze = milliseconds(900);
constexpr int kRivals = 4;
constexpr std::uint64_t kForgottenWrite = 7;

Scenario Asking(Duration pause) {
  Scenario scenario;
  scenario.source = "selftest";
  scenario.tasks.resize(1);
  scenario.tasks[0].path = scenario.tasks[0].name = "/";
  scenario.wait.least = pause;
  return scenario;
}

Scenario Writing() {
  Scenario scenario = Asking(milliseconds(1));
  TaskSpec& task = scenario.tasks[0];
  task.method = "POST";
  task.content_type = "application/x-www-form-urlencoded";
  task.body = fmt::format("name={}", kUniqueMark);
  task.unique = task.writes = true;
  return scenario;
}

// One run against a toy server, on a loop of its own.
class Trial final : private RunObserver {
 public:
  Trial(Scenario scenario, Duration run_time, std::uint32_t users = 4)
      : scenario_(std::move(scenario)) {
    options_.users = users;
    options_.spawn_rate = 1000;
    options_.run_time = run_time;
  }

  [[nodiscard]] Status Start(const ToyServer::Behaviour& behaviour) {
    Result<ToyServer> toy = ToyServer::Start(loop_, behaviour);
    if (!toy) {
      return toy.error();
    }
    toy_.emplace(*std::move(toy));
    options_.host = toy_->url();
    runner_ = std::make_unique<Runner>(loop_, scenario_, options_, static_cast<RunObserver*>(this));
    return runner_->Start();
  }

  RunResult Run() {
    loop_.Run();
    return runner_->result();
  }

  [[nodiscard]] Loop& loop() { return loop_; }

  [[nodiscard]] ToyServer& toy() { return *toy_; }

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }

 private:
  void OnFinished() override {
    toy_->End([this] { loop_.Stop(); });
  }

  Loop loop_;
  Scenario scenario_;
  RunOptions options_;
  std::optional<ToyServer> toy_;
  std::unique_ptr<Runner> runner_;
};

// The first line of a report that begins so with those that are indented after it, "" without one.
std::string LineOf(const std::string& report, std::string_view begin) {
  std::string found;
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    if (!found.empty() && !line.starts_with(' ')) {
      break;
    }
    if (!found.empty()) {
      found += line.substr(std::min(line.find_first_not_of(' '), line.size()) - 1);
    } else if (line.starts_with(begin)) {
      found = line;
    }
  }
  return found;
}

// Holds this process, and what it starts meanwhile, on the core where it is.
class OnOneCore {
 public:
  OnOneCore() {
    CPU_ZERO(&before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
    held_ = sched_getaffinity(0, sizeof(before_), &before_) == 0 &&
            sched_setaffinity(0, sizeof(one), &one) == 0;
  }

  ~OnOneCore() {
    if (held_) {
      sched_setaffinity(0, sizeof(before_), &before_);
    }
  }

  OnOneCore(const OnOneCore&) = delete;
  OnOneCore& operator=(const OnOneCore&) = delete;

  [[nodiscard]] bool held() const { return held_; }

 private:
  cpu_set_t before_{};
  bool held_ = false;
};

// The report of a comparison with this run alone.
std::string ReportOf(const RunResult& result, const Audit& audit) {
  ComparisonPlan plan;
  plan.configurations.resize(1);
  plan.configurations[0].name = "toy";
  ComparisonBuilder builder(plan, Provenance());
  MeasuredRun run{{}, result, {}, audit, ""};
  builder.Add(run);
  return ComparisonTerminal(builder.Build());
}

}  // namespace

Result<TrialOutcome> FreezeTheServer() {
  Trial trial(Asking(milliseconds(1)), kRunTime);
  if (Status started = trial.Start({}); !started) {
    return started.error();
  }
  Timer freeze(trial.loop(), [&] { trial.toy().Freeze(); });
  Timer thaw(trial.loop(), [&] { trial.toy().Thaw(); });
  freeze.Start(kFreezeAfter);
  thaw.Start(kFreezeAfter + kFreeze);
  const RunResult result = trial.Run();
  const auto told_us = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(kToldOfFreeze).count());
  const std::uint64_t slowest_us = result.stats.Aggregated().latency.max_us();
  const std::string silence = LineOf(RunNotes(result), "Longest time without an answer");
  return TrialOutcome{slowest_us >= told_us && !silence.empty() &&
                          result.stats.LongestGapSeconds() >= ToSeconds(kToldOfFreeze),
                      fmt::format("Slowest request: {:.1f} ms; {}",
                                  static_cast<double>(slowest_us) / 1000, silence)};
}

Result<TrialOutcome> StarveTheGenerator() {
  Trial trial(Asking(Duration::zero()), kRunTime);
  if (Status started = trial.Start({}); !started) {
    return started.error();
  }
  const OnOneCore narrow;
  if (!narrow.held()) {
    return Error{"cannot stay on one core (sched_setaffinity)"};
  }
  std::vector<std::unique_ptr<ChildProcess>> rivals;
  for (int i = 0; i < kRivals; ++i) {
    auto rival = ChildProcess::Start(trial.loop(), {RivalCommand(), "", ""}, [](ProcessExit) {});
    if (!rival) {
      return rival.error();
    }
    rivals.push_back(*std::move(rival));
  }
  const std::string verdict = LineOf(RunNotes(trial.Run()), "Verdict");
  return TrialOutcome{verdict.find("INVALID") != verdict.npos &&
                          verdict.find("kept waiting for a core") != verdict.npos,
                      verdict};
}

Result<TrialOutcome> LoseAWrite() {
  const Result<ScratchDirectory> directory = ScratchDirectory::Create("");
  if (!directory) {
    return directory.error();
  }
  const std::string rows_file = directory->path() + "/rows";
  // Of one user, so that the write that is forgotten is known by its number.
  Trial trial(Writing(), milliseconds(300), 1);
  if (Status started = trial.Start({kForgottenWrite, rows_file}); !started) {
    return started.error();
  }
  const RunResult result = trial.Run();
  const Result<std::vector<std::string>> rows = ReadToyRows(rows_file);
  if (!rows) {
    return rows.error();
  }
  RowsBefore none;
  none.Close();
  RowTally tally(result.run_id, result.ledger.issued(), none);
  for (const std::string& value : *rows) {
    tally.Add({{"name", value}});
  }
  const Audit audit = JudgeRows(trial.scenario(), result.ledger, tally);
  const std::string failure = LineOf(ReportOf(result, audit), "AUDIT FAILED");
  return TrialOutcome{audit.lost == 1 && failure.find("1 lost") != failure.npos, failure};
}

}  // namespace sqlicorn::loadgen
