// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace sqlicorn {

// Well-formed UTF-8 by the Unicode standard: no overlong forms, no surrogates, nothing above
// U+10FFFF. NUL is well-formed.
[[nodiscard]] bool IsValidUtf8(std::string_view text);

// Well-formed UTF-8 without NUL: what may become an SQL text value.
[[nodiscard]] bool IsValidText(std::string_view text);

// The size of the well-formed sequence at the front of `text`, which starts with a non-ASCII octet;
// 0 when there is none.
[[nodiscard]] std::size_t SequenceSize(std::string_view text);

// The octets at the front of `text` that are well-formed, up to all of them.
[[nodiscard]] std::size_t ValidPrefix(std::string_view text);

}  // namespace sqlicorn
