// SPDX-License-Identifier: MIT
#include "common/http/host.h"

#include <algorithm>
#include <array>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;

bool IsPort(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), IsDigit);
}

constexpr std::array<bool, 256> MakeNameTable() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("-._~!$&'()*+,;=%0123456789"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}

constexpr std::array<bool, 256> kNameTable = MakeNameTable();

bool IsNameOctet(char c) {
  return kNameTable[static_cast<unsigned char>(c)];
}

bool IsIpv6Octet(char c) {
  return HexValue(c) >= 0 || c == ':' || c == '.';
}

}  // namespace

bool IsHost(std::string_view text) {
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == npos || end == 1 ||
        !std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(end),
                     IsIpv6Octet)) {
      return false;
    }
    const std::string_view rest = text.substr(end + 1);
    return rest.empty() || (rest.front() == ':' && IsPort(rest.substr(1)));
  }
  const std::string_view name = text.substr(0, end);
  if (name.empty() && end != npos) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), IsNameOctet) &&
         (end == npos || IsPort(text.substr(end + 1)));
}

}  // namespace sqlicorn
