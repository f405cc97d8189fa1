// SPDX-License-Identifier: MIT
// All formats of one comparison say the same numbers.
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/compare/thresholds.h"
#include "loadgen/page/comparison_page.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/exchange_formats.h"
#include "tests/loadgen/comparison_sample.h"
#include "tests/loadgen/golden.h"

namespace sqlicorn::loadgen {
namespace {

Comparison Sample() {
  Comparison comparison = sample::Built();
  comparison.thresholds = JudgeThresholds(
      {ParseObjective("max(/write/) > 1s").value(), ParseObjective("rps < 100").value()},
      comparison);
  return comparison;
}

const Numbers& Writes(const Comparison& comparison) {
  return comparison.configurations[1].measured.endpoints[1];  // "wal", POST /write/
}

// What stands behind the first match of `before`.
double NumberAfter(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  EXPECT_NE(at, std::string::npos) << before;
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + before.size(), nullptr);
}

// The cell of the line that begins so, by the name of its column.
double CsvCell(const std::string& csv, const std::string& line_begin, const std::string& column) {
  const auto lines = golden::Split(csv, "\n");
  const auto heads = golden::Split(lines[0], ",");
  for (const std::string& line : lines) {
    if (line.starts_with(line_begin)) {
      const auto cells = golden::Split(line, ",");
      for (std::size_t i = 0; i < heads.size(); ++i) {
        if (heads[i] == column) {
          return std::strtod(cells[i].c_str(), nullptr);
        }
      }
    }
  }
  ADD_FAILURE() << line_begin << column;
  return -1;
}

TEST(Formats, SayTheSameNumbers) {
  const Comparison comparison = Sample();
  const Numbers& writes = Writes(comparison);
  const double p99 = writes.latency.percentiles_ms[7];

  const auto json = JsonOf(ComparisonJson(comparison));
  const auto& endpoint = json["configs"][1]["endpoints"][1];
  EXPECT_EQ(endpoint["requests"], writes.requests);
  EXPECT_EQ(endpoint["percentiles_ms"]["99"], p99);

  const std::string csv = ComparisonCsv(comparison);
  EXPECT_EQ(CsvCell(csv, "wal,,endpoint,POST", "requests"), writes.requests);
  EXPECT_EQ(CsvCell(csv, "wal,,endpoint,POST", "p99_ms"), p99);

  const std::string prometheus = ComparisonPrometheus(comparison);
  const std::string labels = "{configuration=\"wal\",method=\"POST\",endpoint=\"/write/\"";
  EXPECT_EQ(NumberAfter(prometheus, "requests_total" + labels + "} "), writes.requests);
  EXPECT_EQ(NumberAfter(prometheus, "duration_seconds" + labels + ",quantile=\"0.99\"} "),
            p99 / 1000);
  EXPECT_EQ(NumberAfter(prometheus, "duration_seconds_count" + labels + "} "), writes.requests);

  const std::string junit = ComparisonJunit(comparison);
  EXPECT_EQ(NumberAfter(junit, "wal.requests\" value=\""),
            comparison.configurations[1].measured.all.requests);
  EXPECT_EQ(NumberAfter(junit, "wal.p99_ms\" value=\""),
            comparison.configurations[1].measured.all.latency.percentiles_ms[7]);

  for (const HgrmFile& file : ComparisonHgrm(comparison)) {
    if (file.suffix == "_wal_writes.hgrm") {
      EXPECT_EQ(NumberAfter(file.content, "Total count    ="), writes.requests);
      EXPECT_EQ(NumberAfter(file.content, "Max     ="),
                std::round(writes.latency.max_ms * 1000) / 1000);
    }
  }
  EXPECT_EQ(ComparisonHgrm(comparison).size(), 6U);

  const std::string page = ComparisonPage(comparison);
  EXPECT_NE(page.find("\"99\":" + TextOf(nlohmann::json(p99))), std::string::npos);
  for (const std::string& text :
       {ComparisonTerminal(comparison), ComparisonMarkdown(comparison), page}) {
    EXPECT_NE(text.find("1,561"), std::string::npos) << "the headline's rate";
  }
}

std::vector<double> BarCounts(const std::string& bars, const std::string& head) {
  std::vector<double> counts;
  const std::size_t from = bars.find(head);
  std::istringstream lines(bars.substr(from, bars.find("\n\n", from) - from));
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, std::regex("ms +([0-9,]+) "))) {
      counts.push_back(std::stod(std::regex_replace(match[1].str(), std::regex(","), "")));
    }
  }
  return counts;
}

TEST(Formats, DrawBarsOfAllRequests) {
  const Comparison comparison = Sample();
  double sum = 0;
  for (const double count : BarCounts(ComparisonBars(comparison), "wal, writes")) {
    sum += count;
  }
  EXPECT_EQ(sum, Writes(comparison).requests);
}

TEST(Formats, SayWhetherTheNumbersCanBeBelieved) {
  Comparison comparison = Sample();
  EXPECT_NE(ComparisonPage(comparison).find("<li>Verdict: VALID</li>"), std::string::npos);
  EXPECT_NE(ComparisonMarkdown(comparison).find("| wal | VALID | 2 | 0 |"), std::string::npos)
      << ComparisonMarkdown(comparison);
  Measurement& starved = comparison.configurations[1].measured;
  starved.invalid_runs = 1;
  starved.invalid = "it slept";
  comparison.invalid = {"wal: 1 of 2 runs were invalid"};
  const std::string page = ComparisonPage(comparison);
  EXPECT_NE(page.find("<li>INVALID: wal: 1 of 2 runs"), std::string::npos);
  EXPECT_EQ(page.find("Verdict: VALID"), std::string::npos);
  EXPECT_NE(ComparisonMarkdown(comparison).find("| wal | INVALID | 2 | 1 |"), std::string::npos);
}

TEST(Formats, HaveEveryThresholdAndItsResult) {
  const Comparison comparison = Sample();
  const std::string markdown = ComparisonMarkdown(comparison);
  EXPECT_NE(markdown.find("| defaults | rps \\< 100 | 40 per second | FAILED |"), std::string::npos)
      << markdown;
  EXPECT_NE(markdown.find("| wal | rps \\< 100 | 1561 per second | passed |"), std::string::npos);
  EXPECT_NE(ComparisonPage(comparison).find("1561 per second"), std::string::npos);
}

TEST(Junit, HasACaseForEachVerdictAuditAndThreshold) {
  Comparison comparison = Sample();
  comparison.configurations[0].measured.audit = {};
  comparison.configurations[1].measured.audit.lost = 2;
  Measurement& starved = comparison.configurations[1].measured;
  starved.invalid_runs = starved.runs;
  starved.invalid = "the generator <slept>";
  const std::string junit = ComparisonJunit(comparison);
  EXPECT_NE(junit.find("tests=\"9\" failures=\"4\" errors=\"1\" skipped=\"1\""), std::string::npos)
      << junit;
  EXPECT_NE(junit.find("classname=\"defaults\" name=\"the measurement can be believed\"/>"),
            std::string::npos);
  EXPECT_NE(junit.find("the first because the generator &lt;slept&gt;\"/>"), std::string::npos);
  EXPECT_NE(junit.find("<failure message=\"2 lost, 0 duplicate, 0 unexplained\"/>"),
            std::string::npos);
  EXPECT_NE(junit.find("classname=\"defaults\" name=\"not rps &lt; 100\"><failure message=\"it is "
                       "40 per second\"/>"),
            std::string::npos)
      << junit;
}

struct HgrmRow {
  double ms;
  double percentile;
  double total;
};

TEST(Hgrm, RisesToTheMaximum) {
  Histogram latency;
  for (std::uint64_t ms = 1; ms <= 1000; ++ms) {
    latency.Record(ms * 1000);
  }
  std::istringstream lines(Hgrm(latency));
  std::vector<HgrmRow> rows;
  for (std::string line; std::getline(lines, line);) {
    HgrmRow row{};
    if (std::sscanf(line.c_str(), "%lf %lf %lf", &row.ms, &row.percentile, &row.total) == 3) {
      rows.push_back(row);
    }
  }
  ASSERT_GT(rows.size(), 30U);
  EXPECT_EQ(rows.back().percentile, 1);
  EXPECT_EQ(rows.back().ms, 1000);
  EXPECT_EQ(rows.back().total, 1000);
  for (const HgrmRow& row : rows) {
    EXPECT_GE(row.total, row.percentile * 1000 - 1e-6);
    EXPECT_NEAR(row.ms, row.total, 0.001 * row.ms);
  }
}

// Read back by hdr-histogram-js 3.0.1 when it was made: 3 values, 1,000, 2,049 and 5,000,000.
TEST(HdrLog, EncodesWhatPublicReadersRead) {
  Comparison comparison = sample::Built();
  comparison.configurations.resize(1);
  EndpointStats endpoint;
  endpoint.method = "GET";
  endpoint.name = "/a, b";
  for (const std::uint64_t us : {1000, 2049, 5'000'000}) {
    endpoint.latency.Record(us);
  }
  comparison.configurations[0].distribution.endpoints = {endpoint};
  const std::string log = ComparisonHdrLog(comparison);
  EXPECT_NE(log.find("\nTag=defaults:GET:/a__b,0.000,2.000,5000.000,HISTFAAAA"), std::string::npos)
      << log;
}

TEST(Junit, HasAnErrorForWhatFailed) {
  Comparison comparison = sample::Built();
  comparison.not_measured = {"gone"};
  comparison.failed = {{"gone", 1, false, "exit status 3\nno <schema>", ""},
                       {"wal", 2, true, "signal 9", ""},
                       {"wal", 3, true, "signal 11", ""}};
  comparison.audit_failures = {"gone: 3 lost", "wal: 1 lost", "defaults again: 2 lost"};
  const std::string junit = ComparisonJunit(comparison);
  for (const char* part :
       {"tests=\"8\" failures=\"2\" errors=\"2\" skipped=\"0\"",
        "classname=\"gone\" name=\"its runs come to their end\"><error message=\"round 1: exit "
        "status 3 no &lt;schema&gt;\"/>",
        "classname=\"wal\" name=\"its runs come to their end\"><error message=\"round 2: signal 9",
        "classname=\"gone\" name=\"every acknowledged write is there once\"><failure message=\"3 "
        "lost\"/>",
        "classname=\"defaults again\" name=\"every acknowledged write is there once\"><failure "
        "message=\"2 lost\"/>"}) {
    EXPECT_NE(junit.find(part), std::string::npos) << part << "\n" << junit;
  }
}

TEST(Prometheus, TellsWhatFailed) {
  Comparison comparison = sample::Built();
  EXPECT_EQ(ComparisonPrometheus(comparison).find("failed_runs"), std::string::npos);
  comparison.not_measured = {"gone"};
  comparison.failed = {{"gone", 1, false, "exit\nstatus \"3\"", ""},
                       {"gone", 2, false, "signal 9", ""}};
  comparison.audit_failures = {"gone: 3 lost"};
  const std::string prometheus = ComparisonPrometheus(comparison);
  for (const char* line :
       {"failed_runs{configuration=\"gone\",reason=\"exit status \\\"3\\\"\"} 2\n",
        "configurations_not_measured 1\n", "audit_failures 1\n"}) {
    EXPECT_NE(prometheus.find(std::string("\nsqlicorn_loadgen_") + line), std::string::npos)
        << line << prometheus;
  }
}

TEST(Formats, HaveTheAuditOfTheControl) {
  Comparison comparison = sample::Built();
  comparison.control = comparison.configurations[0];
  comparison.control->name = "defaults again";
  comparison.control->measured.audit.lost = 7;
  const std::string markdown = ComparisonMarkdown(comparison);
  const std::string table = markdown.substr(markdown.find("Audit of the writes"));
  EXPECT_NE(table.find("| defaults again | "), std::string::npos) << markdown;
}

// Square brackets are an interval of 95 %.
TEST(Formats, HaveNoIntervalOfTooFewRounds) {
  Comparison comparison = sample::Built();
  Contrast& rate = comparison.configurations[1].ok_rate;
  rate = {Finding::kTooFewRounds, 2, 1.25, 1.1, 1.4, 0.5};
  EXPECT_NE(ComparisonPage(comparison).find("1.25 not enough rounds"), std::string::npos);
  EXPECT_EQ(ComparisonPage(comparison).find("[1.10, 1.40]"), std::string::npos);
  rate.finding = Finding::kMore;
  EXPECT_NE(ComparisonPage(comparison).find("1.25 [1.10, 1.40] more"), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn::loadgen
