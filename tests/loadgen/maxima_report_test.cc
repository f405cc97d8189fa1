// SPDX-License-Identifier: MIT
// The reports of `compare --find-max`: the same numbers in all forms.
#include "loadgen/report/maxima_report.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/page/maxima_page.h"
#include "loadgen/page/page_frame.h"
#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen {
namespace {

FoundOfOne Found(const std::string& name, double met, SearchEnd end) {
  FoundOfOne one;
  one.found.host = name;
  one.found.objective = ParseObjective("p99 < 20ms").value();
  one.found.met = met;
  one.found.steps = {{met, 3, 12.5, StepVerdict::kMet, {}, 1}};
  if (end == SearchEnd::kUntold) {
    one.found.untold = 2 * met;
    one.found.steps.push_back({2 * met, 3, {}, StepVerdict::kUntold, {"it stood | still"}, 1});
  } else {
    one.found.missed = 1.05 * met;
    one.found.steps.push_back({1.05 * met, 3, 31.5, StepVerdict::kMissed, {}, 1});
  }
  one.end = end;
  return one;
}

Maxima Sample() {
  return {ParseObjective("p99 < 20ms").value(),
          3,
          {Found("defaults", 200, SearchEnd::kTold), Found("wal", 800, SearchEnd::kTold),
           Found("left-out", 100, SearchEnd::kUntold)},
          sample::Built()};
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(MaximaReport, HasTheSameNumbersInAllForms) {
  const Maxima maxima = Sample();
  const std::string text = MaximaTerminal(maxima);
  EXPECT_TRUE(Has(text, "wal            800    840      4.00 VALID   to 5 %\n")) << text;
  EXPECT_TRUE(Has(text, "Audit of the writes")) << text;
  const std::string markdown = MaximaMarkdown(maxima);
  EXPECT_TRUE(markdown.starts_with("# The greatest rate at which p99 \\< 20ms\n")) << markdown;
  EXPECT_TRUE(Has(markdown, "| wal | 800 | 840 | 4.00 | VALID | to 5 % |")) << markdown;
  EXPECT_TRUE(Has(markdown, "| wal | 840 | 3 | 31.5 ms | missed |  |")) << markdown;
  EXPECT_TRUE(Has(markdown, "**INVALID:** left-out: 200.0/s could not be told: it stood \\| still"))
      << markdown;
  const std::string csv = MaximaCsv(maxima);
  EXPECT_TRUE(Has(csv,
                  "\nwal,,,,,told,800,840,,4\nwal,1,800,3,12.5,met,,,,\n"
                  "wal,2,840,3,31.5,missed,,,,\n"))
      << csv;
  EXPECT_TRUE(Has(csv, "\nleft-out,,,,,not told,100,,200,\n")) << csv;
  const auto json = JsonOf(MaximaJson(maxima));
  EXPECT_EQ(json["find_max"]["wal"]["met_rate"], 800);
  EXPECT_EQ(json["find_max"]["wal"]["steps"][1]["rate"], 840);
  EXPECT_EQ(json["provenance"]["plan"], "ladder.toml");
  const std::string page = MaximaPage(maxima);
  EXPECT_TRUE(Has(page, "data-value=\"800\"")) << "the bar";
  EXPECT_TRUE(Has(page, ">4.00<"));
  EXPECT_TRUE(Has(page, "INVALID: left-out: 200.0/s could not be told"));
}

TEST(MaximaReport, TellsOfRunsThatFailedAndOfOtherAnswers) {
  Maxima maxima = Sample();
  maxima.runs.failed = {{"wal", 3, true, "it died", ""}};
  maxima.runs.configurations[1].different_answers = {"GET /: 404 with 0 bytes"};
  for (const std::string& report :
       {MaximaTerminal(maxima), MaximaMarkdown(maxima), MaximaPage(maxima)}) {
    EXPECT_TRUE(Has(report, "wal: round 3 failed under load: it died")) << report;
    EXPECT_TRUE(Has(report, "answers something else than the first")) << report;
  }
}

TEST(MaximaReport, SaysWhenNothingWasMeasured) {
  Maxima maxima = Sample();
  maxima.runs = Comparison();
  for (FoundOfOne& one : maxima.found) {
    one = {FoundMax{"", one.found.host, maxima.objective, {}, {}, {}, {}}, SearchEnd::kFailed};
  }
  EXPECT_TRUE(Has(MaximaTerminal(maxima), "a run failed"));
  EXPECT_TRUE(Has(MaximaMarkdown(maxima), "| wal | - | - | not told | - | a run failed |"));
  EXPECT_TRUE(Has(MaximaPage(maxima), "a run failed"));
}

TEST(MaximaPage, StaysSmallWhateverWasTried) {
  Maxima maxima = Sample();
  FoundOfOne many = maxima.found[1];
  const std::string why(3000, 'x');
  many.found.steps.assign(30, {100, 3, 1.5, StepVerdict::kUntold, {why}, 1});
  maxima.found.assign(500, many);
  const std::string page = MaximaPage(maxima);
  EXPECT_LT(page.size(), kMostPageBytes);
  EXPECT_TRUE(Has(page, " of 500 searches: the first, and the greatest rates"));
}

}  // namespace
}  // namespace sqlicorn::loadgen
