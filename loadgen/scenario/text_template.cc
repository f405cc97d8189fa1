// SPDX-License-Identifier: MIT
#include "loadgen/scenario/text_template.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.h"
#include "common/base/text.h"
#include "common/http/url.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kOpening = "${";

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
}

void AppendPercent(char c, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  const std::array<char, 3> escape = {'%', kHex[octet >> 4U], kHex[octet & 15U]};
  out->append(escape.data(), escape.size());
}

void AppendPart(std::string_view text, std::string* out) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t blank = std::min(text.find(' ', at), text.size());
    AppendQuotePlus(text.substr(at, blank - at), out);
    out->append(blank < text.size() ? "%20" : "");
    at = blank + 1;
  }
}

// Of a URL the path and query: servers name whole URLs in Location.
void AppendTarget(std::string_view text, std::string* out) {
  if (const std::size_t scheme = text.find("://"); scheme < text.find('/')) {
    const std::size_t path = text.find('/', scheme + 3);
    text = path == std::string_view::npos ? "/" : text.substr(path);
  }
  text = text.substr(0, text.find('#'));
  out->append(text.starts_with('/') ? "" : "/");
  for (const char c : text) {
    if (c > ' ' && c <= '~') {
      out->push_back(c);
    } else {
      AppendPercent(c, out);
    }
  }
}

void AppendJsonText(std::string_view text, std::string* out) {
  constexpr std::string_view kShort = "\n\r\t";
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (const std::size_t known = kShort.find(c); known != std::string_view::npos) {
      out->push_back('\\');
      out->push_back("nrt"[known]);
    } else if (IsControl(c)) {
      const auto octet = static_cast<unsigned char>(c);
      out->append("\\u00");
      out->push_back(kHex[octet >> 4U]);
      out->push_back(kHex[octet & 15U]);
    } else {
      out->push_back(c);
    }
  }
}

std::size_t HexValue(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<std::size_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return value;
}

}  // namespace

void AppendEncoded(std::string_view text, bool is_number, Encoding encoding, std::string* out) {
  switch (encoding) {
    case Encoding::kRaw:
      out->append(text);
      return;
    case Encoding::kLine:
      std::transform(text.begin(), text.end(), std::back_inserter(*out),
                     [](char c) { return IsControl(c) ? ' ' : c; });
      return;
    case Encoding::kPart:
      AppendPart(text, out);
      return;
    case Encoding::kTarget:
      AppendTarget(text, out);
      return;
    case Encoding::kForm:
      AppendQuotePlus(text, out);
      return;
    case Encoding::kJsonText:
      AppendJsonText(text, out);
      return;
    case Encoding::kJsonWhole:
      out->append(is_number ? "" : "\"");
      AppendJsonText(text, out);
      out->append(is_number ? "" : "\"");
      return;
  }
}

KnownValues::KnownValues(const ValueTable& table) : table_(table) {}

bool KnownValues::Has(std::size_t index) const {
  return !std::holds_alternative<TakenValue>(table_.values[index].kind) ||
         std::find(taken_.begin(), taken_.end(), index) != taken_.end();
}

Result<std::size_t> KnownValues::Find(std::string_view name) const {
  if (const auto index = table_.Find(name); index && Has(*index)) {
    return *index;
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table_.values.size(); ++i) {
    if (Has(i)) {
      names.push_back(table_.values[i].name);
    }
  }
  if (table_.Find(name)) {
    return Error{fmt::format("'{}' is taken from an answer, but by no step before this one", name)};
  }
  const std::string hint = DidYouMean(name, names);
  return Error{fmt::format("there is no value '{}' here{}", name,
                           hint.empty() ? "; $${ stands for ${ itself" : hint)};
}

Result<std::vector<TextPiece>> ParseText(std::string_view text, const KnownValues& known) {
  std::vector<TextPiece> pieces;
  std::string literal;
  while (!text.empty()) {
    const std::size_t opening = std::min(text.find(kOpening), text.size());
    literal.append(text.substr(0, opening));
    text.remove_prefix(opening);
    if (text.empty()) {
      break;
    }
    text.remove_prefix(kOpening.size());
    if (literal.ends_with('$')) {
      literal.append("{");
      continue;
    }
    const std::size_t closing = text.find('}');
    if (closing == std::string_view::npos) {
      return Error{"'${' is not closed by '}'"};
    }
    Result<std::size_t> value = known.Find(text.substr(0, closing));
    if (!value) {
      return value.error();
    }
    pieces.push_back({std::move(literal), std::nullopt});
    pieces.push_back({"", *value});
    literal.clear();
    text.remove_prefix(closing + 1);
  }
  pieces.push_back({std::move(literal), std::nullopt});
  std::erase_if(pieces, [](const TextPiece& piece) { return !piece.value && piece.text.empty(); });
  return pieces;
}

void AppendMark(std::size_t value, Encoding encoding, std::string* out) {
  CHECK(value <= 0xFFFF);
  out->push_back(kMarkBegin);
  out->append(fmt::format("{:04x}", value));
  out->push_back(static_cast<char>(encoding));
}

Mark ReadMark(std::string_view text) {
  CHECK(text.size() >= kMarkSize && text.front() == kMarkBegin);
  return {HexValue(text.substr(1, 4)), static_cast<Encoding>(text[kMarkSize - 1])};
}

Result<std::string> EncodeText(std::string_view text, Encoding encoding, const KnownValues& known) {
  const Result<std::vector<TextPiece>> pieces = ParseText(text, known);
  if (!pieces) {
    return pieces.error();
  }
  std::string encoded;
  for (const TextPiece& piece : pieces.value()) {
    if (piece.value) {
      AppendMark(*piece.value, encoding, &encoded);
    } else {
      AppendEncoded(piece.text, false, encoding, &encoded);
    }
  }
  return encoded;
}

}  // namespace sqlicorn::loadgen
