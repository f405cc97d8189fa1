// SPDX-License-Identifier: MIT
#include "common/http/line_guard.h"

#include <string>

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;

ParseError BadField(std::string_view what) {
  return {400, "Invalid HTTP Header: " + QuoteForLog(what)};
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

Fault CheckFieldShape(std::string_view line) {
  if (IsBlank(line.front())) {
    return ParseError{400, "Obsolete line folding is unacceptable: " + QuoteForLog(line)};
  }
  const std::size_t colon = line.find(':');
  if (colon == npos || colon == 0) {
    return BadField(line);
  }
  if (IsBlank(line[colon - 1])) {
    return ParseError{400, "Invalid HTTP header name: " + QuoteForLog(line.substr(0, colon))};
  }
  return std::nullopt;
}

Fault CheckFieldLine(std::string_view line) {
  if (Fault fault = CheckFieldShape(line)) {
    return fault;
  }
  const std::string_view name = line.substr(0, line.find(':'));
  if (!IsToken(name)) {
    return ParseError{400, "Invalid HTTP header name: " + QuoteForLog(name)};
  }
  return HasControl(line) ? Fault(BadField(name)) : std::nullopt;
}

// So much of a line that is too long to be kept: an answer to HEAD has no body.
constexpr std::size_t kMethodShown = 8;

HeadReader::Step HeadReader::Take(std::string_view data, std::size_t* consumed,
                                  MessageBuilder& message) {
  while (*consumed < data.size()) {
    const std::string_view rest = data.substr(*consumed);
    const std::size_t newline = rest.find('\n');
    const std::string_view piece = newline == npos ? rest : rest.substr(0, newline + 1);
    const std::size_t limit = line_begin_ == 0 ? limits_.request_line + 2 : limits_.field_size;
    if (message.head().size() - line_begin_ + piece.size() > limit) {
      if (message.head().empty()) {
        message.AppendHead(piece.substr(0, kMethodShown));
      }
      return Fail(TooLarge());
    }
    message.AppendHead(piece);
    *consumed += piece.size();
    if (newline == npos) {
      return Step::kNeedMore;
    }
    const Step step = EndLine(message);
    if (step != Step::kNeedMore) {
      return step;
    }
  }
  return Step::kNeedMore;
}

HeadReader::Step HeadReader::EndLine(MessageBuilder& message) {
  const std::string_view head = message.head();
  const bool first = line_begin_ == 0;
  const std::string_view line = head.substr(line_begin_, head.size() - line_begin_ - 1);
  line_begin_ = head.size();
  if (!EndsWithOnlyCr(line)) {
    return Fail(first ? ParseError{400, "Invalid HTTP request line: " + QuoteForLog(line)}
                      : BadField(line));
  }
  if (first) {
    return Step::kFirstLine;
  }
  if (line.size() == 1) {
    return Step::kDone;
  }
  if (++fields_ > limits_.fields) {
    return Fail({431, fmt::format("limit request headers fields (> {})", limits_.fields)});
  }
  if (Fault fault = CheckFieldShape(line.substr(0, line.size() - 1))) {
    return Fail(std::move(*fault));
  }
  // Blanks behind a value are no part of it, and of them llhttp takes only spaces.
  if (line[line.size() - 2] == '\t' || line[line.size() - 2] == ' ') {
    message.TrimLastLine();
    line_begin_ = message.head().size();
  }
  return Step::kNeedMore;
}

HeadReader::Step HeadReader::Fail(ParseError error) {
  fault_ = std::move(error);
  return Step::kFault;
}

ParseError HeadReader::TooLarge() const {
  if (line_begin_ == 0) {
    return {414, fmt::format("Request Line is too large (> {})", limits_.request_line)};
  }
  return {431, fmt::format("limit request headers fields size (> {})", limits_.field_size)};
}

void HeadReader::Clear() {
  line_begin_ = 0;
  fields_ = 0;
  fault_.reset();
}

}  // namespace sqlicorn
