// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn {

// host [":" port] of RFC 3986: a name, an IPv4 address or "[IPv6]". No user info, no path, no
// blanks. "" is valid: a client whose URI has no authority sends it.
[[nodiscard]] bool IsHost(std::string_view text);

}  // namespace sqlicorn
