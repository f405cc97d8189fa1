// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/http/message.h"

namespace sqlicorn {

// The first line of a message, and what may stand as its authority.

// host [":" port] of RFC 3986: a name, an IPv4 address or "[IPv6]". No user info, no path, no
// blanks. "" is valid: a client whose URI has no authority sends it.
[[nodiscard]] bool IsHost(std::string_view text);

// The request line without CRLF: three parts, method, version and the form of the target. Fills
// method, target, path, query and version. HTTP/1.0 and 1.1 only, no authority-form.
[[nodiscard]] Fault CheckRequestLine(std::string_view line, MessageBuilder& message);

// "HTTP/1.x NNN reason" of a response.
[[nodiscard]] Fault CheckStatusLine(std::string_view line);

}  // namespace sqlicorn
