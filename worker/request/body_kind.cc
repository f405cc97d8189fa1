// SPDX-License-Identifier: MIT
#include "worker/request/body_kind.h"

#include <cstddef>
#include <string_view>

#include "common/http/ascii.h"

namespace sqlicorn {

BodyKind KindOf(const Message& request) {
  if (request.body().empty() || request.method() == "GET" || request.method() == "HEAD") {
    return BodyKind::kNone;
  }
  const std::string_view type = request.Header("Content-Type");
  const std::string_view media = TrimBlanks(type.substr(0, type.find(';')));
  if (EqualsIgnoreCase(media, "application/x-www-form-urlencoded")) {
    return BodyKind::kForm;
  }
  if (EqualsIgnoreCase(media, "multipart/form-data")) {
    return BodyKind::kMultipart;
  }
  if (EqualsIgnoreCase(media, "application/json")) {
    return BodyKind::kJson;
  }
  return BodyKind::kUnknown;
}

bool IsPlain(const Message& request) {
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    if (!EqualsIgnoreCase(header.name, "content-encoding")) {
      continue;
    }
    std::string_view list = header.value;
    while (!list.empty()) {
      const std::string_view coding = TakeListItem(list);
      if (!coding.empty() && !EqualsIgnoreCase(coding, "identity")) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace sqlicorn
