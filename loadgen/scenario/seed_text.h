// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn::loadgen {

// The text of etc/scenarios/seed.toml, put in by CMake.
extern const std::string_view kSeedText;

}  // namespace sqlicorn::loadgen
