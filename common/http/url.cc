// SPDX-License-Identifier: MIT
#include "common/http/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view kScheme = "http://";
constexpr std::optional<std::uint16_t> kDefaultPort = 80;

struct Authority {
  std::string_view host;
  std::string_view port;
};

// What is no HOST[:PORT], in words; "" where it may be one.
std::string_view WhyNoAuthority(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == npos                                     ? "the '[' of the address has no ']'"
           : end + 1 < text.size() && text[end + 1] != ':' ? "behind ']' only :PORT may stand"
                                                           : "";
  }
  return std::count(text.begin(), text.end(), ':') > 1
             ? "an IPv6 address stands in brackets, as in http://[::1]:8000"
             : "";
}

// REQUIRES: WhyNoAuthority is "".
std::optional<Authority> SplitAuthority(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : npos;
  const std::size_t host_end = bracket == npos ? text.find(':') : bracket + 1;
  const std::string_view rest = host_end >= text.size() ? "" : text.substr(host_end);
  if (!rest.empty() && (rest.front() != ':' || rest.size() == 1)) {
    return std::nullopt;
  }
  const std::string_view host =
      bracket == npos ? text.substr(0, host_end) : text.substr(1, bracket - 1);
  return Authority{host, rest.empty() ? rest : rest.substr(1)};
}

// A name of the DNS or of the hosts file.
bool IsName(std::string_view host) {
  constexpr std::size_t kLongestName = 253;
  return !host.empty() && host.size() <= kLongestName && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::string> ToAddress(std::string_view host, bool bracketed) {
  std::string address(host);
  in6_addr buffer{};
  const bool usable = bracketed ? inet_pton(AF_INET6, address.c_str(), &buffer) == 1 : IsName(host);
  return usable ? std::optional(std::move(address)) : std::nullopt;
}

std::optional<std::uint16_t> ToPort(std::string_view digits) {
  const auto port = digits.empty() ? kDefaultPort : ParseWhole<std::uint16_t>(digits);
  return port == 0 ? std::nullopt : port;
}

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '#'; });
}

constexpr std::size_t kKeptCapacity = 65536;

enum class Plus { kIsSpace, kIsPlus };

// Appends the decoded octets; false at a '%' without two hexadecimal digits.
bool AppendDecoded(std::string_view encoded, Plus plus, std::string* out) {
  const auto is_code = [plus](char c) { return c == '%' || (c == '+' && plus == Plus::kIsSpace); };
  while (true) {
    const auto* const code = std::find_if(encoded.begin(), encoded.end(), is_code);
    const auto plain = static_cast<std::size_t>(code - encoded.begin());
    out->append(encoded.substr(0, plain));
    encoded.remove_prefix(plain);
    if (encoded.empty()) {
      return true;
    }
    if (encoded.front() == '+') {
      out->push_back(' ');
      encoded.remove_prefix(1);
      continue;
    }
    const int high = encoded.size() > 2 ? HexValue(encoded[1]) : -1;
    const int low = encoded.size() > 2 ? HexValue(encoded[2]) : -1;
    if (high < 0 || low < 0) {
      return false;
    }
    out->push_back(static_cast<char>(high * 16 + low));
    encoded.remove_prefix(3);
  }
}

bool IsUnreserved(char c) {
  const char lower = ToLowerAscii(c);
  return IsDigit(c) || (lower >= 'a' && lower <= 'z') || c == '_' || c == '.' || c == '-' ||
         c == '~';
}

std::string_view TakePart(std::string_view& encoded) {
  const std::size_t end = encoded.find('&');
  const std::string_view part = encoded.substr(0, end);
  encoded.remove_prefix(end == std::string_view::npos ? encoded.size() : end + 1);
  return part;
}

}  // namespace

Result<Url> SplitUrl(std::string_view text) {
  if (!text.starts_with(kScheme)) {
    return Error{fmt::format("'{}' is not a URL; write http://ADDRESS[:PORT][/PATH]", text)};
  }
  const std::string_view rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority_text = rest.substr(0, slash);
  if (const std::size_t at = authority_text.rfind('@'); at != npos) {
    return Error{fmt::format(
        "'http://...{}': a user's name and password are not taken from a URL: leave them out, and "
        "give the header Authorization",
        authority_text.substr(at))};
  }
  if (const std::string_view why = WhyNoAuthority(authority_text); !why.empty()) {
    return Error{fmt::format("'{}': {}", text, why)};
  }
  const auto authority = SplitAuthority(authority_text);
  const auto port = authority ? ToPort(authority->port) : std::nullopt;
  if (!port) {
    return Error{fmt::format("'{}': the port is not a number from 1 to 65535", text)};
  }
  const auto address = ToAddress(authority->host, authority_text.starts_with('['));
  if (!address) {
    return Error{
        fmt::format("'{}': '{}' is neither an IP address nor a name", text, authority->host)};
  }
  const std::string_view target = rest.substr(slash);
  if (!IsVisible(target)) {
    return Error{
        fmt::format("'{}': blanks, '#' and non-ASCII octets must be written as %XX", text)};
  }
  const char* prefix = target.starts_with('/') ? "" : "/";
  return Url{*address, *port, std::string(authority_text), fmt::format("{}{}", prefix, target)};
}

std::string_view Describe(FormOutcome outcome) {
  switch (outcome) {
    case FormOutcome::kTooManyFields:
      return "there are more than 1,000 fields";
    case FormOutcome::kBadEscape:
      return "a '%' is not followed by two hexadecimal digits";
    case FormOutcome::kBadText:
      return "a field is not UTF-8 text";
    case FormOutcome::kNul:
      return "a field holds a NUL character";
    default:
      return "";
  }
}

FormOutcome FormDecoder::Decode(std::string_view encoded) {
  fields_.clear();
  if (arena_.capacity() > kKeptCapacity) {
    std::string().swap(arena_);
  }
  arena_.clear();
  return Append(encoded);
}

FormOutcome FormDecoder::Append(std::string_view encoded) {
  MakeRoom(encoded.size());
  while (!encoded.empty()) {
    const std::string_view part = TakePart(encoded);
    if (part.empty()) {
      continue;
    }
    if (fields_.size() == max_fields_) {
      return Fail(FormOutcome::kTooManyFields);
    }
    const std::size_t equals = part.find('=');
    const std::size_t begin = arena_.size();
    bool decoded = AppendDecoded(part.substr(0, equals), Plus::kIsSpace, &arena_);
    const std::size_t middle = arena_.size();
    if (equals != std::string_view::npos) {
      decoded = decoded && AppendDecoded(part.substr(equals + 1), Plus::kIsSpace, &arena_);
    }
    if (!decoded) {
      return Fail(FormOutcome::kBadEscape);
    }
    const std::string_view field = std::string_view(arena_).substr(begin);
    const std::string_view name = field.substr(0, middle - begin);
    const std::string_view value = field.substr(middle - begin);
    if (field.find('\0') != std::string_view::npos) {
      return Fail(FormOutcome::kNul);
    }
    if (!IsValidUtf8(name) || !IsValidUtf8(value)) {
      return Fail(FormOutcome::kBadText);
    }
    fields_.emplace_back(name, value);
  }
  return FormOutcome::kOk;
}

FormOutcome FormDecoder::Fail(FormOutcome outcome) {
  fields_.clear();
  return outcome;
}

// Decoding never lengthens, so with this room the arena does not move while fields are added.
void FormDecoder::MakeRoom(std::size_t bytes) {
  if (arena_.capacity() - arena_.size() >= bytes) {
    return;
  }
  std::string grown;
  grown.reserve(arena_.size() + bytes);
  grown.append(arena_);
  for (Field& field : fields_) {
    field.first = {grown.data() + (field.first.data() - arena_.data()), field.first.size()};
    field.second = {grown.data() + (field.second.data() - arena_.data()), field.second.size()};
  }
  arena_.swap(grown);
}

bool PercentDecode(std::string_view encoded, std::string* decoded) {
  decoded->clear();
  return AppendDecoded(encoded, Plus::kIsPlus, decoded) && IsValidText(*decoded);
}

void AppendQuotePlus(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (IsUnreserved(c)) {
      out->push_back(c);
    } else if (c == ' ') {
      out->push_back('+');
    } else {
      const std::array<char, 3> escape = {'%', kHex[octet >> 4], kHex[octet & 15]};
      out->append(escape.data(), escape.size());
    }
  }
}

}  // namespace sqlicorn
