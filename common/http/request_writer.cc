// SPDX-License-Identifier: MIT
#include "common/http/request_writer.h"

#include <fmt/format.h>

namespace sqlicorn {
namespace {

void AppendLine(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ").append(value).append("\r\n");
}

bool NeedsLength(const RequestParts& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

void AppendRequest(const RequestParts& request, std::string* out) {
  out->append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  AppendLine("Host", request.host, out);
  for (const HeaderView& header : request.headers) {
    AppendLine(header.name, header.value, out);
  }
  if (NeedsLength(request)) {
    AppendLine("Content-Length", fmt::to_string(request.body.size()), out);
  }
  if (!request.content_type.empty()) {
    AppendLine("Content-Type", request.content_type, out);
  }
  out->append("\r\n").append(request.body);
}

}  // namespace sqlicorn
