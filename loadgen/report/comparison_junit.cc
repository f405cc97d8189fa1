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
};

Case AuditCase(const ConfigurationNumbers& configuration) {
  const Audit& audit = configuration.measured.audit;
  Case one{configuration.name, "every acknowledged write is there once", "", ""};
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

std::vector<Case> CasesOf(const Comparison& comparison) {
  std::vector<Case> cases;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    cases.push_back(VerdictCase(configuration));
    cases.push_back(AuditCase(configuration));
  }
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
  const std::vector<Case> all = CasesOf(comparison);
  for (const Case& one : all) {
    failures += one.failure.empty() ? 0 : 1;
    skipped += one.skipped.empty() ? 0 : 1;
    cases += CaseXml(one);
  }
  const std::string counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
                                         all.size(), failures, skipped);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
      "  <testsuite name=\"sqlicorn-loadgen\" {0}>\n{1}{2}  </testsuite>\n</testsuites>\n",
      counts, PropertiesXml(comparison), cases);
}

}  // namespace sqlicorn::loadgen
