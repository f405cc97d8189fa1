// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sqlicorn {

// Numbers as a request writes them, by one rule for query, form and JSON: decimal digits with a
// sign, a fraction and an exponent where there are some, blanks around them passed over (a "+" in a
// form is a space once decoded).

// Exactly, or nothing: "5", "+5", "1.0" and "1e3" are integers, "1.5" and 2^63 are none.
[[nodiscard]] std::optional<std::int64_t> ReadInteger(std::string_view text);

// The nearest real; what is too small for one is 0, what is too large is none.
[[nodiscard]] std::optional<double> ReadReal(std::string_view text);

}  // namespace sqlicorn
