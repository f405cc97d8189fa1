// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/core_share.h"
#include "loadgen/server/server_process.h"

namespace sqlicorn::loadgen {

// What every run of a plan shares.
struct RunSetup {
  Loop& loop;
  const ComparisonPlan& plan;
  const Scenario& scenario;
  std::string program;  // the server's
  std::uint64_t seed = 0;
  Cores server_cores = {};    // that the servers run on; none = on all
  std::string prepared = {};  // the database that every run begins with a copy of; "" = none
};

// Of the database in the directory of a run.
inline constexpr char kDatabaseName[] = "sqlicorn.db";

// The control socket of a server whose database lies in `directory`, which ends with '/'; "" where
// the name would be too long for one.
[[nodiscard]] std::string ControlSocketIn(const std::string& directory);

// The command line that starts our server with a configuration, its database in `directory`.
// REQUIRES: the configuration has no command of its own.
[[nodiscard]] std::vector<std::string> ServerArguments(const RunSetup& setup,
                                                       const PlanConfiguration& configuration,
                                                       const std::string& directory);

// The command line that, with a question behind it, asks our program about that database. That of
// a server which is not ours is opened as it is: see WriteReader.
[[nodiscard]] std::vector<std::string> QuestionArguments(const RunSetup& setup,
                                                         const PlanConfiguration& configuration,
                                                         const std::string& directory);

// What starts the server of a configuration on a port of 127.0.0.1, and ends it when this process
// dies. REQUIRES: !IsAlreadyRunning.
[[nodiscard]] ServerProcess::Command ServerCommand(const RunSetup& setup,
                                                   const PlanConfiguration& configuration,
                                                   const std::string& directory,
                                                   std::uint16_t port);

// Whether the configuration only says where a server is.
[[nodiscard]] bool IsAlreadyRunning(const PlanConfiguration& configuration);

// Where the load goes.
[[nodiscard]] std::string UrlOf(const PlanConfiguration& configuration,
                                const std::string& directory, std::uint16_t port);

// Writes the configuration that reads the database in `directory` and sets nothing.
[[nodiscard]] Status WriteReader(const std::string& directory);

// Copies a database that nobody has open, with a log that may lie beside it, and flushes the copy,
// so that no run pays for it.
[[nodiscard]] Status CopyDatabase(const std::string& from, const std::string& to);

}  // namespace sqlicorn::loadgen
