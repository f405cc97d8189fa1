// SPDX-License-Identifier: MIT
#include "common/http/request_writer.h"

#include <iterator>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

bool NeedsLength(const RequestParts& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

void AppendRequest(const RequestParts& request, std::string* out) {
  const auto end = std::back_inserter(*out);
  fmt::format_to(end, "{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.target,
                 request.host);
  for (const HeaderView& header : request.headers) {
    fmt::format_to(end, "{}: {}\r\n", header.name, header.value);
  }
  if (NeedsLength(request)) {
    fmt::format_to(end, "Content-Length: {}\r\n", request.body.size());
  }
  if (!request.content_type.empty()) {
    fmt::format_to(end, "Content-Type: {}\r\n", request.content_type);
  }
  out->append("\r\n").append(request.body);
}

}  // namespace sqlicorn
