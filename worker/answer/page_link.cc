// SPDX-License-Identifier: MIT
#include "worker/answer/page_link.h"

#include <algorithm>

#include "worker/answer/answer_head.h"

namespace sqlicorn {
namespace {

// What would end the URL, and what no header may hold.
void AppendSafe(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '"') {
      AppendUrlPart({&c, 1}, out);
    } else {
      AppendUrl({&c, 1}, out);
    }
  }
}

}  // namespace

std::string NextLink(std::string_view path, std::string_view query, std::string_view name,
                     std::string_view value) {
  std::string link = "<";
  AppendSafe(path, &link);
  link += '?';
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!part.empty() && part.substr(0, part.find('=')) != name) {
      AppendSafe(part, &link);
      link += '&';
    }
  }
  AppendUrlPart(name, &link);
  link += '=';
  AppendUrlPart(value, &link);
  return link + ">; rel=\"next\"";
}

}  // namespace sqlicorn
