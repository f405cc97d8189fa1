// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn::loadgen {

// Text between tags or in a quoted attribute, of HTML and of XML.
[[nodiscard]] std::string MarkupText(std::string_view text);

}  // namespace sqlicorn::loadgen
