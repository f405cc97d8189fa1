// SPDX-License-Identifier: MIT
#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/uv/loop.h"
#include "loadgen/commands.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/comparison_inputs.h"
#include "loadgen/comparison_session.h"
#include "loadgen/ending.h"
#include "loadgen/named_files.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/report/tune_text.h"
#include "loadgen/report_files.h"
#include "loadgen/run/descriptor_limit.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/scratch_directory.h"
#include "loadgen/stats/machine.h"
#include "loadgen/tune/halving.h"
#include "loadgen/tune/requirement.h"
#include "loadgen/tune/tune_candidates.h"
#include "loadgen/tune/tune_outcome.h"
#include "loadgen/tune_monitor.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kOverhead = std::chrono::milliseconds(700);  // of a run: start, questions, stop

Result<ComparisonPlan> PlanFor(const TuneFlags& flags) {
  Result<ComparisonPlan> plan = LoadPlanOrServer(flags.file);
  if (!plan) {
    return plan;
  }
  if (plan->configurations.front().command) {
    return Error{
        fmt::format("{}: the first configuration has a command of its own; tune changes "
                    "the settings of sqlicorn",
                    flags.file)};
  }
  plan->users = flags.users.value_or(plan->users);
  plan->duration = flags.duration.value_or(std::chrono::seconds(1));
  plan->warmup = flags.warmup.value_or(std::chrono::milliseconds(300));
  plan->seed = flags.seed ? flags.seed : plan->seed;
  plan->budget = flags.budget;
  if (const Duration least = LeastBudget(plan->duration + plan->warmup); flags.budget < least) {
    return Error{fmt::format("--budget {}: one round of {} runs takes {} at the least",
                             FormatDuration(flags.budget), kFinalists + 1, FormatDuration(least))};
  }
  Faults faults;
  CheckCopy(*plan, &faults);
  if (const Status there = faults.ToStatus(); !there) {
    return there.error();
  }
  plan->until.reset();
  plan->chaos = false;
  if (!flags.scenario.empty()) {
    plan->scenario = flags.scenario;
  }
  return plan;
}

Result<std::vector<Requirement>> RequirementsOf(const TuneFlags& flags) {
  std::vector<Requirement> requirements;
  for (const std::string& text : flags.require) {
    Result<Requirement> requirement = ParseRequirement(text);
    if (!requirement) {
      return requirement.error().In("--require");
    }
    requirements.push_back(*std::move(requirement));
  }
  return requirements;
}

WantedDurability DurabilityWanted(const std::vector<Requirement>& requirements) {
  const bool durable =
      std::any_of(requirements.begin(), requirements.end(),
                  [](const Requirement& requirement) { return !requirement.objective; });
  return durable ? WantedDurability::kDurable : WantedDurability::kAny;
}

// Leaves what there is as the first configuration and adds what is to be tried.
TuneExtent AddCandidates(const std::vector<Requirement>& requirements, std::uint64_t seed,
                         ComparisonPlan* plan) {
  plan->configurations.resize(1);
  const WantedDurability wanted = DurabilityWanted(requirements);
  const std::size_t most =
      AffordableCandidates(*plan->budget, plan->duration + plan->warmup + kOverhead);
  std::vector<PlanConfiguration> candidates =
      TuneCandidates(plan->configurations.front().settings, wanted, CoreCount(), most, seed);
  plan->configurations.insert(plan->configurations.end(), candidates.begin(), candidates.end());
  return {candidates.size(), CountTuneCandidates(wanted, CoreCount())};
}

class Tune {
 public:
  Tune(const TuneFlags& flags, Console* console) : flags_(flags), console_(console) {}

  Ending Run() {
    Result<ComparisonPlan> plan = PlanFor(flags_);
    if (!plan) {
      return Complain(plan.error(), Ending::kUsage);
    }
    const Status distinct = CheckDistinct({{"--output", flags_.output},
                                           {"FILE", flags_.file, FileUse::kRead},
                                           {"the scenario", plan->scenario, FileUse::kRead},
                                           {"the server's file", plan->server, FileUse::kRead}});
    if (!distinct) {
      return Complain(distinct.error(), Ending::kUsage);
    }
    const Result<std::vector<Requirement>> requirements = RequirementsOf(flags_);
    if (!requirements) {
      return Complain(requirements.error(), Ending::kUsage);
    }
    const Result<Scenario> scenario =
        plan->scenario.empty() ? SeedScenario() : LoadScenario(plan->scenario);
    if (!scenario) {
      return Complain(scenario.error(), Ending::kUsage);
    }
    if (!IsSteady(*scenario)) {
      return Complain(Error{fmt::format("{}: a search has the same load all the time: no "
                                        "[[stage]]s, no replay",
                                        scenario->source)},
                      Ending::kUsage);
    }
    const Result<std::string> program = FindServerProgram(flags_.server);
    if (!program) {
      return Complain(program.error(), Ending::kUsage);
    }
    if (const Status allowed = AllowUsers(plan->users); !allowed) {
      return Complain(allowed.error(), Ending::kUsage);
    }
    if (CheckFiles({{"--output", flags_.output}}, console_) != Ending::kGood) {
      return Ending::kNotWritten;
    }
    Result<ScratchDirectory> directory = ScratchDirectory::Create(flags_.directory);
    if (!directory) {
      return Complain(directory.error(), Ending::kUsage);
    }
    const std::uint64_t seed = plan->seed.value_or(std::random_device()());
    const TuneExtent extent = AddCandidates(*requirements, seed, &*plan);
    Loop loop;
    const CoreShare cores = TakeCore(*plan, flags_.pinning, console_);
    return Search({loop, *plan, *scenario, *program, seed, cores.servers}, {*requirements, extent},
                  &*directory);
  }

 private:
  struct Goal {
    const std::vector<Requirement>& requirements;
    TuneExtent extent;
  };

  Ending Search(const RunSetup& setup, const Goal& goal, ScratchDirectory* directory) {
    console_->Print(fmt::format("{} candidates of {}, {}, seed {}\n", goal.extent.tried,
                                goal.extent.possible, FormatDuration(*setup.plan.budget),
                                setup.seed));
    TuneMonitor monitor(setup.loop, setup.plan, goal.requirements, setup.seed, *console_);
    const bool whole = MakeRuns(setup, *directory, &monitor);
    const TuneOutcome outcome = Recommend(monitor.Finalists(), goal.requirements);
    Ending ending = WriteOut(TuneText(outcome, goal.extent), console_);
    if (!monitor.status() && whole) {
      ending =
          std::max(ending, Complain(monitor.status().error(),
                                    outcome.finalists.empty() ? Ending::kUsage : Ending::kError));
    }
    ending = std::max(ending, TellAuditFailures(monitor.audit_failures(), directory, console_));
    if (!outcome.finalists.empty() && !outcome.unmet.front().empty()) {
      ending = std::max(ending, Ending::kThreshold);
    }
    if (AnyInvalid(outcome)) {
      ending = std::max(ending, Ending::kInvalid);
    }
    if (!whole) {
      ending = std::max(ending, Ending::kInterrupted);
    }
    return std::max(ending, WriteToml(outcome));
  }

  Ending WriteToml(const TuneOutcome& outcome) {
    if (flags_.output.empty() || outcome.finalists.empty() || !outcome.unmet.front().empty()) {
      return Ending::kGood;
    }
    const Status written =
        WriteFile(flags_.output, SettingsToml(outcome.finalists.front().settings));
    return written ? Ending::kGood : Complain(written.error(), Ending::kNotWritten);
  }

  Ending Complain(const Error& error, Ending ending) {
    console_->Print(fmt::format("sqlicorn-loadgen: {}\n", error.message));
    return ending;
  }

  const TuneFlags& flags_;
  Console* console_;
};

}  // namespace

int TuneCommand(const TuneFlags& flags) {
  Console console;
  return ExitCodeOf(EndWith(Tune(flags, &console).Run(), &console));
}

}  // namespace sqlicorn::loadgen
