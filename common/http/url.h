// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

// Where a load generator connects and what it asks for.
struct Url {
  std::string address;  // an IP literal without brackets, or a name
  std::uint16_t port = 80;
  std::string authority;  // host[:port] as written: the value of Host
  std::string target;     // path and query, at least "/"
};

// "http://127.0.0.1:8000/read/?a=1". Only http, no user info, no fragment. Names are not
// resolved here.
[[nodiscard]] Result<Url> SplitUrl(std::string_view text);

}  // namespace sqlicorn
