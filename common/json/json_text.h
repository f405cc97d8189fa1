// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace sqlicorn {

// The parser and the writer of nlohmann's values take seconds to compile wherever they are called:
// here they stand once for all that is no request.

// `text` as a value; one that is_discarded() where it is no JSON.
[[nodiscard]] nlohmann::json JsonOf(std::string_view text);

// The same with the members in the order of the text.
[[nodiscard]] nlohmann::ordered_json OrderedJsonOf(std::string_view text);

// `value` as text, in one line or, with an indent of so many blanks, in several. What is no UTF-8
// in it becomes U+FFFD.
[[nodiscard]] std::string TextOf(const nlohmann::json& value, int indent = -1);
[[nodiscard]] std::string TextOf(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace sqlicorn
