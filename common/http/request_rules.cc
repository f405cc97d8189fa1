// SPDX-License-Identifier: MIT
#include "common/http/request_rules.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "common/http/ascii.h"
#include "common/http/request_line.h"

namespace sqlicorn {
namespace {

// What the rules need of all header lines, gathered in one pass.
struct HeadFacts {
  std::string_view host;
  std::string_view length;
  int hosts = 0;
  int content_types = 0;
  int lengths = 0;
  int codings = 0;
  bool chunked = false;
  bool after_chunked = false;
  bool close = false;
  bool keep_alive = false;
  bool expects_continue = false;
  bool has_unknown_coding = false;
  bool has_unknown_expectation = false;
  std::string_view unknown_coding;
  std::string_view unknown_expectation;
};

// Eight octets of both at a time, as most of what is compared is equal but for the case of a letter
// or two. REQUIRES: `lower` has neither capital letters nor controls.
bool IsIgnoringCase(std::string_view text, std::string_view lower) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  constexpr std::uint64_t kEach = 0x0101010101010101;
  if (text.size() != lower.size() || text.size() < kWord) {
    return EqualsIgnoreCase(text, lower);
  }
  for (std::size_t at = 0; at < text.size(); at += kWord) {
    at = std::min(at, text.size() - kWord);
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, text.data() + at, kWord);
    std::memcpy(&right, lower.data() + at, kWord);
    const std::uint64_t difference = left ^ right;
    // Bit 7 of each octet of `right` that is a letter: it carries there from 'a', and not beyond
    // 'z'.
    const std::uint64_t letters =
        (right + (0x80 - 'a') * kEach) & ~(right + (0x80 - '{') * kEach) & (0x80 * kEach);
    if ((difference & ~(letters >> 2)) != 0) {  // all but the bit that tells capitals
      return false;
    }
  }
  return true;
}

void ReadConnection(std::string_view list, HeadFacts* facts) {
  while (!list.empty()) {
    const std::string_view item = TakeListItem(list);
    facts->close = facts->close || IsIgnoringCase(item, "close");
    facts->keep_alive = facts->keep_alive || IsIgnoringCase(item, "keep-alive");
  }
}

void ReadCodings(std::string_view list, HeadFacts* facts) {
  ++facts->codings;
  do {
    const std::string_view item = TakeListItem(list);
    facts->after_chunked = facts->after_chunked || facts->chunked;
    if (IsIgnoringCase(item, "chunked")) {
      facts->chunked = true;
    } else if (!facts->has_unknown_coding) {
      facts->has_unknown_coding = true;
      facts->unknown_coding = item;
    }
  } while (!list.empty());
}

void ReadExpect(std::string_view value, HeadFacts* facts) {
  if (IsIgnoringCase(value, "100-continue")) {
    facts->expects_continue = true;
  } else {
    facts->has_unknown_expectation = true;
    facts->unknown_expectation = value;
  }
}

void ReadField(const HeaderView& field, HeadFacts* facts) {
  const auto is = [&field](std::string_view name) { return IsIgnoringCase(field.name, name); };
  // The length decides alone for nearly every field.
  switch (field.name.size()) {
    case 4:
      if (is("host")) {
        ++facts->hosts;
        facts->host = field.value;
      }
      return;
    case 6:
      if (is("expect")) {
        ReadExpect(field.value, facts);
      }
      return;
    case 10:
      if (is("connection")) {
        ReadConnection(field.value, facts);
      }
      return;
    case 12:
      facts->content_types += is("content-type") ? 1 : 0;
      return;
    case 14:
      if (is("content-length")) {
        ++facts->lengths;
        facts->length = field.value;
      }
      return;
    case 17:
      if (is("transfer-encoding")) {
        ReadCodings(field.value, facts);
      }
      return;
    default:
      return;
  }
}

HeadFacts ReadFields(const Message& message) {
  HeadFacts facts;
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    ReadField(message.header(i), &facts);
  }
  return facts;
}

ParseError BadHeader(std::string_view name) {
  return {400, "Invalid HTTP Header: " + QuoteForLog(name)};
}

Fault CheckHost(const HeadFacts& facts, int http_minor) {
  if (facts.hosts > 1 || (facts.hosts == 0 && http_minor >= 1) || !IsHost(facts.host)) {
    return BadHeader("HOST");
  }
  return std::nullopt;
}

Fault CheckCodings(const HeadFacts& facts, int http_minor) {
  if (facts.lengths > 0) {
    return BadHeader("CONTENT-LENGTH");
  }
  if (http_minor == 0 || facts.after_chunked) {
    return BadHeader("TRANSFER-ENCODING");
  }
  if (facts.has_unknown_coding) {
    return ParseError{501, "Unsupported transfer coding: " + QuoteForLog(facts.unknown_coding)};
  }
  return std::nullopt;
}

// Digits only, one field, no list: a second opinion about a length is how requests are smuggled.
Fault ReadLength(const HeadFacts& facts, BodyPlan* plan) {
  constexpr std::size_t kMaxDigits = 18;
  const std::string_view digits = facts.length;
  if (facts.lengths > 1 || digits.empty() || digits.size() > kMaxDigits ||
      !std::all_of(digits.begin(), digits.end(), IsDigit)) {
    return BadHeader("CONTENT-LENGTH");
  }
  plan->length = 0;
  for (const char c : digits) {
    plan->length = plan->length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  plan->framing = plan->length == 0 ? Framing::kNone : Framing::kLength;
  return std::nullopt;
}

Fault PlanBody(const HeadFacts& facts, int http_minor, BodyPlan* plan) {
  if (facts.codings > 0) {
    plan->framing = Framing::kChunked;
    return CheckCodings(facts, http_minor);
  }
  return facts.lengths > 0 ? ReadLength(facts, plan) : std::nullopt;
}

bool KeepsAlive(const HeadFacts& facts, int http_minor) {
  return !facts.close && (http_minor >= 1 || facts.keep_alive);
}

}  // namespace

ParserLimits ParserLimits::Resolved() const {
  ParserLimits limits = *this;
  limits.request_line = request_line == 0 ? 8190 : request_line;
  limits.fields = fields == 0 ? 32768 : fields;
  limits.field_size = field_size == 0 ? 8190 : field_size;
  limits.body = body == 0 ? std::string_view::npos : body;
  return limits;
}

Fault CheckRequestHead(MessageBuilder& message, const ParserLimits& limits, BodyPlan* plan) {
  if (const std::string_view name = message.FirstNameWithUnderscore(); !name.empty()) {
    if (limits.underscore_names == UnderscoreNames::kRefuse) {
      return ParseError{400, "Invalid HTTP header name: " + QuoteForLog(name)};
    }
    message.DropNamesWithUnderscore();
  }
  const HeadFacts facts = ReadFields(message.message());
  const int http_minor = message.message().http_minor();
  *plan = {};
  if (Fault fault = CheckHost(facts, http_minor)) {
    return fault;
  }
  if (facts.content_types > 1) {
    return BadHeader("CONTENT-TYPE");
  }
  if (Fault fault = PlanBody(facts, http_minor, plan)) {
    return fault;
  }
  if (facts.has_unknown_expectation) {
    return ParseError{
        417, "Unable to comply with expectation: " + QuoteForLog(facts.unknown_expectation)};
  }
  if (plan->length > limits.body) {
    return ParseError{413, fmt::format("Request body is too large (> {})", limits.body)};
  }
  plan->expects_continue =
      facts.expects_continue && http_minor >= 1 && plan->framing != Framing::kNone;
  message.SetKeepAlive(KeepsAlive(facts, http_minor));
  return std::nullopt;
}

Fault CheckResponseHead(MessageBuilder& message, ResponseBody body, BodyPlan* plan) {
  const HeadFacts facts = ReadFields(message.message());
  const int http_minor = message.message().http_minor();
  *plan = {};
  if (body == ResponseBody::kPossible) {
    if (Fault fault = PlanBody(facts, http_minor, plan)) {
      return fault;
    }
    if (facts.codings == 0 && facts.lengths == 0) {
      plan->framing = Framing::kUntilClose;
    }
  }
  message.SetKeepAlive(KeepsAlive(facts, http_minor) && plan->framing != Framing::kUntilClose);
  return std::nullopt;
}

}  // namespace sqlicorn
