// SPDX-License-Identifier: MIT
#pragma once

#include "common/config/table_reader.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// Reads the [[stage]]s, all of them with a number of users or all with a rate, and how the requests
// of a rate are spaced. What is wrong the reader remembers.
void ReadStages(TableReader& reader, Scenario* scenario);

}  // namespace sqlicorn::loadgen
