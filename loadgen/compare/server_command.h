// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/uv/loop.h"
#include "loadgen/compare/comparison_plan.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/server_process.h"

namespace sqlicorn::loadgen {

// What every run of a plan shares.
struct RunSetup {
  Loop& loop;
  const ComparisonPlan& plan;
  const Scenario& scenario;
  std::string program;  // the server's
  std::uint64_t seed = 0;
};

// The control socket of a server whose database lies in `directory`, which ends with '/'; "" where
// the name would be too long for one.
[[nodiscard]] std::string ControlSocketIn(const std::string& directory);

// The command line that starts (or, with more arguments, questions) the server of a configuration
// whose database lies in `directory`.
[[nodiscard]] std::vector<std::string> ServerArguments(const RunSetup& setup,
                                                       const PlanConfiguration& configuration,
                                                       const std::string& directory);

// What starts it on a port of 127.0.0.1, and ends it when this process dies.
[[nodiscard]] ServerProcess::Command ServerCommand(const RunSetup& setup,
                                                   const PlanConfiguration& configuration,
                                                   const std::string& directory,
                                                   std::uint16_t port);

}  // namespace sqlicorn::loadgen
