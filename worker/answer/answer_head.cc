// SPDX-License-Identifier: MIT
#include "worker/answer/answer_head.h"

#include <variant>

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kLocation = "Location";

bool IsUnreserved(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// RFC 3986 2.2.
bool IsReserved(char c) {
  return std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

void AppendOctet(char c, std::string* out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  *out += '%';
  *out += kDigits[octet >> 4U];
  *out += kDigits[octet & 0xFU];
}

struct Printer {
  std::string* out;

  void operator()(std::monostate) const {}

  void operator()(std::int64_t value) const { *out += fmt::to_string(value); }

  void operator()(double value) const { *out += fmt::to_string(value); }

  void operator()(std::string_view value) const { *out += value; }

  void operator()(BlobView value) const { *out += value.octets; }
};

// The end of a header line is its only end.
void AppendOnOneLine(std::string_view text, std::string* out) {
  for (const char c : text) {
    *out += HasControl({&c, 1}) ? ' ' : c;
  }
}

}  // namespace

bool AppendValue(const ValueSource& source, const AnswerValues& values, std::string* out) {
  if (source.from == ValueSource::From::kKept) {
    const KeptValue& kept = values.result.kept[source.index];
    kept.AppendTo(out);
    return kept.type() != ColumnType::kNull;
  }
  const BoundParam& param = values.params[source.index];
  std::visit(Printer{out}, param);
  return !std::holds_alternative<std::monostate>(param);
}

void AppendUrl(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (IsUnreserved(c) || IsReserved(c)) {
      *out += c;
    } else {
      AppendOctet(c, out);
    }
  }
}

void AppendUrlPart(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (IsUnreserved(c)) {
      *out += c;
    } else {
      AppendOctet(c, out);
    }
  }
}

bool AnswerHead::Append(const AnswerHeader& header, const AnswerValues& values) {
  const bool is_url = EqualsIgnoreCase(header.name, kLocation);
  for (const AnswerHeader::Part& part : header.parts) {
    AppendOnOneLine(part.text, &text_);
    std::string value;
    if (part.value && !AppendValue(*part.value, values, &value)) {
      return false;
    }
    if (is_url) {
      AppendUrlPart(value, &text_);
    } else {
      AppendOnOneLine(value, &text_);
    }
  }
  return true;
}

void AnswerHead::Clear() {
  text_.clear();
  lines_.clear();
}

void AnswerHead::AddOf(const AnswerPlan& plan, const AnswerValues& values) {
  for (const AnswerHeader& header : plan.headers) {
    const std::size_t begin = text_.size();
    if (Append(header, values)) {
      lines_.push_back({header.name, begin, text_.size()});
    }
  }
  std::string place;
  if (plan.location && AppendValue(*plan.location, values, &place)) {
    std::string url;
    AppendUrl(place, &url);
    Add(kLocation, url);
  }
}

void AnswerHead::Add(std::string_view name, std::string_view value) {
  const std::size_t begin = text_.size();
  AppendOnOneLine(value, &text_);
  lines_.push_back({name, begin, text_.size()});
}

// Only now: text that grows moves.
void AnswerHead::AppendTo(std::vector<HeaderView>* headers) const {
  for (const Line& line : lines_) {
    headers->push_back(
        {line.name, std::string_view(text_).substr(line.begin, line.end - line.begin)});
  }
}

}  // namespace sqlicorn
