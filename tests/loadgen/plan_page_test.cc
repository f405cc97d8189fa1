// SPDX-License-Identifier: MIT
// docs/plan.md, read by the reader of plans.
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config/toml.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {
namespace {

struct Page {
  std::vector<std::string> samples;                       // its TOML
  std::vector<std::pair<std::string, std::string>> keys;  // heading and key of each table row
};

Page ReadPage() {
  std::ifstream file(DOCS_DIR "/plan.md");
  Page page;
  std::string heading;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) {
        page.samples.emplace_back();
      }
    } else if (inside) {
      page.samples.back() += line + "\n";
    } else if (line.starts_with("## ")) {
      heading = line.substr(3);
    } else if (line.starts_with("| `")) {
      page.keys.emplace_back(heading, line.substr(3, line.find('`', 3) - 3));
    }
  }
  return page;
}

std::string ErrorOf(const std::string& text) {
  const Result<Value> root = ParseToml(text, "plan");
  const Result<ComparisonPlan> plan =
      root ? BuildComparisonPlan(*root, "/plans") : Result<ComparisonPlan>(root.error());
  return plan ? "" : plan.error().message;
}

TEST(PageOfPlans, HasSamplesThatCanBeRead) {
  const Page page = ReadPage();
  EXPECT_GE(page.samples.size(), 6U);
  for (const std::string& sample : page.samples) {
    EXPECT_EQ(ErrorOf(sample), "") << sample;
  }
}

TEST(PageOfPlans, HasNoKeyThatIsUnknown) {
  for (const auto& [heading, key] : ReadPage().keys) {
    const std::string table = heading == "Top level" ? "" : heading + "\n";
    EXPECT_EQ(ErrorOf(fmt::format("{}{} = 0\n", table, key)).find("unknown key"), std::string::npos)
        << heading << " " << key;
  }
}

TEST(PageOfPlans, HasEveryKey) {
  std::set<std::string> named;
  for (const auto& [heading, key] : ReadPage().keys) {
    named.insert(heading + " " + key);
  }
  const std::vector<std::pair<std::string, std::vector<std::string>>> known = {
      {"Top level",
       {"server", "scenario", "users", "duration", "warmup", "rounds", "budget", "until", "seed",
        "rate", "audit", "aa", "chaos", "base", "cumulative", "database", "configuration",
        "matrix"}},
      {"[[configuration]]",
       {"name", "set", "audit", "command", "url", "ready_url", "stop", "environment", "directory"}},
      {"[matrix]", {"exclude"}},
      {"[database]", {"copy_from", "rows", "fill"}}};
  std::size_t count = 0;
  for (const auto& [heading, keys] : known) {
    count += keys.size();
    for (const std::string& key : keys) {
      EXPECT_TRUE(named.count(heading + " " + key) == 1) << heading << " " << key;
    }
  }
  EXPECT_EQ(named.size(), count);
}

}  // namespace
}  // namespace sqlicorn::loadgen
