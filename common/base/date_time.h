// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sqlicorn {

// Dates and times as RFC 3339 writes them, as far as SQLite's date functions read them too: so
// there is no leap second, and 'T' and 'Z' are capitals. Years are those from 0000 to 9999.

// "2026-11-28": days since 1970-01-01, or nothing where it is no day of the calendar.
[[nodiscard]] std::optional<std::int64_t> ReadDate(std::string_view text);

// "2026-11-28T18:46:00.5+01:00", with 'T' or a space, any number of decimals, and "Z" or an offset
// of at most 14 hours: microseconds since 1970-01-01T00:00:00Z, what is smaller cut off.
[[nodiscard]] std::optional<std::int64_t> ReadTimestamp(std::string_view text);

}  // namespace sqlicorn
