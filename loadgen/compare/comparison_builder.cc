// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kBusyGenerator = 0.8;

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

std::string AuditFailure(const ConfigurationNumbers& configuration) {
  const Audit& audit = configuration.measured.audit;
  return fmt::format(
      "{}: {} lost, {} duplicate, {} unexplained ({} acknowledged writes, {} rows): {}",
      configuration.name, audit.lost, audit.duplicates, audit.unexplained, audit.acknowledged,
      audit.rows, fmt::join(audit.examples, "; "));
}

void WarnOf(const ConfigurationNumbers& configuration, std::vector<std::string>* warnings) {
  const Measurement& measured = configuration.measured;
  const std::string& name = configuration.name;
  if (measured.generator_cpu > kBusyGenerator) {
    warnings->push_back(fmt::format(
        "{}: the generator used {:.0f} % of a core, so these numbers are its own as much as the "
        "server's",
        name, measured.generator_cpu * 100));
  }
  if (measured.all.other > 0) {
    warnings->push_back(
        fmt::format("{}: failures other than the lock error: {}; see the list of failures", name,
                    measured.all.other));
  }
  if (measured.unanswered > 0) {
    warnings->push_back(
        fmt::format("{}: requests not answered within a minute, and in no other number: {}", name,
                    measured.unanswered));
  }
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
  }
  if (!run.complaint.empty()) {
    collected.complaints.push_back(run.complaint);
  }
  collected.rounds.push_back({run.step.round + 1, ++runs_, run.result.run_id, alone.Take()});
  return collected.rounds.back();
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
  numbers.rounds = collected.rounds;
  numbers.distribution = collected.sum.TakeDistribution();
  return numbers;
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
      if (round.round != base.round || base.measured.all.ok_rps <= 0) {
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
    if (plan_.configurations[i].control) {
      control = LogsOf(i, log);
    } else {
      logs.push_back(LogsOf(i, log));
    }
  }
  return CompareToFirst(logs, control);
}

// Not among the configurations: it is none of those that somebody wants to choose from.
void ComparisonBuilder::TakeControl(Comparison* comparison) {
  ConfigurationNumbers control = std::move(comparison->configurations.back());
  comparison->configurations.pop_back();
  if (control.ok_rate.finding == Finding::kMore || control.ok_rate.finding == Finding::kLess) {
    comparison->warnings.push_back(fmt::format(
        "the first configuration differed from itself, by {:.1f} % in successful requests per "
        "second: chance does that once in twenty times, else something disturbed the machine",
        comparison->ok_rate_noise * 100));
  }
  comparison->control = std::move(control);
}

Comparison ComparisonBuilder::Build() const {
  Comparison comparison;
  comparison.provenance = provenance_;
  if (IsVolatile(provenance_.file_system)) {
    comparison.warnings.push_back(fmt::format(
        "the databases were on {}, in memory: an fsync costs nothing there, so what the durable "
        "configurations cost does not show; --directory takes a place on a disk",
        provenance_.file_system));
  }
  const Judged judged = {ContrastsOf(LogOfOkRate), ContrastsOf(LogOfCpu)};
  comparison.ok_rate_noise = judged.ok_rate.noise;
  comparison.cpu_noise = judged.cpu.noise;
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    const std::string& name = plan_.configurations[i].name;
    if (collected_[i].rounds.empty()) {
      comparison.not_measured.push_back(name);
      continue;
    }
    const ConfigurationNumbers& numbers =
        comparison.configurations.emplace_back(NumbersOf(i, judged));
    if (numbers.rounds.size() < provenance_.rounds) {
      comparison.warnings.push_back(fmt::format("{}: {} of {} rounds were measured", name,
                                                numbers.rounds.size(), provenance_.rounds));
    }
    WarnOf(numbers, &comparison.warnings);
    for (const std::string& complaint : collected_[i].complaints) {
      comparison.warnings.push_back(fmt::format("{}: {}", name, complaint));
    }
    if (!numbers.measured.audit.clean()) {
      comparison.audit_failures.push_back(AuditFailure(numbers));
    }
    if (plan_.configurations[i].control) {
      TakeControl(&comparison);
    }
  }
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    if (const std::string& why = configuration.measured.audit.why_not; !why.empty()) {
      comparison.warnings.push_back(fmt::format("not audited: {}", why));
      break;  // it is the scenario's, so the same for all
    }
  }
  SplitPragmas(&comparison);
  return comparison;
}

}  // namespace sqlicorn::loadgen
