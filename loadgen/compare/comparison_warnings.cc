// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_warnings.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kBusyGenerator = 0.8;

// The command to the device alone takes longer.
constexpr double kFasterThanAnyDiskMs = 0.005;

std::string InvalidRuns(const ConfigurationNumbers& configuration) {
  const Measurement& measured = configuration.measured;
  return fmt::format("{}: {} of {} runs were invalid, the first because {}", configuration.name,
                     measured.invalid_runs, measured.runs, measured.invalid);
}

// So many are told in words; the JSON has all of them.
constexpr std::size_t kMostTold = 5;

}  // namespace

// A few bad runs among many are what medians and ranks are for.
std::string WhyInvalid(const ConfigurationNumbers& configuration) {
  const Measurement& measured = configuration.measured;
  return measured.invalid_runs > 0 && 2 * measured.invalid_runs >= measured.runs
             ? InvalidRuns(configuration)
             : "";
}

std::string DiskWarning(const Provenance& from) {
  if (IsVolatile(from.file_system)) {
    return fmt::format(
        "the databases were on {}, in memory: an fsync costs nothing there, so what the durable "
        "configurations cost does not show; --directory takes a place on a disk",
        from.file_system);
  }
  return from.flush_ms && *from.flush_ms < kFasterThanAnyDiskMs
             ? fmt::format(
                   "an fsync took {:.4f} ms on {}, where the databases were: nothing reaches a "
                   "disk "
                   "in that time, so what the durable configurations cost does not show",
                   *from.flush_ms, from.file_system)
             : "";
}

std::string WhyNotBelieved(const ConfigurationNumbers& configuration) {
  const std::string invalid = WhyInvalid(configuration);
  return !invalid.empty() || !NothingSucceeded(configuration)
             ? invalid
             : fmt::format(
                   "{}: not one request succeeded in the counted time, so nothing was measured of "
                   "it",
                   configuration.name);
}

bool NothingSucceeded(const ConfigurationNumbers& configuration) {
  const Numbers& all = configuration.measured.all;
  return all.requests == all.failures;
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
  if (measured.invalid_runs > 0 && WhyInvalid(configuration).empty()) {
    warnings->push_back(InvalidRuns(configuration));
  }
  WarnOfAnswers(configuration, warnings);
  if (measured.killed > 0) {
    warnings->push_back(
        fmt::format("{}: chaos: {} workers were killed under load, so its speed says nothing", name,
                    measured.killed));
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

void WarnOfAnswers(const ConfigurationNumbers& configuration, std::vector<std::string>* warnings) {
  const std::vector<std::string>& all = configuration.different_answers;
  for (std::size_t i = 0; i < std::min(kMostTold, all.size()); ++i) {
    warnings->push_back(
        fmt::format("{}: answers something else than the first: {}", configuration.name, all[i]));
  }
  if (all.size() > kMostTold) {
    warnings->push_back(fmt::format(
        "{}: answers something else than the first to {} requests more; the JSON (--json-file) has "
        "all of them",
        configuration.name, all.size() - kMostTold));
  }
}

void WarnOfFailedRuns(const std::vector<FailedRunNote>& failed,
                      std::vector<std::string>* warnings) {
  for (std::size_t i = 0; i < std::min(kMostTold, failed.size()); ++i) {
    const FailedRunNote& run = failed[i];
    warnings->push_back(fmt::format("{}: round {} failed{}: {}{}{}", run.configuration, run.round,
                                    run.under_load ? " under load" : ", and it was given up",
                                    run.why, run.answered.empty() ? "" : "; ", run.answered));
  }
  if (failed.size() > kMostTold) {
    warnings->push_back(fmt::format("{}: {} runs more failed; the JSON (--json-file) has all",
                                    failed.front().configuration, failed.size() - kMostTold));
  }
}

std::string AnsweredText(const RunStats& stats) {
  if (stats.requests() == 0) {
    return "no request was answered in the counted time until then";
  }
  std::string text = fmt::format("{} requests had ended in the counted time until then, {} failed",
                                 stats.requests(), stats.failures());
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(kShown, stats.errors().size()); ++i) {
    const ErrorStats& error = stats.errors()[i];
    const EndpointStats& endpoint = stats.endpoints()[error.endpoint];
    text += fmt::format("{} {} {}: {} ({} times)", i == 0 ? ":" : ",", endpoint.method,
                        endpoint.name, error.error, error.occurrences);
  }
  return text;
}

std::vector<std::string> InvalidReasons(const Comparison& comparison) {
  std::vector<std::string> reasons = comparison.invalid;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    if (WhyInvalid(configuration).empty() && NothingSucceeded(configuration)) {
      reasons.push_back(WhyNotBelieved(configuration));
    }
  }
  return reasons;
}

void WarnOfNoAudit(Comparison* comparison) {
  std::vector<std::pair<std::string, std::vector<std::string>>> names_by_reason;
  for (const ConfigurationNumbers& configuration : comparison->configurations) {
    const std::string& why = configuration.measured.audit.why_not;
    if (why.empty()) {
      continue;
    }
    const auto same = [&](const auto& known) { return known.first == why; };
    auto found = std::find_if(names_by_reason.begin(), names_by_reason.end(), same);
    if (found == names_by_reason.end()) {
      found = names_by_reason.insert(found, {why, {}});
    }
    found->second.push_back(configuration.name);
  }
  for (const auto& [why, names] : names_by_reason) {
    const bool all = names.size() == comparison->configurations.size();
    comparison->warnings.push_back(fmt::format(
        "{}not audited: {}", all ? "" : fmt::format("{}: ", fmt::join(names, ", ")), why));
  }
}

void ForgetRatiosOfChaos(Comparison* comparison) {
  auto& all = comparison->configurations;
  const auto killed = [](const ConfigurationNumbers& each) { return each.measured.killed > 0; };
  if (std::none_of(all.begin(), all.end(), killed)) {
    return;
  }
  const auto forget = [](ConfigurationNumbers& each) {
    each.ratio = {};
    each.ok_rate = {};
    each.cpu = {};
  };
  std::for_each(all.begin(), all.end(), forget);
  if (comparison->control) {
    forget(*comparison->control);
  }
  comparison->ok_rate_noise = comparison->cpu_noise = 0;
}

std::string AuditFailure(const std::string& name, const Audit& audit) {
  std::vector<std::string> wrong = audit.examples;
  if (!audit.unreadable.empty()) {
    wrong.push_back("what it acknowledged cannot be read any more: " + audit.unreadable);
  }
  return fmt::format(
      "{}: {} lost, {} duplicate, {} unexplained{} ({} acknowledged writes, {} rows): {}", name,
      audit.lost, audit.duplicates, audit.unexplained,
      audit.altered > 0 ? fmt::format(", {} altered", audit.altered) : "", audit.acknowledged,
      audit.rows, fmt::join(wrong, "; "));
}

}  // namespace sqlicorn::loadgen
