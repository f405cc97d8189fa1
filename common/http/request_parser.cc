// SPDX-License-Identifier: MIT
#include "common/http/request_parser.h"

#include <string>
#include <utility>

#include "common/http/ascii.h"
#include "common/http/request_line.h"

namespace sqlicorn {
namespace {

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  }
  return upper;
}

// The header line in which llhttp stopped, told as gunicorn tells it.
ParseError HeaderError(std::string_view head, std::size_t offset) {
  const std::size_t newline = head.rfind('\n', offset == 0 ? 0 : offset - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view name = head.substr(begin, head.find(':', begin) - begin);
  if (IsToken(name)) {
    return {400, "Invalid HTTP Header: " + QuoteForLog(UpperCase(name))};
  }
  return {400, "Invalid HTTP header name: " + QuoteForLog(name)};
}

ParseError RefusalError(const LlhttpDriver& llhttp, const MessageBuilder& message) {
  switch (llhttp.refusal()) {
    case Refusal::kMethod:
      return {501, "Unsupported HTTP method: " + QuoteForLog(message.message().method())};
    case Refusal::kHeader:
      return HeaderError(message.head(), llhttp.refusal_offset());
    case Refusal::kLength:
      return {400, "Invalid HTTP Header: 'CONTENT-LENGTH'"};
    case Refusal::kCoding:
      // Of both framings together llhttp 8 blames the length and llhttp 9 the coding.
      return {400, message.message().HasHeader("content-length")
                       ? "Invalid HTTP Header: 'CONTENT-LENGTH'"
                       : "Invalid HTTP Header: 'TRANSFER-ENCODING'"};
    default:
      break;
  }
  const std::string_view head = message.head();
  return {400, "Invalid HTTP request: " + QuoteForLog(head.substr(0, head.find('\r')))};
}

bool StartsNoRequest(char c) {
  return c <= ' ' || c > '~';
}

}  // namespace

RequestParser::RequestParser(const ParserLimits& limits)
    : limits_(limits.Resolved()),
      head_(limits_),
      chunks_(limits_),
      llhttp_(Direction::kRequest, &builder_) {}

Feed RequestParser::Execute(std::string_view data, std::size_t* consumed) {
  *consumed = 0;
  while (true) {
    const State before = state_;
    switch (state_) {
      case State::kHead:
        TakeHead(data, consumed);
        break;
      case State::kLength:
        TakeLength(data, consumed);
        break;
      case State::kChunked:
        TakeChunks(data, consumed);
        break;
      case State::kComplete:
        return Feed::kMessage;
      case State::kFailed:
        return Feed::kError;
    }
    if (state_ == before) {
      return Feed::kNeedMore;
    }
  }
}

Feed RequestParser::Finish() {
  if (state_ == State::kHead || in_body()) {
    if (idle()) {
      return Feed::kNeedMore;
    }
    Fail({400, "The connection was closed in the middle of a request"});
  }
  return state_ == State::kFailed ? Feed::kError : Feed::kNeedMore;
}

void RequestParser::Next() {
  builder_.Clear();
  head_.Clear();
  llhttp_.Reset();
  plan_ = {};
  empty_line_ = 0;
  wants_continue_ = false;
  state_ = State::kHead;
}

void RequestParser::Release() {
  Next();
  builder_.Release();
}

void RequestParser::TakeHead(std::string_view data, std::size_t* consumed) {
  if (builder_.head().empty()) {
    SkipEmptyLine(data, consumed);
    // TLS and other protocols are refused by their first octet: a line may never end.
    const bool after_cr = empty_line_ == 1;
    const std::string_view first = data.substr(*consumed, 1);
    if (!first.empty() && (after_cr || StartsNoRequest(first.front()))) {
      Fail({400, "Invalid HTTP request line: " + QuoteForLog(after_cr ? "\r" : first)});
      return;
    }
  }
  while (true) {
    switch (head_.Take(data, consumed, builder_)) {
      case HeadReader::Step::kNeedMore:
        return;
      case HeadReader::Step::kFirstLine:
        if (Fault fault = CheckRequestLine(head_.first_line(builder_), builder_)) {
          Fail(std::move(*fault));
          return;
        }
        break;
      case HeadReader::Step::kDone:
        EndHead();
        return;
      case HeadReader::Step::kFault:
        Fail(head_.fault());
        return;
    }
  }
}

// One empty line in front of a request line (RFC 9112 2.2): some clients end a body with it. More
// of them would keep a connection from being idle for nothing.
void RequestParser::SkipEmptyLine(std::string_view data, std::size_t* consumed) {
  constexpr std::string_view kEmptyLine = "\r\n";
  while (empty_line_ < kEmptyLine.size() && *consumed < data.size() &&
         data[*consumed] == kEmptyLine[empty_line_]) {
    ++empty_line_;
    ++*consumed;
  }
}

void RequestParser::EndHead() {
  const bool accepted = llhttp_.Feed(builder_.head());
  if (llhttp_.headers_complete()) {
    if (Fault fault = CheckRequestHead(builder_, limits_, &plan_)) {
      Fail(std::move(*fault));
      return;
    }
  }
  if (!accepted || !llhttp_.headers_complete()) {
    Fail(RefusalError(llhttp_, builder_));
    return;
  }
  // Two readings of the same head must agree about where the message ends.
  if (llhttp_.message_complete() != (plan_.framing == Framing::kNone)) {
    Fail({400, "Invalid HTTP request: its length is ambiguous"});
    return;
  }
  wants_continue_ = plan_.expects_continue;
  switch (plan_.framing) {
    case Framing::kLength:
      state_ = State::kLength;
      return;
    case Framing::kChunked:
      chunks_.Start(head_.fields());
      state_ = State::kChunked;
      return;
    default:
      state_ = State::kComplete;
  }
}

void RequestParser::TakeLength(std::string_view data, std::size_t* consumed) {
  const std::string_view piece =
      data.substr(*consumed, static_cast<std::size_t>(plan_.length - llhttp_.body_bytes()));
  if (piece.empty()) {
    return;
  }
  wants_continue_ = false;
  *consumed += piece.size();
  if (!llhttp_.Feed(piece)) {
    Fail({400, "Invalid HTTP request body"});
  } else if (llhttp_.message_complete()) {
    state_ = State::kComplete;
  }
}

void RequestParser::TakeChunks(std::string_view data, std::size_t* consumed) {
  wants_continue_ = wants_continue_ && *consumed == data.size();
  switch (chunks_.Take(data, consumed, llhttp_)) {
    case ChunkReader::Step::kNeedMore:
      return;
    case ChunkReader::Step::kDone:
      state_ = State::kComplete;
      return;
    case ChunkReader::Step::kFault:
      Fail(chunks_.fault());
  }
}

void RequestParser::Fail(ParseError error) {
  error_ = std::move(error);
  wants_continue_ = false;
  state_ = State::kFailed;
}

}  // namespace sqlicorn
