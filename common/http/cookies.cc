// SPDX-License-Identifier: MIT
#include "common/http/cookies.h"

#include <cstddef>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

std::optional<std::string_view> FindIn(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t end = list.find(';');
    const std::string_view pair = TrimBlanks(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && TrimBlanks(pair.substr(0, equals)) == name) {
      return TrimBlanks(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> FindCookie(const Message& request, std::string_view name) {
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    const auto found =
        EqualsIgnoreCase(header.name, "cookie") ? FindIn(header.value, name) : std::nullopt;
    if (found) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace sqlicorn
