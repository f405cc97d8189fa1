// SPDX-License-Identifier: MIT
#include "common/config/log_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

struct Letter {
  char letter;
  AccessAtom atom;
};

constexpr std::array<Letter, 19> kLetters = {{
    {'h', AccessAtom::kRemote},       {'l', AccessAtom::kDash},
    {'u', AccessAtom::kUser},         {'t', AccessAtom::kTime},
    {'r', AccessAtom::kRequestLine},  {'m', AccessAtom::kMethod},
    {'U', AccessAtom::kPath},         {'q', AccessAtom::kQuery},
    {'H', AccessAtom::kProtocol},     {'s', AccessAtom::kStatus},
    {'b', AccessAtom::kBytes},        {'B', AccessAtom::kBytes},
    {'f', AccessAtom::kReferer},      {'a', AccessAtom::kUserAgent},
    {'T', AccessAtom::kSeconds},      {'M', AccessAtom::kMilliseconds},
    {'D', AccessAtom::kMicroseconds}, {'L', AccessAtom::kDecimalSeconds},
    {'p', AccessAtom::kPid},
}};

// Python formats these with %d as well.
constexpr std::string_view kNumbers = "BTMD";

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t';
}

bool IsDuration(AccessAtom atom) {
  return atom >= AccessAtom::kSeconds && atom <= AccessAtom::kDecimalSeconds;
}

AccessPiece PieceOf(std::string_view name) {
  if (name.size() == 1) {
    const auto known = std::find_if(kLetters.begin(), kLetters.end(),
                                    [name](const Letter& l) { return l.letter == name.front(); });
    return {known == kLetters.end() ? AccessAtom::kDash : known->atom, ""};
  }
  if (!name.starts_with('{') || name.size() < 4 || name[name.size() - 2] != '}') {
    return {AccessAtom::kDash, ""};
  }
  std::string field(name.substr(1, name.size() - 3));
  std::transform(field.begin(), field.end(), field.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  switch (name.back()) {
    case 'i':
      return {AccessAtom::kRequestHeader, field};
    case 'o':
      return {AccessAtom::kResponseHeader, field};
    case 'e':
      return {AccessAtom::kVariable, field};
    default:
      return {AccessAtom::kDash, ""};
  }
}

void AddLiteral(std::string_view text, AccessFormat* format) {
  if (format->pieces.empty() || format->pieces.back().atom != AccessAtom::kLiteral) {
    format->pieces.emplace_back();
  }
  format->pieces.back().text += text;
}

// Takes one "%…" off the front of `text`; what is wrong with it, or nullptr.
const char* TakeAtom(std::string_view& text, AccessFormat* format) {
  if (text.starts_with("%%")) {
    AddLiteral("%", format);
    text.remove_prefix(2);
    return nullptr;
  }
  const std::size_t end = text.find(')');
  if (!text.starts_with("%(")) {
    return "write %(atom)s, and %% for a percent sign";
  }
  if (end == std::string_view::npos) {
    return "the ')' is missing";
  }
  const std::string_view name = text.substr(2, end - 2);
  const char type = end + 1 < text.size() ? text[end + 1] : '\0';
  const bool number = name.size() == 1 && kNumbers.find(name) != std::string_view::npos;
  if (type != 's' && !(type == 'd' && number)) {
    return "write an 's' behind the ')'";
  }
  format->pieces.push_back(PieceOf(name));
  format->durations = format->durations || IsDuration(format->pieces.back().atom);
  text.remove_prefix(end + 2);
  return nullptr;
}

}  // namespace

Result<AccessFormat> ParseAccessFormat(std::string_view text) {
  AccessFormat format;
  if (text.empty() || std::any_of(text.begin(), text.end(), IsControl)) {
    return Error{"must be one line of text"};
  }
  if (text == "json") {
    format.json = true;
    format.durations = true;
    return format;
  }
  while (!text.empty()) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    if (percent > 0) {
      AddLiteral(text.substr(0, percent), &format);
      text.remove_prefix(percent);
    } else if (const char* wrong = TakeAtom(text, &format)) {
      return Error{fmt::format("cannot read '{}': {}", text.substr(0, 40), wrong)};
    }
  }
  return format;
}

std::optional<SyslogOptions> SyslogOptionsOf(const ServerSettings& settings) {
  if (!settings.syslog) {
    return std::nullopt;
  }
  std::string name = settings.syslog_prefix;
  if (name.empty()) {
    name = settings.proc_name;
    std::replace(name.begin(), name.end(), ':', '.');
  }
  return SyslogOptions{ParseSyslogTarget(settings.syslog_addr).value(),
                       ParseSyslogFacility(settings.syslog_facility).value(), "sqlicorn." + name};
}

}  // namespace sqlicorn
