// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loadgen/tune/tune_outcome.h"

namespace sqlicorn::loadgen {

// How many configurations a search had.
struct TuneExtent {
  std::size_t tried = 0;
  std::size_t possible = 0;
};

// Why, and what could not be told apart: the text for a terminal.
[[nodiscard]] std::string TuneText(const TuneOutcome& outcome, TuneExtent extent);

// The settings of a configuration as the TOML of a server's file, by table.
[[nodiscard]] std::string SettingsToml(const std::vector<PlanSetting>& settings);

}  // namespace sqlicorn::loadgen
