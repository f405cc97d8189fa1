// SPDX-License-Identifier: MIT
#include "worker/answer/entity_tag.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

// Eight octets at a time; each step can be undone, so that no two words become one.
class Hash {
 public:
  void Add(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x9E3779B97F4A7C15U;
    value_ ^= value_ >> 32U;
  }

  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0x243F6A8885A308D3U;
};

std::uint64_t HashOf(std::string_view octets) {
  Hash hash;
  hash.Add(octets.size());
  while (!octets.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = std::min(octets.size(), sizeof word);
    std::memcpy(&word, octets.data(), size);
    hash.Add(word);
    octets.remove_prefix(size);
  }
  hash.Add(0);
  return hash.value();
}

// RFC 9110 8.8.3, without what is not ASCII: not every proxy passes that.
bool IsTagOctet(char c) {
  return c > ' ' && c <= '~' && c != '"' && c != ',';
}

std::string_view WithoutWeakness(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

}  // namespace

std::string TagOfBody(std::string_view body) {
  return fmt::format("\"{:016x}\"", HashOf(body));
}

std::string TagOfVersion(std::string_view version) {
  if (std::all_of(version.begin(), version.end(), IsTagOctet)) {
    return fmt::format("W/\"{}\"", version);
  }
  return "W/" + TagOfBody(version);
}

bool HasAlready(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::string_view one = TakeListItem(if_none_match);
    if (one == "*" || WithoutWeakness(one) == WithoutWeakness(tag)) {
      return true;
    }
  }
  return false;
}

}  // namespace sqlicorn
