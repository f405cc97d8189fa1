// SPDX-License-Identifier: MIT
#include "loadgen/max_comparison.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/uv/child_process.h"
#include "loadgen/comparison_session.h"
#include "loadgen/plan/plan_order.h"
#include "loadgen/report/number_text.h"
#include "loadgen/report/report_table.h"
#include "loadgen/report/run_json.h"
#include "loadgen/report_files.h"
#include "loadgen/server/guard.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kPrecision = 0.05;  // between the met and the missed rate
constexpr std::uint32_t kMostRounds =
    60;  // from half a request a second to a million, and narrower

std::string StepText(const std::string& name, const MaxStep& step, const Metric& metric) {
  const char* verdict = step.met ? "met" : step.untold ? "not told" : "missed";
  std::string text = fmt::format("{:<24} {:>10.1f}/s  {:>12}  {}\n", name, step.rate,
                                 MetricText(metric, step.value), verdict);
  for (const std::string& reason : step.against) {
    text += fmt::format("{:<24} {}\n", "", reason);
  }
  return text;
}

std::string RateCell(std::optional<double> rate) {
  return rate ? RateText(*rate) : "-";
}

}  // namespace

Ending FindMaxOfEach(const RunSetup& setup, const MaxWish& wish, ScratchDirectory* directory,
                     Console* console) {
  console->Print(
      fmt::format("{} configurations, looking for the greatest rate at which {}, seed {}\n",
                  setup.plan.configurations.size(), wish.objective.text, setup.seed));
  MaxComparison search(setup, wish.objective, wish.first_rate, *console);
  ComparisonRunner runner(setup, directory->path(), &search);
  const InterruptOnSignals signals(setup.loop, runner);
  const auto sweeper =
      ChildProcess::Start(setup.loop, {SweeperOf(directory->path()), "", ""}, [](ProcessExit) {});
  runner.Start();
  setup.loop.Run();
  BlockSignals();
  Ending ending = Ending::kGood;
  if (search.any_run()) {
    ending = std::max(search.ending(), WriteOut(search.Text(), console));
  }
  if (!search.status() && !signals.interrupted()) {
    console->Print(fmt::format("sqlicorn-loadgen: {}\n", search.status().error().message));
    ending = std::max(ending, search.any_run() ? Ending::kError : Ending::kUsage);
  }
  for (const std::string& failure : search.audit_failures()) {
    console->Print(fmt::format("AUDIT FAILED: {}\n", failure));
    directory->Keep();
    ending = std::max(ending, Ending::kWritesLost);
  }
  if (directory->kept()) {
    console->Print(fmt::format("databases and logs are kept in {}\n", directory->path()));
  }
  if (signals.interrupted()) {
    console->Print("interrupted\n");
    ending = std::max(ending, Ending::kInterrupted);
  }
  const Status written = wish.json_file.empty() || !search.any_run()
                             ? Status()
                             : WriteFile(wish.json_file, search.Json());
  if (!written) {
    console->Print(fmt::format("sqlicorn-loadgen: {}\n", written.error().message));
  }
  return written ? ending : std::max(ending, Ending::kNotWritten);
}

MaxComparison::MaxComparison(const RunSetup& setup, Objective objective, double first_rate,
                             Console& console)
    : loop_(setup.loop),
      plan_(setup.plan),
      objective_(std::move(objective)),
      console_(console),
      builder_(setup.plan, Provenance()),
      order_(PlanOrder(setup.plan.configurations.size(), kMostRounds, setup.seed)) {
  for (const PlanConfiguration& configuration : plan_.configurations) {
    const FoundMax found{setup.scenario.source, configuration.name, objective_, {}, {}, false, {}};
    searches_.push_back({MaxSearch(first_rate, kPrecision), found});
  }
}

ComparisonObserver::Files MaxComparison::OnRunMeasured(MeasuredRun run) {
  ++runs_;
  builder_.Add(run);
  if (run.costs) {
    run.result.facts.server_cpu_s = run.costs->cpu_s;  // what is neither ours nor its is foreign
  }
  Search& search = searches_[run.step.configuration];
  const MaxStep step = StepOf(*run.step.rate, objective_, run.result);
  search.found.steps.push_back(step);
  search.search.Tell(step.met);
  console_.Print(
      StepText(plan_.configurations[run.step.configuration].name, step, objective_.metric));
  return run.audit.clean() ? Files::kRemove : Files::kKeep;
}

void MaxComparison::OnRunFailed(const FailedRun& run) {
  ++runs_;
  builder_.AddFailed(run);
  searches_[run.step.configuration].failed = true;
  console_.Print(
      fmt::format("{} FAILED: {}\n", plan_.configurations[run.step.configuration].name, run.why));
}

// A configuration that failed at a rate is not tried at another.
std::vector<PlanStep> MaxComparison::NextRound(const std::vector<bool>& /*given_up*/) {
  std::vector<PlanStep> steps;
  const std::size_t size = searches_.size();
  for (std::size_t i = 0; i < size && round_ < kMostRounds; ++i) {
    PlanStep step = order_[round_ * size + i];
    const Search& search = searches_[step.configuration];
    if (!search.failed && !search.search.done()) {
      step.rate = search.search.rate();
      steps.push_back(step);
    }
  }
  ++round_;
  return steps;
}

void MaxComparison::OnComparisonEnded(const Status& status) {
  status_ = status;
  loop_.Stop();
}

FoundMax MaxComparison::FoundOf(const Search& search) const {
  FoundMax found = search.found;
  found.met = search.search.met();
  found.missed = search.search.missed();
  found.untold = std::any_of(found.steps.begin(), found.steps.end(), [&](const MaxStep& step) {
    return step.untold && step.rate == found.missed;
  });
  return found;
}

std::string MaxComparison::Text() const {
  ReportTable table;
  table.title = fmt::format("The greatest rate at which {}", objective_.text);
  table.columns = {{"", "configuration", Align::kLeft},
                   {"a second", "met", Align::kRight},
                   {"a second", "missed", Align::kRight},
                   {"", "ratio", Align::kRight},
                   {"", "what is known", Align::kLeft}};
  const std::optional<double> first = FoundOf(searches_.front()).met;
  for (const Search& search : searches_) {
    const FoundMax found = FoundOf(search);
    const char* known = search.failed           ? "a run failed"
                        : found.untold          ? "beyond, the generator or the machine cannot tell"
                        : !search.search.done() ? "ended early"
                        : found.met             ? "to 5 %"
                                                : "met at no rate";
    table.rows.push_back({found.host, RateCell(found.met), RateCell(found.missed),
                          found.met && first ? RatioText(*found.met / *first) : "-", known});
  }
  return TextOf(table) +
         fmt::format(
             "\nEach rate was tried once, for {:g} s, with a fresh server and database; latencies "
             "are from when a request was due.\nWhat the first differs from itself by, where it is "
             "measured twice, no smaller difference proves.\n",
             ToSeconds(plan_.duration));
}

std::string MaxComparison::Json() const {
  std::vector<std::string> members;
  for (const Search& search : searches_) {
    const FoundMax found = FoundOf(search);
    members.push_back(fmt::format("\"{}\": {}", found.host, FoundMaxJson(found)));
  }
  return fmt::format("{{\"find_max\": {{\n{}}}}}\n", fmt::join(members, ",\n"));
}

Ending MaxComparison::ending() const {
  Ending ending = Ending::kThreshold;
  bool met = false;
  bool untold = false;
  bool failed = false;
  for (const Search& search : searches_) {
    const FoundMax found = FoundOf(search);
    met = met || found.met;
    untold = untold || found.untold;
    failed = failed || search.failed;
  }
  ending = met ? (failed ? Ending::kError : Ending::kGood) : ending;
  return untold ? std::max(ending, Ending::kInvalid) : ending;
}

}  // namespace sqlicorn::loadgen
