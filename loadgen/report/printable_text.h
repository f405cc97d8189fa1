// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn::loadgen {

// `text` with every control character but the end of a line and the tab as \xHH: names and what
// servers say must not move the cursor of a terminal, colour it or set its title. Characters of
// UTF-8 stay; octets that are none are shown too. Applied twice it changes nothing more.
[[nodiscard]] std::string PrintableText(std::string_view text);

}  // namespace sqlicorn::loadgen
