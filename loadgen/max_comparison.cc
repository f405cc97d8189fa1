// SPDX-License-Identifier: MIT
#include "loadgen/max_comparison.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/comparison_session.h"
#include "loadgen/plan/plan_order.h"
#include "loadgen/report/maxima_report.h"
#include "loadgen/report_files.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kPrecision = 0.05;  // between the met and the missed rate
constexpr std::uint32_t kMostRounds =
    100;  // from half a request a second to a million, and narrower, some of them again

std::string StepText(const std::string& name, const MaxStep& step, const Metric& metric) {
  std::string text =
      fmt::format("{:<24} {:>10.1f}/s  {:>5.1f} s  {:>12}  {}\n", name, step.rate, step.seconds,
                  MetricText(metric, step.value), VerdictText(step.verdict));
  for (const std::string& reason : step.against) {
    text += fmt::format("{:<24} {}\n", "", reason);
  }
  return text;
}

Ending EndingOf(const std::vector<FoundOfOne>& all) {
  const auto any = [&](auto holds) { return std::any_of(all.begin(), all.end(), holds); };
  if (any([](const FoundOfOne& one) { return one.end == SearchEnd::kUntold; })) {
    return Ending::kInvalid;
  }
  if (!any([](const FoundOfOne& one) { return one.found.met.has_value(); })) {
    return Ending::kThreshold;
  }
  return any([](const FoundOfOne& one) { return one.end != SearchEnd::kTold; }) ? Ending::kError
                                                                                : Ending::kGood;
}

}  // namespace

Ending FindMaxOfEach(const RunSetup& setup, const MaxWish& wish, ScratchDirectory* directory,
                     Console* console) {
  console->Print(
      fmt::format("{} configurations, looking for the greatest rate at which {}, seed {}\n",
                  setup.plan.configurations.size(), wish.objective.text, setup.seed));
  MaxComparison search(setup, wish, *console);
  const bool whole = MakeRuns(setup, *directory, &search);
  const Maxima maxima = search.Build();
  Ending ending = Ending::kGood;
  if (search.any_run()) {
    ending = std::max({EndingOf(maxima.found), WriteOut(MaximaTerminal(maxima), console),
                       WriteMaximaFiles(wish.files, maxima, console)});
  }
  if (!search.status() && whole) {
    console->Print(fmt::format("sqlicorn-loadgen: {}\n", search.status().error().message));
    ending = std::max(ending, search.any_run() ? Ending::kError : Ending::kUsage);
  }
  ending = std::max(ending, TellAuditFailures(maxima.runs.audit_failures, directory, console));
  if (!whole) {
    console->Print("interrupted\n");
    ending = std::max(ending, Ending::kInterrupted);
  }
  return ending;
}

MaxComparison::MaxComparison(const RunSetup& setup, const MaxWish& wish, Console& console)
    : loop_(setup.loop),
      plan_(setup.plan),
      wish_(wish),
      console_(console),
      checks_(console),
      builder_(setup.plan, wish.from),
      order_(PlanOrder(setup.plan.configurations.size(), kMostRounds, setup.seed)) {
  for (const PlanConfiguration& configuration : plan_.configurations) {
    const FoundMax found{setup.scenario.source, configuration.name, wish.objective, {}, {}, {}, {}};
    searches_.push_back({MaxSearch(wish.first_rate, kPrecision, plan_.duration), found});
  }
}

ComparisonObserver::Files MaxComparison::OnRunMeasured(MeasuredRun run) {
  ++runs_;
  builder_.Add(run);
  if (run.costs) {
    run.result.facts.server_cpu_s = run.costs->cpu_s;  // what is neither ours nor its is foreign
  }
  Search& search = searches_[run.step.configuration];
  const MaxStep step = StepOf(*run.step.rate, wish_.objective, run.result);
  search.found.steps.push_back(step);
  search.search.Tell(step.verdict, step.lacking);
  console_.Print(
      StepText(plan_.configurations[run.step.configuration].name, step, wish_.objective.metric));
  return run.audit.clean() ? Files::kRemove : Files::kKeep;
}

void MaxComparison::OnRunFailed(const FailedRun& run) {
  ++runs_;
  builder_.AddFailed(run);
  searches_[run.step.configuration].failed = true;
  console_.Print(
      fmt::format("{} FAILED: {}\n", plan_.configurations[run.step.configuration].name, run.why));
}

void MaxComparison::OnRunGivenUp(const FailedRun& run) {
  builder_.AddFailed(run);
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
      step.duration = search.search.time();
      steps.push_back(step);
    }
  }
  ++round_;
  steps_.insert(steps_.end(), steps.begin(), steps.end());
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
  found.untold = search.search.untold();
  return found;
}

std::vector<FoundOfOne> MaxComparison::FoundOfAll() const {
  std::vector<FoundOfOne> all;
  for (const Search& search : searches_) {
    const SearchEnd end = search.failed            ? SearchEnd::kFailed
                          : FoundOf(search).untold ? SearchEnd::kUntold
                          : search.search.done()   ? SearchEnd::kTold
                                                   : SearchEnd::kEarly;
    all.push_back({FoundOf(search), end});
  }
  return all;
}

Maxima MaxComparison::Build() const {
  ComparisonBuilder runs = builder_;
  runs.SetOrder(steps_);
  return {wish_.objective, ToSeconds(plan_.duration), FoundOfAll(), runs.Build()};
}

}  // namespace sqlicorn::loadgen
