// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn::loadgen {

// The page of `run --web`: it draws `now`, which LiveJson has written, and then listens at /events
// for more of it. All of it is in the text, it asks for nothing else.
[[nodiscard]] std::string LivePage(std::string_view now);

}  // namespace sqlicorn::loadgen
