// SPDX-License-Identifier: MIT
// The HTML report: what is drawn, and where.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/page/axis.h"
#include "loadgen/page/comparison_page.h"
#include "loadgen/page/curve_chart.h"
#include "loadgen/page/html_text.h"
#include "loadgen/page/page_frame.h"
#include "loadgen/page/time_chart.h"
#include "loadgen/report/markup_text.h"
#include "tests/loadgen/comparison_sample.h"
#include "tests/loadgen/many_configurations.h"

namespace sqlicorn::loadgen {
namespace {

struct AxisRow {
  double least;
  double greatest;
  std::vector<std::string> ticks;
};

std::vector<std::string> Texts(const Axis& axis) {
  std::vector<std::string> texts;
  for (const Axis::Tick& tick : axis.ticks()) {
    texts.push_back(tick.text);
  }
  return texts;
}

TEST(Axis, HasRoundTicksUpToWhatIsNeeded) {
  const std::vector<AxisRow> rows = {
      {0, 1, {"0", "0.5", "1"}},
      {0, 123, {"0", "50", "100", "150"}},
      {0, 35393, {"0", "10k", "20k", "30k", "40k"}},
      {0, 0, {"0", "0.5", "1"}},
  };
  for (const AxisRow& row : rows) {
    EXPECT_EQ(Texts(Axis::Linear(row.greatest)), row.ticks) << row.greatest;
  }
}

TEST(Axis, HasPowersOfTenAndMoreWhereTheyAreFew) {
  const std::vector<AxisRow> rows = {
      {0.05, 5000, {"0.1", "1", "10", "100", "1000"}},
      {0.9, 15, {"1", "2", "5", "10"}},
      {0.5, 0.5, {"0.5"}},
  };
  for (const AxisRow& row : rows) {
    EXPECT_EQ(Texts(Axis::Log(row.least, row.greatest)), row.ticks) << row.least;
  }
  const Axis axis = Axis::Log(1, 100);
  EXPECT_NEAR(axis.At(10), 0.5, 1e-9);
  EXPECT_EQ(axis.At(0), 0);
  EXPECT_EQ(axis.At(1e9), 1);
}

TEST(SpreadLabels, MovesThemApartAndKeepsTheirOrder) {
  using Places = std::vector<double>;
  EXPECT_EQ(SpreadLabels({10, 50}, 14, 0, 100), (Places{10, 50}));
  EXPECT_EQ(SpreadLabels({50, 50, 40}, 10, 0, 100), (Places{50, 60, 40}));
  EXPECT_EQ(SpreadLabels({99, 100, 98}, 10, 0, 100), (Places{90, 100, 80}));
  EXPECT_EQ(SpreadLabels({0, 0}, 10, 5, 100), (Places{5, 15}));
  EXPECT_TRUE(SpreadLabels({}, 10, 0, 100).empty());
}

TEST(HtmlText, LetsNothingThrough) {
  EXPECT_EQ(MarkupText("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
  EXPECT_EQ(ScriptJson("</script><!--"), "\\u003c/script>\\u003c!--");
}

TEST(CurveChart, RisesFromP10ToTheSlowest) {
  Histogram latency;
  for (int i = 1; i <= 1000; ++i) {
    latency.Record(static_cast<std::uint64_t>(i) * 1000);
  }
  const std::vector<CurvePoint> points = PointsOf(latency);
  EXPECT_NEAR(points.front().ms, 100, 1);
  EXPECT_NEAR(points.back().nines, 3, 1e-9);
  EXPECT_EQ(points.back().ms, 1000);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GE(points[i].ms, points[i - 1].ms);
    const double share = 1 - std::pow(10, -points[i].nines);
    EXPECT_NEAR(points[i].ms, std::ceil(1000 * share - 1e-6), 1) << points[i].nines;
  }
  EXPECT_TRUE(PointsOf(Histogram()).empty());
}

TEST(TimeChart, TakesRatesOverWhatOfASpanWasCounted) {
  TimeSeries seconds;
  for (int i = 0; i < 250; ++i) {
    seconds.Record(std::chrono::milliseconds(10 * i), 1000, i % 10 == 0);
  }
  const auto points = PointsOf(TimeLine{"", 0, &seconds, 2, 2.5});
  ASSERT_EQ(points.size(), 25U);
  for (const TimePointNumbers& point : points) {
    EXPECT_NEAR(point.ok_per_s, 45, 1e-9) << "of each of two rounds";
    EXPECT_NEAR(point.failures_per_s, 5, 1e-9);
    EXPECT_DOUBLE_EQ(point.max_ms, 1);
  }
  EXPECT_DOUBLE_EQ(points[2].at_s, 0.25);
  const auto partly = PointsOf(TimeLine{"", 0, &seconds, 2, 2.45});
  EXPECT_NEAR(partly.back().ok_per_s, 90, 1e-9) << "all of it, in half of the span";
}

nlohmann::json EmbeddedData(const std::string& page) {
  const std::string begin = "id=\"data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return JsonOf(page.substr(from, page.find("</script>", from) - from));
}

TEST(ComparisonPage, EmbedsAllNumbers) {
  const auto data = EmbeddedData(ComparisonPage(sample::Built()));
  ASSERT_EQ(data["configs"].size(), 2U);
  EXPECT_EQ(data["configs"][0]["rps"], 40.0);
  EXPECT_EQ(data["configs"][0]["rounds"][0]["endpoints"].size(), 2U);
}

TEST(ComparisonPage, NeedsNoNetworkAndNoScript) {
  const std::string page = ComparisonPage(sample::Built());
  for (const char* part : {"http://", "https://", "src=", "@import", "url(", "<script>", "<link"}) {
    EXPECT_EQ(page.find(part), std::string::npos) << part;
  }
}

TEST(ComparisonPage, StaysSmallWhateverWasMeasured) {
  const Comparison comparison = sample::ManyConfigurations(20, 30);
  const std::string page = ComparisonPage(comparison);
  EXPECT_LT(page.size(), kMostPageBytes);
  EXPECT_EQ(EmbeddedData(page)["configs"].size(), 20U);
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Of which a thousand failed, the last ones most requested.
Comparison ManyEndpoints(std::size_t endpoints) {
  Comparison comparison = sample::Built();
  for (ConfigurationNumbers& configuration : comparison.configurations) {
    const Numbers one = configuration.measured.endpoints[0];
    configuration.measured.endpoints.clear();
    for (std::size_t i = 0; i < endpoints; ++i) {
      Numbers& endpoint = configuration.measured.endpoints.emplace_back(one);
      endpoint.name = "/endpoint-" + std::to_string(i);
      endpoint.requests = i;
      endpoint.failures = i == 7 ? 1 : 0;
    }
    for (RoundNumbers& round : configuration.rounds) {
      round.measured.endpoints = configuration.measured.endpoints;
    }
  }
  return comparison;
}

TEST(ComparisonPage, ShowsTheMostImportantOfTwentyThousandEndpoints) {
  const std::string page = ComparisonPage(ManyEndpoints(20'000));
  EXPECT_LT(page.size(), kMostPageBytes);
  EXPECT_NE(page.find("100 of 20,000 endpoints: those with failures, and the most requested"),
            std::string::npos);
  EXPECT_NE(page.find("All of it is in the JSON: --json-file"), std::string::npos);
  const std::string body = page.substr(0, page.find("id=\"data\""));
  EXPECT_EQ(CountOf(body, "GET /endpoint-"), 100U);
  EXPECT_NE(body.find("GET /endpoint-19999<"), std::string::npos);
  EXPECT_NE(body.find("GET /endpoint-7<"), std::string::npos) << "it failed";
  EXPECT_EQ(EmbeddedData(page)["configs"].size(), 2U);
}

TEST(ComparisonPage, ShowsTheMostImportantOfManyConfigurations) {
  Comparison comparison = sample::ManyConfigurations(500, 14);
  comparison.configurations[9].measured.audit.lost = 1;
  comparison.configurations[9].measured.all.ok_rps = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    comparison.failed.push_back({"x", 1, true, "it died " + std::string(5000, 'x'), ""});
    comparison.warnings.push_back("warning " + std::string(5000, 'x'));
  }
  const std::string page = ComparisonPage(comparison);
  EXPECT_LT(page.size(), kMostPageBytes);
  EXPECT_NE(page.find(" of 500 configurations: the first, those whose audit failed"),
            std::string::npos);
  EXPECT_NE(page.find(">configuration-0000<"), std::string::npos);
  EXPECT_NE(page.find(">configuration-0009<"), std::string::npos);
  EXPECT_NE(page.find(" of 3,000 failed runs"), std::string::npos);
  EXPECT_NE(page.find("</body></html>"), std::string::npos);
}

TEST(ComparisonPage, LeavesNothingOutOfWhatIsFew) {
  EXPECT_EQ(ComparisonPage(sample::Built()).find("This page shows what is most important"),
            std::string::npos);
}

TEST(ComparisonPage, ListsTheRunsThatFailed) {
  Comparison comparison = sample::Built();
  comparison.failed = {{"wal", 3, true, "the server died\nits last word", "7 requests had ended"},
                       {"none", 1, false, "it did not start", ""}};
  for (const bool measured : {true, false}) {
    if (!measured) {
      comparison.configurations.clear();
    }
    const std::string page = ComparisonPage(comparison);
    EXPECT_NE(page.find("Runs that failed"), std::string::npos);
    EXPECT_NE(page.find("the server died its last word; 7 requests had ended"), std::string::npos);
    EXPECT_NE(page.find("no; given up"), std::string::npos);
  }
}

TEST(ComparisonPage, EscapesEveryText) {
  Comparison comparison = sample::Built();
  const std::string evil = "</script><script>alert(1)</script>";
  comparison.configurations[0].name = evil;
  comparison.configurations[0].errors[0].error = evil;
  comparison.configurations[0].measured.endpoints[0].name = evil;
  comparison.warnings = comparison.audit_failures = comparison.not_measured = {evil};
  comparison.failed = {{evil, 1, true, evil, evil}};
  comparison.provenance.plan = comparison.provenance.cpu = comparison.provenance.started = evil;
  comparison.common_pragmas = {{evil, evil}};
  EXPECT_EQ(ComparisonPage(comparison).find("<script>alert"), std::string::npos);
}

TEST(ComparisonPage, SaysWhenNothingWasMeasured) {
  EXPECT_NE(ComparisonPage(Comparison()).find("No configuration was measured."), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn::loadgen
