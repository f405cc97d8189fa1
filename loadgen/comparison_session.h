// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/ending.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/server/core_share.h"
#include "loadgen/server/scratch_directory.h"

// What the commands that start servers have in common.
namespace sqlicorn::loadgen {

// The program of the server: `wanted`, or the one beside this program where that is "".
[[nodiscard]] Result<std::string> FindServerProgram(const std::string& wanted);

// Takes a core for this process and leaves the others to the servers of the plan, where that can be
// done, and says so.
[[nodiscard]] CoreShare TakeCore(const ComparisonPlan& plan, Pinning pinning, Console* console);

// Makes all the runs that `observer` asks for, until it stops the loop. False when a signal has
// interrupted them; the second one does not wait. Signals are blocked from then on: what is left to
// do is short and cleans up. `begin` gets the runner before the first run.
[[nodiscard]] bool MakeRuns(const RunSetup& setup, const ScratchDirectory& directory,
                            ComparisonObserver* observer,
                            const std::function<void(const ComparisonRunner&)>& begin = {});

// Tells of databases in which writes are lost, a line for each configuration, and keeps them.
[[nodiscard]] Ending TellAuditFailures(const std::vector<std::string>& failures,
                                       ScratchDirectory* directory, Console* console);

// The databases and logs of the runs stay, and somebody should know where.
void KeepFiles(ScratchDirectory* directory, Console* console);

}  // namespace sqlicorn::loadgen
