// SPDX-License-Identifier: MIT
#include "loadgen/results/side_by_side.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
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

// Where a configuration of a file stands in the plan; none where it is left out.
using Places = std::vector<std::vector<std::optional<std::size_t>>>;  // by file

// The name of a configuration beside those of the other files.
std::string NameIn(const ResultHead& head, const PlanConfiguration& configuration,
                   const std::string& label, const std::map<std::string, int>& counts) {
  if (head.kind == ResultKind::kRun) {
    return label;
  }
  return configuration.name + (counts.at(configuration.name) > 1 ? "@" + label : "");
}

// The control is that of the first file, whose first configuration all others are compared to; it
// is the last of the plan.
ComparisonPlan PlanOf(const std::vector<NamedResults>& results,
                      const std::vector<std::string>& labels, Places* places) {
  ComparisonPlan plan;
  const std::map<std::string, int> counts = NameCounts(results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const ResultHead& head = results[i].file.head();
    auto& of_file = places->emplace_back();
    for (PlanConfiguration configuration : head.configurations) {
      of_file.emplace_back();
      if (!configuration.control) {
        of_file.back() = plan.configurations.size();
        configuration.name = NameIn(head, configuration, labels[i], counts);
        plan.configurations.push_back(std::move(configuration));
      }
    }
  }
  const ResultHead& first = results.front().file.head();
  for (std::size_t i = 0; i < first.configurations.size(); ++i) {
    if (first.configurations[i].control) {
      places->front()[i] = plan.configurations.size();
      plan.configurations.push_back(first.configurations[i]);
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
  compare("rate", one.rate.empty() ? "closed loop" : one.rate,
          other.rate.empty() ? "closed loop" : other.rate);
  compare("replay", one.replay.empty() ? "none" : one.replay,
          other.replay.empty() ? "none" : other.replay);
  compare("users", one.users, other.users);
  compare("counted seconds", one.duration_s, other.duration_s);
  compare("warm-up", one.warmup_s, other.warmup_s);
  compare("cores", one.cores, other.cores);
  const auto own = [](const Provenance& from) {
    return from.generator_cores.empty() ? std::string("none") : from.generator_cores;
  };
  compare("cores of the generator alone", own(one), own(other));
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
  Places places;
  const ComparisonPlan plan = PlanOf(results, LabelsOf(paths), &places);
  ComparisonBuilder builder(plan, ProvenanceOf(results));
  for (std::size_t file = 0; file < results.size(); ++file) {
    const NamedResults& result = results[file];
    auto failure = result.file.failed().begin();
    const auto add_failures = [&](std::size_t measured) {
      for (; failure != result.file.failed().end() && failure->after <= measured; ++failure) {
        FailedRun run = failure->run;
        if (const auto place = places[file][run.step.configuration]) {
          run.step.configuration = *place;
          builder.AddFailed(run);
        }
      }
    };
    for (std::size_t i = 0; i < result.file.size(); ++i) {
      add_failures(i);
      Result<MeasuredRun> run = result.file.RunAt(i);
      if (!run) {
        return run.error().In(result.path);
      }
      if (const auto place = places[file][run->step.configuration]) {
        run->step.configuration = *place;
        builder.Add(*run);
      }
    }
    add_failures(result.file.size());
  }
  Comparison comparison = builder.Build();
  WarnOfDifferences(results, &comparison);
  return comparison;
}

}  // namespace sqlicorn::loadgen
