// SPDX-License-Identifier: MIT
#include "common/http/proxy_header.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "common/base/numbers.h"
#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

using Kind = ProxyHeader::Kind;

constexpr std::string_view kTextStart = "PROXY ";
constexpr std::size_t kLongestLine = 107;  // with CRLF
constexpr std::string_view kBinaryStart("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kBinaryHead = 16;

ProxyHeader Malformed(std::string_view what, std::string_view octets) {
  return {.kind = Kind::kMalformed,
          .complaint = std::string(what) + ": " + QuoteForLog(octets.substr(0, kLongestLine))};
}

ProxyHeader BadLine(std::string_view line) {
  return Malformed("Invalid PROXY line", line);
}

bool IsAddress(int family, const std::string& text) {
  in6_addr address{};
  return inet_pton(family, text.c_str(), &address) == 1;
}

bool IsPort(std::string_view text) {
  return ParseWhole<std::uint16_t>(text).has_value();
}

// Cuts `line` at single spaces; nothing when there are not exactly six parts.
std::optional<std::array<std::string, 6>> SixFields(std::string_view line) {
  std::array<std::string, 6> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const bool last = space == line.size();
    if (last != (i == fields.size() - 1)) {
      return std::nullopt;
    }
    fields[i] = line.substr(0, space);
    line.remove_prefix(last ? space : space + 1);
  }
  return fields;
}

ProxyHeader ReadLine(std::string_view line, std::size_t size) {
  // A proxy that does not know, or a check of its own: everything behind the word is ignored.
  if (line == "PROXY UNKNOWN" || line.starts_with("PROXY UNKNOWN ")) {
    return {.kind = Kind::kPresent, .size = size};
  }
  const auto fields = SixFields(line);
  if (!fields || ((*fields)[1] != "TCP4" && (*fields)[1] != "TCP6")) {
    return BadLine(line);
  }
  const int family = (*fields)[1] == "TCP4" ? AF_INET : AF_INET6;
  if (!IsAddress(family, (*fields)[2]) || !IsAddress(family, (*fields)[3]) ||
      !IsPort((*fields)[4]) || !IsPort((*fields)[5])) {
    return BadLine(line);
  }
  return {.kind = Kind::kPresent, .size = size, .client = (*fields)[2]};
}

ProxyHeader ReadText(std::string_view octets) {
  const std::size_t end = octets.find("\r\n");
  if (end == std::string_view::npos) {
    return octets.size() < kLongestLine ? ProxyHeader{} : BadLine(octets);
  }
  return end + 2 > kLongestLine ? BadLine(octets) : ReadLine(octets.substr(0, end), end + 2);
}

std::uint8_t OctetAt(std::string_view octets, std::size_t index) {
  return static_cast<std::uint8_t>(octets[index]);
}

std::string AddressAt(std::string_view octets, int family) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, octets.data() + kBinaryHead, text, sizeof(text));
  return text;
}

// Over a stream, from IPv4 or IPv6; 0x00 is "unspecified".
ProxyHeader ReadFamily(std::string_view octets, std::size_t size) {
  constexpr std::size_t kV4Octets = 12;  // two addresses and two ports
  constexpr std::size_t kV6Octets = 36;
  const std::uint8_t family = OctetAt(octets, 13);
  if (family == 0x00) {
    return {.kind = Kind::kPresent, .size = size};
  }
  if (family == 0x11 && size >= kBinaryHead + kV4Octets) {
    return {.kind = Kind::kPresent, .size = size, .client = AddressAt(octets, AF_INET)};
  }
  if (family == 0x21 && size >= kBinaryHead + kV6Octets) {
    return {.kind = Kind::kPresent, .size = size, .client = AddressAt(octets, AF_INET6)};
  }
  return Malformed("Invalid PROXY header", octets);
}

ProxyHeader ReadBinary(std::string_view octets) {
  if (octets.size() < kBinaryHead) {
    return {};
  }
  constexpr std::uint8_t kLocal = 0x20;
  constexpr std::uint8_t kProxy = 0x21;
  const std::uint8_t version_and_command = OctetAt(octets, 12);
  const std::size_t size =
      kBinaryHead + static_cast<std::size_t>(OctetAt(octets, 14) << 8U | OctetAt(octets, 15));
  if (version_and_command != kLocal && version_and_command != kProxy) {
    return Malformed("Invalid PROXY header", octets);
  }
  if (octets.size() < size) {
    return {};
  }
  return version_and_command == kLocal ? ProxyHeader{.kind = Kind::kPresent, .size = size}
                                       : ReadFamily(octets, size);
}

// Whether what has come is the beginning of `start`, or begins with it.
bool MayStart(std::string_view octets, std::string_view start) {
  const std::size_t known = std::min(octets.size(), start.size());
  return octets.substr(0, known) == start.substr(0, known);
}

}  // namespace

ProxyHeader ReadProxyHeader(std::string_view octets, ProxyProtocol accepted) {
  const bool text = accepted == ProxyProtocol::kV1 || accepted == ProxyProtocol::kAuto;
  const bool binary = accepted == ProxyProtocol::kV2 || accepted == ProxyProtocol::kAuto;
  if (text && MayStart(octets, kTextStart)) {
    return octets.size() < kTextStart.size() ? ProxyHeader{} : ReadText(octets);
  }
  if (binary && MayStart(octets, kBinaryStart)) {
    return octets.size() < kBinaryStart.size() ? ProxyHeader{} : ReadBinary(octets);
  }
  return {.kind = Kind::kAbsent};
}

}  // namespace sqlicorn
