// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/http/message.h"

namespace sqlicorn {

// A request as a client writes it. The caller vouches for every part: nothing is checked.
struct RequestParts {
  std::string_view method = "GET";
  std::string_view target = "/";
  std::string_view host = {};
  std::span<const HeaderView> headers = {};
  std::string_view content_type = {};  // "" for none
  std::string_view body = {};
};

// Appends an HTTP/1.1 request. Content-Length is written when there is a body, and for POST, PUT
// and PATCH without one.
void AppendRequest(const RequestParts& request, std::string* out);

}  // namespace sqlicorn
