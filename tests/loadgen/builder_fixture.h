// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "loadgen/compare/comparison_builder.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {

inline constexpr const char* kLocked =
    "HTTPError('503 Server Error: Service Unavailable for url: /write/')";

inline ComparisonPlan TwoConfigurations() {
  ComparisonPlan plan;
  plan.configurations.resize(2);
  plan.configurations[0].name = "slow";
  plan.configurations[1].name = "fast";
  return plan;
}

// Collects runs of one second.
class ComparisonBuilderTest : public ::testing::Test {
 protected:
  ComparisonBuilderTest() { from_.rounds = 2; }

  // A run of one second with `reads` answers of `latency`.
  void Run(PlanStep step, int reads, Duration latency = std::chrono::milliseconds(1)) {
    RunFixture run(step);
    for (int i = 0; i < reads; ++i) {
      run.Read(std::chrono::seconds(1), latency);
    }
    builder().Add(run.Measured());
  }

  ComparisonBuilder& builder() {
    if (!builder_) {
      builder_.emplace(plan_, from_);
    }
    return *builder_;
  }

  [[nodiscard]] bool Warns(const std::string& part) {
    for (const std::string& warning : builder().Build().warnings) {
      if (warning.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  ComparisonPlan plan_ = TwoConfigurations();
  Provenance from_;
  std::optional<ComparisonBuilder> builder_;
};

}  // namespace sqlicorn::loadgen
