// SPDX-License-Identifier: MIT
#include "loadgen/results/side_by_side.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/compare/comparison_builder.h"

namespace sqlicorn::loadgen {
namespace {

// The last `parts` parts of a path, without its extension.
std::string Tail(const std::filesystem::path& path, std::size_t parts) {
  const std::vector<std::filesystem::path> all(path.begin(), path.end());
  std::filesystem::path tail;
  for (std::size_t i = all.size() - std::min(parts, all.size()); i < all.size(); ++i) {
    tail /= all[i];
  }
  return tail.replace_extension().string();
}

bool AllDiffer(const std::vector<std::string>& texts) {
  return std::set(texts.begin(), texts.end()).size() == texts.size();
}

// How many files have a configuration of each name.
std::map<std::string, int> NameCounts(const std::vector<NamedResults>& results) {
  std::map<std::string, int> counts;
  for (const NamedResults& result : results) {
    for (const PlanConfiguration& configuration : result.file.head().configurations) {
      ++counts[configuration.name];
    }
  }
  return counts;
}

ComparisonPlan PlanOf(const std::vector<NamedResults>& results,
                      const std::vector<std::string>& labels) {
  ComparisonPlan plan;
  const std::map<std::string, int> counts = NameCounts(results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const ResultHead& head = results[i].file.head();
    for (PlanConfiguration configuration : head.configurations) {
      if (head.kind == ResultKind::kRun) {
        configuration.name = labels[i];
      } else if (counts.at(configuration.name) > 1) {
        configuration.name += "@" + labels[i];
      }
      plan.configurations.push_back(std::move(configuration));
    }
  }
  return plan;
}

Provenance ProvenanceOf(const std::vector<NamedResults>& results) {
  Provenance from = results.front().file.head().provenance;
  if (results.size() > 1) {
    from.order.clear();  // each file has its own
  }
  return from;
}

void WarnOfDifferences(const std::vector<NamedResults>& results, Comparison* comparison) {
  const NamedResults& first = results.front();
  for (std::size_t i = 1; i < results.size(); ++i) {
    const std::vector<std::string> differences =
        Differences(first.file.head().provenance, results[i].file.head().provenance);
    comparison->warnings.push_back(fmt::format(
        "{} and {} were not measured side by side: what changed on the machine in between is in "
        "their ratios; they differ in {}",
        first.path, results[i].path,
        differences.empty() ? "nothing that is known"
                            : fmt::format("{}", fmt::join(differences, ", "))));
  }
}

}  // namespace

std::vector<std::string> LabelsOf(const std::vector<std::string>& paths) {
  constexpr std::size_t kMostParts = 64;
  std::vector<std::string> labels;
  for (std::size_t parts = 1; parts <= kMostParts; ++parts) {
    labels.clear();
    for (const std::string& path : paths) {
      labels.push_back(Tail(path, parts));
    }
    if (AllDiffer(labels)) {
      return labels;
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = fmt::format("{}", i + 1);  // the same file twice
  }
  return labels;
}

std::vector<std::string> Differences(const Provenance& one, const Provenance& other) {
  std::vector<std::string> differences;
  const auto compare = [&](const char* what, const auto& a, const auto& b) {
    if (a != b) {
      differences.push_back(fmt::format("{} ({} and {})", what, a, b));
    }
  };
  compare("time", one.started, other.started);
  compare("program version", one.version, other.version);
  compare("scenario", one.scenario, other.scenario);
  compare("server", one.server, other.server);
  compare("users", one.users, other.users);
  compare("counted seconds", one.duration_s, other.duration_s);
  compare("warm-up", one.warmup_s, other.warmup_s);
  compare("cores", one.cores, other.cores);
  compare("processor", one.cpu, other.cpu);
  compare("kernel", one.kernel, other.kernel);
  compare("file system", one.file_system, other.file_system);
  return differences;
}

Result<Comparison> SideBySide(const std::vector<NamedResults>& results) {
  std::vector<std::string> paths;
  for (const NamedResults& result : results) {
    paths.push_back(result.path);
  }
  const ComparisonPlan plan = PlanOf(results, LabelsOf(paths));
  ComparisonBuilder builder(plan, ProvenanceOf(results));
  std::size_t first_configuration = 0;
  for (const NamedResults& result : results) {
    for (std::size_t i = 0; i < result.file.size(); ++i) {
      Result<MeasuredRun> run = result.file.RunAt(i);
      if (!run) {
        return run.error().In(result.path);
      }
      run->step.configuration += first_configuration;
      builder.Add(*run);
    }
    first_configuration += result.file.head().configurations.size();
  }
  Comparison comparison = builder.Build();
  WarnOfDifferences(results, &comparison);
  return comparison;
}

}  // namespace sqlicorn::loadgen
