// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_warnings.h"

namespace sqlicorn::loadgen {
namespace {

const std::string* FindPragma(const Pragmas& pragmas, const std::string& name) {
  const auto found = std::find_if(pragmas.begin(), pragmas.end(),
                                  [&](const auto& pragma) { return pragma.first == name; });
  return found == pragmas.end() ? nullptr : &found->second;
}

void SplitPragmas(Comparison* comparison) {
  if (comparison->configurations.empty()) {
    return;
  }
  for (const auto& [name, value] : comparison->configurations.front().pragmas) {
    const auto same = [&name = name, &value = value](const ConfigurationNumbers& configuration) {
      const std::string* other = FindPragma(configuration.pragmas, name);
      return other != nullptr && *other == value;
    };
    if (std::all_of(comparison->configurations.begin(), comparison->configurations.end(), same)) {
      comparison->common_pragmas.emplace_back(name, value);
    } else {
      comparison->differing_pragmas.push_back(name);
    }
  }
}

std::string CommandText(const PlanConfiguration& configuration) {
  if (!configuration.command) {
    return "";
  }
  const PlanCommand& command = *configuration.command;
  return command.argv.empty() ? command.url : fmt::format("{}", fmt::join(command.argv, " "));
}

std::optional<double> LogOfOkRate(const Measurement& measured) {
  return LogOfRate(measured.all.ok_rps * measured.seconds, measured.seconds);
}

std::optional<double> LogOfCpu(const Measurement& measured) {
  const std::optional<double> cpu_us = measured.costs.cpu_us;
  return cpu_us && *cpu_us > 0 ? std::make_optional(std::log(*cpu_us)) : std::nullopt;
}

}  // namespace

ComparisonBuilder::ComparisonBuilder(const ComparisonPlan& plan, Provenance provenance)
    : plan_(plan), provenance_(std::move(provenance)), collected_(plan.configurations.size()) {}

const RoundNumbers& ComparisonBuilder::Add(const MeasuredRun& run) {
  Collected& collected = collected_[run.step.configuration];
  MeasurementSum alone;
  alone.Add(run);
  collected.sum.Add(run);
  if (collected.rounds.empty()) {
    collected.pragmas = run.pragmas;
    collected.answers = run.answers;
  }
  query_proven_ = query_proven_ || run.audit.proves_query();
  if (!run.complaint.empty()) {
    collected.complaints.push_back(run.complaint);
  }
  collected.rounds.push_back({run.step.round + 1, ++runs_, run.result.run_id, alone.Take()});
  return collected.rounds.back();
}

void ComparisonBuilder::AddFailed(const FailedRun& run) {
  Collected& collected = collected_[run.step.configuration];
  collected.failed.push_back({plan_.configurations[run.step.configuration].name, run.step.round + 1,
                              run.began, run.why, run.answered});
  ++runs_;
  query_proven_ = query_proven_ || run.audit.proves_query();
  if (run.audit.shows_none()) {
    collected.without_rows.push_back(run.audit);
    return;
  }
  collected.failed_audit.Merge(run.audit);
  collected.sum.AddAudit(run.audit);
}

void ComparisonBuilder::SetOrder(const std::vector<PlanStep>& steps) {
  provenance_.order.clear();
  for (const PlanStep& step : steps) {
    provenance_.order.resize(std::max<std::size_t>(provenance_.order.size(), step.round + 1));
    provenance_.order[step.round].push_back(plan_.configurations[step.configuration].name);
  }
  provenance_.rounds = static_cast<std::uint32_t>(provenance_.order.size());
}

std::vector<double> ComparisonBuilder::IntervalWidths() const {
  const Contrasts contrasts = ContrastsOf(LogOfOkRate);
  std::vector<double> widths(collected_.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < contrasts.of.size(); ++i) {
    const Contrast& contrast = contrasts.of[i];
    if (contrast.rounds > 0 && contrast.finding != Finding::kTooFewRounds) {
      widths[i] = (contrast.high - contrast.low) / 2 / contrast.ratio;
    }
  }
  return widths;
}

// Of a configuration that a round may leave out, only the rounds that had it count.
std::size_t ComparisonBuilder::RoundsPlanned(const std::string& name) const {
  if (provenance_.order.empty()) {
    return provenance_.rounds;
  }
  return static_cast<std::size_t>(
      std::count_if(provenance_.order.begin(), provenance_.order.end(), [&](const auto& round) {
        return std::find(round.begin(), round.end(), name) != round.end();
      }));
}

ConfigurationNumbers ComparisonBuilder::NumbersOf(std::size_t configuration,
                                                  const Judged& judged) const {
  const PlanConfiguration& planned = plan_.configurations[configuration];
  const Collected& collected = collected_[configuration];
  ConfigurationNumbers numbers;
  numbers.name = planned.name;
  numbers.own = planned.own;
  numbers.settings = planned.settings;
  numbers.measured = collected.sum.Take();
  AddTotalLosses(collected, &numbers.measured.audit);
  if (planned.control) {
    numbers.ok_rate = judged.ok_rate.control.value_or(Contrast());
    numbers.cpu = judged.cpu.control.value_or(Contrast());
  } else {
    numbers.ok_rate = judged.ok_rate.of[configuration];
    numbers.cpu = judged.cpu.of[configuration];
  }
  numbers.ratio = RatioOf(configuration, numbers.ok_rate);
  numbers.errors = collected.sum.errors();
  numbers.pragmas = collected.pragmas;
  numbers.durability = DurabilityOf(collected.pragmas, provenance_.file_system);
  numbers.command = CommandText(planned);
  numbers.different_answers = DifferentAnswers(collected_.front().answers, collected.answers);
  numbers.rounds = collected.rounds;
  numbers.distribution = collected.sum.TakeDistribution();
  return numbers;
}

void ComparisonBuilder::AddTotalLosses(const Collected& collected, Audit* audit) const {
  for (const Audit& loss : collected.without_rows) {
    if (query_proven_) {
      audit->Merge(loss);
    }
  }
}

Ratio ComparisonBuilder::RatioOf(std::size_t configuration, const Contrast& rate) const {
  const Collected& first = collected_.front();
  const Collected& other = collected_[configuration];
  Ratio ratio;
  if (first.rounds.empty() || first.sum.Take().all.ok_rps <= 0) {
    return ratio;
  }
  ratio.value = configuration == 0 ? 1 : rate.ratio;
  for (const RoundNumbers& base : first.rounds) {
    for (const RoundNumbers& round : other.rounds) {
      const bool both = base.measured.all.ok_rps > 0 && round.measured.all.ok_rps > 0;
      if (round.round != base.round || !both) {
        continue;
      }
      const double one = round.measured.all.ok_rps / base.measured.all.ok_rps;
      ratio.lowest = ratio.lowest > 0 ? std::min(ratio.lowest, one) : one;
      ratio.highest = std::max(ratio.highest, one);
    }
  }
  return ratio;
}

LogsByRound ComparisonBuilder::LogsOf(std::size_t configuration, Log log) const {
  LogsByRound logs;
  for (const RoundNumbers& round : collected_[configuration].rounds) {
    logs.resize(std::max<std::size_t>(logs.size(), round.round));
    logs[round.round - 1] = log(round.measured);
  }
  return logs;
}

Contrasts ComparisonBuilder::ContrastsOf(Log log) const {
  std::vector<LogsByRound> logs;
  LogsByRound control;
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    if (!plan_.configurations[i].control) {
      logs.push_back(LogsOf(i, log));
      continue;
    }
    logs.emplace_back();  // it is compared to nothing but the first
    if (control.empty()) {
      control = LogsOf(i, log);
    }
  }
  return CompareToFirst(logs, control);
}

// Not among the configurations: it is none of those that somebody wants to choose from.
void ComparisonBuilder::TakeControl(Comparison* comparison) {
  ConfigurationNumbers control = std::move(comparison->configurations.back());
  comparison->configurations.pop_back();
  if (comparison->control) {
    return;  // of another file of results
  }
  if (control.ok_rate.finding == Finding::kMore || control.ok_rate.finding == Finding::kLess) {
    comparison->warnings.push_back(fmt::format(
        "the first configuration differed from itself, by {:.1f} % in successful requests per "
        "second: chance does that once in twenty times, else something disturbed the machine",
        comparison->ok_rate_noise * 100));
  }
  comparison->control = std::move(control);
}

// What it acknowledged before it failed was audited all the same.
void ComparisonBuilder::AddUnmeasured(std::size_t configuration, Comparison* comparison) const {
  const std::string& name = plan_.configurations[configuration].name;
  const Collected& collected = collected_[configuration];
  comparison->not_measured.push_back(name);
  Audit audit = collected.failed_audit;
  AddTotalLosses(collected, &audit);
  if (!audit.clean()) {
    comparison->audit_failures.push_back(AuditFailure(name, audit));
  }
}

Comparison ComparisonBuilder::Build() const {
  Comparison comparison;
  comparison.provenance = provenance_;
  comparison.first = plan_.configurations.front().name;
  if (std::string warning = DiskWarning(provenance_); !warning.empty()) {
    comparison.warnings.push_back(std::move(warning));
  }
  const Judged judged = {ContrastsOf(LogOfOkRate), ContrastsOf(LogOfCpu)};
  comparison.ok_rate_noise = judged.ok_rate.noise;
  comparison.cpu_noise = judged.cpu.noise;
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    const std::string& name = plan_.configurations[i].name;
    WarnOfFailedRuns(collected_[i].failed, &comparison.warnings);
    comparison.failed.insert(comparison.failed.end(), collected_[i].failed.begin(),
                             collected_[i].failed.end());
    if (collected_[i].rounds.empty()) {
      AddUnmeasured(i, &comparison);
      continue;
    }
    const ConfigurationNumbers& numbers =
        comparison.configurations.emplace_back(NumbersOf(i, judged));
    if (const std::size_t planned = RoundsPlanned(name); numbers.rounds.size() < planned) {
      comparison.warnings.push_back(
          fmt::format("{}: {} of {} rounds were measured", name, numbers.rounds.size(), planned));
    }
    if (NothingSucceeded(numbers) && !plan_.configurations[i].control) {
      comparison.nothing_succeeded.push_back(name);
    }
    WarnOf(numbers, &comparison.warnings);
    if (const std::string why = WhyInvalid(numbers); !why.empty()) {
      comparison.invalid.push_back(why);
    }
    for (const std::string& complaint : collected_[i].complaints) {
      comparison.warnings.push_back(fmt::format("{}: {}", name, complaint));
    }
    if (!numbers.measured.audit.clean()) {
      comparison.audit_failures.push_back(AuditFailure(numbers.name, numbers.measured.audit));
    }
    if (plan_.configurations[i].control) {
      TakeControl(&comparison);
    }
  }
  WarnOfNoAudit(&comparison);
  ForgetRatiosOfChaos(&comparison);
  SplitPragmas(&comparison);
  return comparison;
}

}  // namespace sqlicorn::loadgen
