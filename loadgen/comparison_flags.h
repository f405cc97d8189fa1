// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "loadgen/command_line.h"

namespace sqlicorn::loadgen {

// Of the commands that start servers.
void AddCompareFlags(CLI::App& app, CompareFlags* flags);
void AddTuneFlags(CLI::App& app, TuneFlags* flags);

// Locust's times: "20" are seconds, else "20s", "3m", "1h20m".
[[nodiscard]] Result<Duration> ParseLocustTime(const std::string& text);

}  // namespace sqlicorn::loadgen
