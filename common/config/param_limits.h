// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/config/param_spec.h"

namespace sqlicorn {

// Whether a value of the right type keeps to the limits of its param: "" when it does, else what it
// must be, for the client ("must be at least 1"). Pure; the same for what a request sends and for
// the default that a configuration gives.
[[nodiscard]] std::string Misfit(const ParamLimits& limits, std::int64_t value);
[[nodiscard]] std::string Misfit(const ParamLimits& limits, double value);

// Of text, json, a date or a timestamp: their text, which has been read. Of a blob: its octets.
[[nodiscard]] std::string Misfit(const ParamSpec& spec, std::string_view text);

// What a value of the type is called: "an integer".
[[nodiscard]] std::string_view Wanted(ParamType type);

}  // namespace sqlicorn
