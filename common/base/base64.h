// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

// The standard alphabet of RFC 4648 (4), with or without '=' at the end, without blanks. Appends
// the octets; false, with nothing appended, for anything else and for bits at the end that no
// encoder sets: so two texts never stand for the same octets but by their '='.
[[nodiscard]] bool DecodeBase64(std::string_view text, std::string* octets);

}  // namespace sqlicorn
