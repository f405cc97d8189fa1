// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/compare/configuration_run.h"
#include "loadgen/results/json_reader.h"
#include "loadgen/results/result_file.h"

// What no measurement can have: a file that says it was changed. Numbers that do not go together
// would be a report that looks like any other, or an assertion far from here. The places are those
// that the values were read from; the first that cannot be is refused there.
namespace sqlicorn::loadgen {

void CheckHead(const JsonPlace& from, const ResultHead& head);

void CheckRun(const JsonPlace& from, const ResultHead& head, const MeasuredRun& run);

// What the runs are together: no configuration has two in one round.
void CheckRounds(const JsonPlace& from, const ResultHead& head);

}  // namespace sqlicorn::loadgen
