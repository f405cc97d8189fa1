// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_builder.h"

#include <algorithm>
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

ConfigurationNumbers ComparisonBuilder::NumbersOf(std::size_t configuration) const {
  const PlanConfiguration& planned = plan_.configurations[configuration];
  const Collected& collected = collected_[configuration];
  return {planned.name,           planned.own,
          planned.settings,       collected.sum.Take(),
          RatioOf(configuration), collected.sum.errors(),
          collected.pragmas,      collected.rounds};
}

Ratio ComparisonBuilder::RatioOf(std::size_t configuration) const {
  const Collected& first = collected_.front();
  const Collected& other = collected_[configuration];
  const double first_rps = first.sum.Take().all.ok_rps;
  Ratio ratio;
  if (first.rounds.empty() || first_rps <= 0) {
    return ratio;
  }
  ratio.value = other.sum.Take().all.ok_rps / first_rps;
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

Comparison ComparisonBuilder::Build() const {
  Comparison comparison;
  comparison.provenance = provenance_;
  if (IsVolatile(provenance_.file_system)) {
    comparison.warnings.push_back(fmt::format(
        "the databases were on {}, in memory: an fsync costs nothing there, so what the durable "
        "configurations cost does not show; --directory takes a place on a disk",
        provenance_.file_system));
  }
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    const std::string& name = plan_.configurations[i].name;
    if (collected_[i].rounds.empty()) {
      comparison.not_measured.push_back(name);
      continue;
    }
    const ConfigurationNumbers& numbers = comparison.configurations.emplace_back(NumbersOf(i));
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
