// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.h"

namespace sqlicorn {

// What is sent back, before HTTP framing. The body keeps its memory from request to request, unless
// it was unusually large.
struct Reply {
  static constexpr std::size_t kKeptBytes = 64U << 10U;

  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<HeaderView> headers;  // beyond the usual; the views outlive the request

  void Clear() {
    status = 200;
    content_type = "text/plain; charset=utf-8";
    body.clear();
    if (body.capacity() > kKeptBytes) {
      body.shrink_to_fit();
    }
    headers.clear();
  }
};

}  // namespace sqlicorn
