// SPDX-License-Identifier: MIT
#include "common/http/request_line.h"

#include <algorithm>
#include <array>

#include "common/http/ascii.h"
#include "common/http/request_rules.h"

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

// "HTTP/" digit "." digit: a version, known or not.
bool IsVersion(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && IsDigit(text[5]) && text[6] == '.' &&
         IsDigit(text[7]);
}

// Visible ASCII without the fragment mark, which no client sends.
bool IsTarget(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(),
                                       [](char c) { return c <= ' ' || c > '~' || c == '#'; });
}

void SplitQuery(std::string_view path_and_query, RequestLine* line) {
  const std::size_t mark = path_and_query.find('?');
  line->path = path_and_query.substr(0, mark);
  line->query = mark == npos ? std::string_view() : path_and_query.substr(mark + 1);
}

// "http://authority/path?query"; RFC 9112 3.2.2 asks every server to accept it.
bool SplitAbsolute(std::string_view target, RequestLine* line) {
  const std::size_t scheme = target.find("://");
  if (scheme == npos || (!EqualsIgnoreCase(target.substr(0, scheme), "http") &&
                         !EqualsIgnoreCase(target.substr(0, scheme), "https"))) {
    return false;
  }
  const std::string_view rest = target.substr(scheme + 3);
  const std::size_t end = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, end);
  if (end != npos) {
    SplitQuery(rest.substr(end), line);
  }
  return !authority.empty() && IsHost(authority);
}

bool SplitTarget(RequestLine* line) {
  if (line->target.front() == '/') {
    SplitQuery(line->target, line);
    return true;
  }
  if (line->target == "*") {
    line->path = line->target;
    return line->method == "OPTIONS";
  }
  return SplitAbsolute(line->target, line);
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

Fault CheckRequestLine(std::string_view line, MessageBuilder& message) {
  const auto refuse = [line] {
    return ParseError{400, "Invalid HTTP request line: " + QuoteForLog(line)};
  };
  const std::size_t first = line.find(' ');
  const std::size_t second = first == npos ? npos : line.find(' ', first + 1);
  if (second == npos) {
    return refuse();
  }
  RequestLine parts{line.substr(0, first), line.substr(first + 1, second - first - 1), {}, {}};
  const std::string_view version = line.substr(second + 1);
  if (parts.target.empty() || version.empty()) {
    return refuse();
  }
  // A token that names no method is llhttp's to find: 501.
  if (!IsToken(parts.method)) {
    return ParseError{400, "Invalid HTTP method: " + QuoteForLog(parts.method)};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return ParseError{IsVersion(version) ? 505 : 400,
                      "Invalid HTTP Version: " + QuoteForLog(version)};
  }
  if (parts.method == "CONNECT") {
    return ParseError{501, "Unsupported HTTP method: 'CONNECT'"};
  }
  if (!IsTarget(parts.target) || !SplitTarget(&parts)) {
    return refuse();
  }
  message.SetRequestLine(parts);
  message.SetVersion(version.back() - '0');
  return std::nullopt;
}

Fault CheckStatusLine(std::string_view line) {
  const bool ok = (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) &&
                  line.size() >= 12 && line[9] >= '1' && line[9] <= '5' && IsDigit(line[10]) &&
                  IsDigit(line[11]) && (line.size() == 12 || line[12] == ' ');
  return ok ? std::nullopt : Fault(ParseError{400, "Invalid status line: " + QuoteForLog(line)});
}

}  // namespace sqlicorn
