// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "worker/plan/row_format.h"

namespace sqlicorn {

// How much a client wants a media type, by its Accept header (RFC 9110 12.5.1): 0 to 1000, of the
// most specific range that names it. Everything is wanted where there is no header.
[[nodiscard]] int QualityOf(std::string_view accept, std::string_view media_type);

// JSON unless the client prefers another one: who wants none of them gets JSON too.
[[nodiscard]] RowFormat RowFormatFor(std::string_view accept);

// The forms of an answer that says what went wrong.
enum class ProblemFormat { kJson, kText, kHtml };

// Likewise. Browsers prefer HTML.
[[nodiscard]] ProblemFormat ProblemFormatFor(std::string_view accept);

}  // namespace sqlicorn
