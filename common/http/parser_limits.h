// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace sqlicorn {

// Header names with "_": "X_A" and "X-A" would be one name in a CGI environment, so that a client
// could speak for a proxy. gunicorn's header_map, without its "dangerous".
enum class UnderscoreNames { kDrop, kRefuse };

// gunicorn's limit_request_*, in octets; exactly that many are still accepted.
struct ParserLimits {
  std::size_t request_line = 8190;  // without CRLF; 0 means 8190
  std::size_t fields = 100;         // header and trailer lines; 0 means 32768
  std::size_t field_size = 8190;    // one line with its CRLF; 0 means 8190
  std::size_t body = 1048576;       // without transfer coding; 0 means no limit
  UnderscoreNames underscore_names = UnderscoreNames::kDrop;

  // With the meaning of 0 filled in.
  [[nodiscard]] ParserLimits Resolved() const;
};

}  // namespace sqlicorn
