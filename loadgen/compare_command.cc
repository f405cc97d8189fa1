// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/base/process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/commands.h"
#include "loadgen/compare/agenda.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/compare/thresholds.h"
#include "loadgen/comparison_inputs.h"
#include "loadgen/comparison_monitor.h"
#include "loadgen/comparison_session.h"
#include "loadgen/ending.h"
#include "loadgen/max_comparison.h"
#include "loadgen/named_files.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/console.h"
#include "loadgen/report_files.h"
#include "loadgen/results/result_file.h"
#include "loadgen/run/descriptor_limit.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/scratch_directory.h"
#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Before this process has given cores away.
Provenance ProvenanceOf(const ComparisonPlan& plan, std::uint64_t seed,
                        const std::string& directory) {
  Provenance from;
  from.version = SQLICORN_VERSION;
  from.started = LocalTimeText();
  from.plan = plan.source;
  from.scenario = plan.scenario;
  from.server = plan.server;
  from.users = plan.users;
  from.rate = plan.rate;
  from.duration_s = ToSeconds(plan.duration);
  from.warmup_s = ToSeconds(plan.warmup);
  from.rounds = plan.rounds;
  from.seed = seed;
  from.cores = CoreCount();
  from.cpu = CpuModel();
  from.kernel = KernelName();
  from.file_system = FileSystemOf(directory);
  if (const std::optional<Duration> flush = FlushTime(directory)) {
    from.flush_ms = ToSeconds(*flush) * 1000;
  }
  return from;
}

double FirstRate(const ComparisonPlan& plan) {
  constexpr double kFirstRate = 100;
  return plan.rate.empty() ? kFirstRate : ParseRatePlan(plan.rate).value().pieces.front().from;
}

// How long it will go on.
std::string ExtentText(const ComparisonPlan& plan) {
  std::string text =
      plan.budget ? "rounds for " + FormatDuration(*plan.budget) : Counted(plan.rounds, "round");
  if (plan.until) {
    text += fmt::format(", or until every ratio is known to {:g} %", *plan.until * 100);
  }
  return text;
}

class Compare {
 public:
  Compare(const CompareFlags& flags, Console* console) : flags_(flags), console_(console) {}

  Ending Run() {
    const Result<ComparisonInputs> inputs = ReadInputs(flags_);
    if (!inputs) {
      return Complain(inputs.error(), Ending::kUsage);
    }
    const ComparisonPlan* plan = &inputs->plan;
    const Scenario* scenario = &inputs->scenario;
    std::vector<NamedFile> files = FilesOf(flags_.report);
    files.push_back({"PLAN", flags_.plan, FileUse::kRead});
    files.push_back({"the plan's scenario", plan->scenario, FileUse::kRead});
    files.push_back({"the plan's server", plan->server, FileUse::kRead});
    if (const Status distinct = CheckDistinct(files); !distinct) {
      return Complain(distinct.error(), Ending::kUsage);
    }
    const Result<std::string> program = FindServerProgram(flags_.server);
    if (!program) {
      return Complain(program.error(), Ending::kUsage);
    }
    if (const Status known = CheckFailIf(*plan, *scenario); !known) {
      return Complain(known.error(), Ending::kUsage);
    }
    if (const Status allowed = AllowUsers(plan->users); !allowed) {
      return Complain(allowed.error(), Ending::kUsage);
    }
    if (CheckFiles(FilesOf(flags_.report), console_) != Ending::kGood) {
      return Ending::kNotWritten;
    }
    Result<ScratchDirectory> directory = ScratchDirectory::Create(flags_.directory);
    if (!directory) {
      return Complain(directory.error(), Ending::kUsage);
    }
    Loop loop;
    const std::uint64_t seed = plan->seed.value_or(std::random_device()());
    Provenance from = ProvenanceOf(*plan, seed, directory->path());
    from.program = *program;
    const CoreShare cores = TakeCore(*plan, flags_.pinning, console_);
    from.generator_cores = CoresText(cores.generator);
    from.server_cores = CoresText(cores.servers);
    const RunSetup setup{loop, *plan, *scenario, *program, seed, cores.servers};
    if (flags_.find_max) {
      from.rate = fmt::format("searched from {:g}", FirstRate(*plan));
      const MaxWish wish{*flags_.find_max, FirstRate(*plan), from, flags_.report};
      return FindMaxOfEach(setup, wish, &*directory, console_);
    }
    return Measure(setup, from, &*directory);
  }

 private:
  Status CheckFailIf(const ComparisonPlan& plan, const Scenario& scenario) {
    if (Status known = CheckLimits(flags_.report.fail_if, RunStats(scenario).endpoints()); !known) {
      return known;
    }
    const auto compared =
        std::count_if(plan.configurations.begin(), plan.configurations.end(),
                      [](const PlanConfiguration& each) { return !each.control; });
    return compared > 1 ? Status() : RefuseRatios(flags_.report.fail_if);
  }

  Ending Measure(const RunSetup& setup, const Provenance& from, ScratchDirectory* directory) {
    Agenda agenda(setup.plan, setup.seed);
    ComparisonBuilder builder(setup.plan, from);
    ResultWriter results;
    ComparisonMonitor monitor(setup.loop, setup.plan, agenda, {builder, results}, *console_);
    console_->Print(fmt::format("{}, {}, seed {}\n",
                                Counted(setup.plan.configurations.size(), "configuration"),
                                ExtentText(setup.plan), setup.seed));
    WarnOfMemory(directory->path());
    const bool whole = MakeRuns(setup, *directory, &monitor,
                                [&](const ComparisonRunner& runner) { monitor.Watch(runner); });

    builder.SetOrder(agenda.steps());
    Comparison comparison = builder.Build();
    Ending ending = MeasurementEnding(comparison);
    if (!comparison.configurations.empty() || !comparison.failed.empty()) {
      ending = std::max(ending, JudgeLimits(flags_.report, &comparison, console_));
      ending = std::max(ending, Report(setup.plan, comparison, results));
    }
    const bool failed = !monitor.status() && whole;
    if (failed) {
      // Before the first run only the plan is tried.
      ending = std::max(ending, Complain(monitor.status().error(),
                                         monitor.any_run() ? Ending::kError : Ending::kUsage));
    }
    if (monitor.any_failed()) {
      ending = std::max(ending, Ending::kError);
    }
    if ((failed && monitor.any_run()) || monitor.any_failed() ||
        !comparison.audit_failures.empty()) {
      KeepFiles(directory, console_);
    }
    if (!whole) {
      console_->Print(comparison.configurations.empty()
                          ? "interrupted before a run was done\n"
                          : "interrupted; the report shows the runs that were done\n");
      ending = std::max(ending, Ending::kInterrupted);
    }
    return ending;
  }

  Ending Report(const ComparisonPlan& plan, const Comparison& comparison,
                const ResultWriter& results) {
    const ResultHead head{ResultKind::kComparison, comparison.provenance, plan.configurations};
    const Ending printed = WriteOut(ComparisonTerminal(comparison), console_);
    TellLimits(comparison, console_);
    return std::max({printed,
                     WriteResults(
                         flags_.report, [&] { return results.Text(head); }, console_),
                     WriteReportFiles(flags_.report, comparison, console_)});
  }

  // Before the time is spent, not only in the report.
  void WarnOfMemory(const std::string& directory) {
    const std::string file_system = FileSystemOf(directory);
    if (IsVolatile(file_system)) {
      console_->Print(fmt::format(
          "Warning: {} is on {}, in memory: what durable configurations cost will not show; "
          "--directory takes a place on a disk\n",
          directory, file_system));
    }
  }

  Ending Complain(const Error& error, Ending ending) {
    console_->Print(fmt::format("sqlicorn-loadgen: {}\n", error.message));
    return ending;
  }

  const CompareFlags& flags_;
  Console* console_;
};

}  // namespace

int CompareCommand(const CompareFlags& flags) {
  Console console;
  return ExitCodeOf(EndWith(Compare(flags, &console).Run(), &console));
}

}  // namespace sqlicorn::loadgen
