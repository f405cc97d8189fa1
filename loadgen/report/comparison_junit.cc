// SPDX-License-Identifier: MIT
#include <algorithm>

#include <fmt/format.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/report/exchange_formats.h"
#include "loadgen/report/markup_text.h"

namespace sqlicorn::loadgen {
namespace {

// Control characters cannot stand in XML 1.0 at all.
std::string Xml(std::string_view text) {
  std::string printable(text);
  std::replace_if(
      printable.begin(), printable.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return MarkupText(printable);
}

struct Case {
  std::string suite;
  std::string name;
  std::string failure;  // "" = passed
  std::string skipped;  // why; "" = it was not
  std::string error{};  // why it came to no end; "" = it did
};

constexpr const char* kAuditCase = "every acknowledged write is there once";

Case AuditCase(const ConfigurationNumbers& configuration) {
  const Audit& audit = configuration.measured.audit;
  Case one{configuration.name, kAuditCase, "", ""};
  if (audit.method == AuditMethod::kNone) {
    one.skipped = audit.why_not.empty() ? "nothing was audited" : audit.why_not;
  } else if (audit.clean() && audit.acknowledged == 0) {
    one.skipped = "no write was acknowledged";
  } else if (!audit.clean()) {
    one.failure = fmt::format("{} lost, {} duplicate, {} unexplained", audit.lost, audit.duplicates,
                              audit.unexplained);
  }
  return one;
}

Case VerdictCase(const ConfigurationNumbers& configuration) {
  return {configuration.name, "the measurement can be believed", WhyNotBelieved(configuration), ""};
}

// One for each configuration with a run that failed, and for each of which nothing is known.
void AddFailedRuns(const Comparison& comparison, std::vector<Case>* cases) {
  std::vector<std::string> names = comparison.not_measured;
  for (const FailedRunNote& run : comparison.failed) {
    if (std::find(names.begin(), names.end(), run.configuration) == names.end()) {
      names.push_back(run.configuration);
    }
  }
  for (const std::string& name : names) {
    const auto is_its = [&](const FailedRunNote& run) { return run.configuration == name; };
    const auto first = std::find_if(comparison.failed.begin(), comparison.failed.end(), is_its);
    cases->push_back({name, "its runs come to their end", "", "",
                      first == comparison.failed.end()
                          ? "nothing was measured"
                          : fmt::format("round {}: {}", first->round, first->why)});
  }
}

// Of those that have no case of their own: the control, and what acknowledged writes before it
// failed.
void AddOtherAudits(const Comparison& comparison, std::vector<Case>* cases) {
  for (const std::string& failure : comparison.audit_failures) {
    const std::size_t colon = failure.find(": ");
    const std::string name = failure.substr(0, colon);
    const bool has_case =
        std::any_of(comparison.configurations.begin(), comparison.configurations.end(),
                    [&](const ConfigurationNumbers& one) { return one.name == name; });
    if (!has_case && colon != failure.npos) {
      cases->push_back({name, kAuditCase, failure.substr(colon + 2), ""});
    }
  }
}

std::vector<Case> CasesOf(const Comparison& comparison) {
  std::vector<Case> cases;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    cases.push_back(VerdictCase(configuration));
    cases.push_back(AuditCase(configuration));
  }
  AddFailedRuns(comparison, &cases);
  AddOtherAudits(comparison, &cases);
  for (const ThresholdFinding& finding : comparison.thresholds) {
    Case one{finding.configuration, "not " + finding.limit, "", ""};
    if (finding.holds || !finding.value) {
      one.failure = "it is " + finding.value_text;
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

std::string CaseXml(const Case& one) {
  std::string xml =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", Xml(one.suite), Xml(one.name));
  if (!one.error.empty()) {
    return xml + fmt::format("><error message=\"{}\"/></testcase>\n", Xml(one.error));
  }
  if (!one.failure.empty()) {
    return xml + fmt::format("><failure message=\"{}\"/></testcase>\n", Xml(one.failure));
  }
  return one.skipped.empty()
             ? xml + "/>\n"
             : xml + fmt::format("><skipped message=\"{}\"/></testcase>\n", Xml(one.skipped));
}

std::string PropertiesXml(const Comparison& comparison) {
  std::string xml = "    <properties>\n";
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const auto add = [&](const char* name, const auto& value) {
      xml += fmt::format("      <property name=\"{}.{}\" value=\"{}\"/>\n", Xml(configuration.name),
                         name, value);
    };
    const Numbers& all = configuration.measured.all;
    add("requests", all.requests);
    add("failures", all.failures);
    add("ok_rps", all.ok_rps);
    for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
      add(fmt::format("p{}_ms", kReportPercents[i]).c_str(), all.latency.percentiles_ms[i]);
    }
  }
  return xml + "    </properties>\n";
}

}  // namespace

std::string ComparisonJunit(const Comparison& comparison) {
  std::string cases;
  int failures = 0;
  int skipped = 0;
  int errors = 0;
  const std::vector<Case> all = CasesOf(comparison);
  for (const Case& one : all) {
    failures += one.failure.empty() ? 0 : 1;
    errors += one.error.empty() ? 0 : 1;
    skipped += one.skipped.empty() ? 0 : 1;
    cases += CaseXml(one);
  }
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", all.size(), failures,
                  errors, skipped);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
      "  <testsuite name=\"sqlicorn-loadgen\" {0}>\n{1}{2}  </testsuite>\n</testsuites>\n",
      counts, PropertiesXml(comparison), cases);
}

}  // namespace sqlicorn::loadgen
