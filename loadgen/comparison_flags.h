// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

// Of the commands that start servers.
void AddCompareFlags(CLI::App& app, CompareFlags* flags);
void AddTuneFlags(CLI::App& app, TuneFlags* flags);

}  // namespace sqlicorn::loadgen
