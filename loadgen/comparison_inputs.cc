// SPDX-License-Identifier: MIT
#include "loadgen/comparison_inputs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "loadgen/compare/thresholds.h"
#include "loadgen/named_files.h"

namespace sqlicorn::loadgen {
namespace {

void Apply(const CompareFlags& flags, ComparisonPlan* plan) {
  plan->users = flags.users.value_or(plan->users);
  plan->rate = flags.rate ? flags.rate->text : plan->rate;
  plan->duration = flags.duration.value_or(plan->duration);
  plan->warmup = flags.warmup.value_or(plan->warmup);
  if (flags.rounds) {
    plan->rounds = *flags.rounds;
    plan->budget.reset();
  }
  plan->seed = flags.seed ? flags.seed : plan->seed;
  plan->until = flags.until ? flags.until : plan->until;
  plan->budget = flags.budget ? flags.budget : plan->budget;
  plan->chaos = (plan->chaos || flags.chaos) && !flags.find_max;
  plan->aa = plan->aa && !flags.no_aa;
  AddControl(plan);
}

// A file that the plan names must be there. Its own mistakes name their places themselves.
bool CheckNamed(const std::string& path, const Place& place, Faults* faults) {
  if (path.empty() || access(path.c_str(), R_OK) == 0) {
    return !path.empty();
  }
  faults->Add(place, SystemError(fmt::format("cannot read '{}'", path), errno).message);
  return false;
}

Scenario ScenarioFor(const ComparisonPlan& plan, Faults* faults) {
  if (!CheckNamed(plan.scenario, plan.scenario_place, faults)) {
    return {};
  }
  Result<Scenario> scenario = LoadScenario(plan.scenario);
  if (!scenario) {
    const bool placed = scenario.error().message.starts_with(plan.scenario + ":");
    faults->Add(plan.scenario_place,
                placed ? scenario.error() : scenario.error().In(plan.scenario_place.ToString()));
    return {};
  }
  if (!IsSteady(*scenario)) {
    faults->Add(plan.scenario_place,
                "a comparison has the same load all the time: no [[stage]]s, no replay");
  }
  return *std::move(scenario);
}

// A search makes as many runs as it needs, and is told in a table of its own.
Status CheckFindMax(const CompareFlags& flags, const Scenario& scenario) {
  if (!flags.find_max) {
    return {};
  }
  if (flags.rounds || flags.budget || flags.until || flags.chaos) {
    return Error{"--find-max: leave out --rounds, --budget, --until and --chaos"};
  }
  ReportFlags others = flags.report;
  for (std::string* has :
       {&others.json_file, &others.csv_prefix, &others.markdown_file, &others.html_file}) {
    has->clear();
  }
  const std::vector<NamedFile> files = FilesOf(others);
  const bool other = std::any_of(files.begin(), files.end(),
                                 [](const NamedFile& file) { return !file.path.empty(); });
  if (other || !others.fail_if.empty() || others.bars) {
    return Error{
        "--find-max: of files it writes those of --json-file, --csv, --markdown-file and "
        "--html-file; leave out the others, --bars and --fail-if"};
  }
  return CheckLimits({*flags.find_max}, RunStats(scenario).endpoints(), "--find-max");
}

}  // namespace

void CheckCopy(const ComparisonPlan& plan, Faults* faults) {
  if (!plan.database || !CheckNamed(plan.database->copy_from, plan.database->place, faults)) {
    return;
  }
  std::error_code unknown;
  if (std::filesystem::is_directory(plan.database->copy_from, unknown)) {
    faults->Add(plan.database->place,
                fmt::format("'{}' is a directory, not a database", plan.database->copy_from));
  }
}

Result<ComparisonInputs> ReadInputs(const CompareFlags& flags) {
  Result<PlanDraft> draft = DraftComparisonPlan(flags.plan);
  if (!draft) {
    return draft.error();
  }
  Faults faults = draft->faults;
  CheckNamed(draft->plan.server, draft->plan.server_place, &faults);
  CheckCopy(draft->plan, &faults);
  Scenario scenario = ScenarioFor(draft->plan, &faults);
  if (const std::string& rate = draft->plan.rate; !rate.empty()) {
    if (const Result<RatePlan> parsed = ParseRatePlan(rate); !parsed) {
      faults.Add(draft->plan.rate_place, parsed.error().message);
    }
  }
  if (const Status faultless = faults.ToStatus(); !faultless) {
    return faultless.error();
  }
  if (const Status can = CheckFindMax(flags, scenario); !can) {
    return can.error();
  }
  ComparisonPlan plan = std::move(draft->plan);
  if (const Status kept = KeepOnly(flags.only, &plan); !kept) {
    return kept.error();
  }
  Apply(flags, &plan);
  return ComparisonInputs{std::move(plan), std::move(scenario)};
}

}  // namespace sqlicorn::loadgen
