// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "common/http/message.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

// The shape of one line of a head before llhttp sees it. llhttp 8.1.0 even in strict mode lets
// through what makes two HTTP parsers disagree about where a message ends (folded lines, empty
// names, a bare LF), and older or laxer builds more (a space before the colon, a folded first line,
// "\r\n\rX" as the end of the head). Which octets names and values may hold is left to llhttp.

// `line` was cut before its LF. False for a bare LF or a bare CR.
[[nodiscard]] inline bool EndsWithOnlyCr(std::string_view line) {
  return !line.empty() && line.find('\r') == line.size() - 1;
}

// `line` is one header line without its CRLF, not empty.
[[nodiscard]] Fault CheckFieldShape(std::string_view line);

// The same and every octet: for trailer lines, which llhttp never sees.
[[nodiscard]] Fault CheckFieldLine(std::string_view line);

// Cuts incoming octets into the lines of a head, appends them to the message's arena and checks
// each as soon as it is complete, so that the verdict does not depend on how the octets arrive.
// One per parser. The size of the whole head needs no limit of its own: it follows from the two
// limits per field.
class HeadReader {
 public:
  enum class Step { kNeedMore, kFirstLine, kDone, kFault };

  explicit HeadReader(const ParserLimits& limits) : limits_(limits) {}

  // Takes octets of `data` from *consumed on. kFirstLine: the request or status line is complete,
  // the caller checks first_line() and calls again. kDone: the empty line was taken.
  Step Take(std::string_view data, std::size_t* consumed, MessageBuilder& message);

  // Without CRLF; a view into message.head().
  [[nodiscard]] std::string_view first_line(const MessageBuilder& message) const {
    return message.head().substr(0, line_begin_ - 2);
  }

  [[nodiscard]] const ParseError& fault() const { return *fault_; }

  // Header lines so far, dropped ones too.
  [[nodiscard]] std::size_t fields() const { return fields_; }

  void Clear();

 private:
  Step EndLine(MessageBuilder& message);
  Step Fail(ParseError error);
  [[nodiscard]] ParseError TooLarge() const;

  ParserLimits limits_;
  std::size_t line_begin_ = 0;
  std::size_t fields_ = 0;
  Fault fault_;
};

}  // namespace sqlicorn
