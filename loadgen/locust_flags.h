// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn::loadgen {

// What locust has and `run` has not: refused with what to use instead, so that a command line that
// comes from there does not measure something else than it says. A line for each of `arguments`,
// the words after `run`, and for each of `environment`, "NAME=value"; none when all may go on.
[[nodiscard]] std::vector<std::string> RefuseLocustsOwn(
    const std::vector<std::string_view>& arguments,
    const std::vector<std::string_view>& environment);

// Whether the command line or the environment of `run` has such a thing: told on standard error,
// a line each. False for the other commands, which are not locust's.
[[nodiscard]] bool IsRefusedAsLocusts(int argc, char** argv);

}  // namespace sqlicorn::loadgen
