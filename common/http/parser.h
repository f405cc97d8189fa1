// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/http/chunk_reader.h"
#include "common/http/line_guard.h"
#include "common/http/llhttp_driver.h"
#include "common/http/message.h"
#include "common/http/message_builder.h"
#include "common/http/parse_error.h"
#include "common/http/parser_limits.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

enum class Feed { kNeedMore, kMessage, kError };

// The requests of one connection, octets in, messages out; owns no socket and no timer. The verdict
// and the messages do not depend on how the octets are split. In steady state it does not allocate.
class RequestParser {
 public:
  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser() = default;
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Parses `data` up to the end of one message; *consumed octets were taken. After kMessage the
  // caller answers, calls Next() and feeds the rest. kError is final: answer error(), then close.
  Feed Execute(std::string_view data, std::size_t* consumed);

  // End of input: kError inside a message, else kNeedMore.
  Feed Finish();

  // Forgets the message and its views.
  void Next();

  // Next, and gives the memory back that is kept for another message.
  void Release();

  [[nodiscard]] std::size_t buffered_bytes() const { return message().buffered_bytes(); }

  // Complete after kMessage; its head while in_body().
  [[nodiscard]] const Message& message() const { return builder_.message(); }

  // REQUIRES: kError was returned.
  [[nodiscard]] const ParseError& error() const { return error_; }

  // No octet of the next message has arrived, but for an empty line in front of it.
  [[nodiscard]] bool idle() const { return state_ == State::kHead && builder_.head().empty(); }

  // The request is a HEAD, whatever else is wrong with it: its answer has no body.
  [[nodiscard]] bool answers_head() const { return builder_.head().starts_with("HEAD "); }

  // The head is complete and the body is not.
  [[nodiscard]] bool in_body() const {
    return state_ == State::kLength || state_ == State::kChunked;
  }

  // The client holds its body back until it sees "100 Continue". True at most once per message
  // after an Execute with octets: from the end of the head to the first octet of the body.
  [[nodiscard]] bool wants_continue() const { return wants_continue_; }

 private:
  // kHead -> (kLength | kChunked) -> kComplete -> Next() -> kHead; kFailed is final.
  enum class State { kHead, kLength, kChunked, kComplete, kFailed };

  void TakeHead(std::string_view data, std::size_t* consumed);
  void SkipEmptyLine(std::string_view data, std::size_t* consumed);
  void TakeLength(std::string_view data, std::size_t* consumed);
  void TakeChunks(std::string_view data, std::size_t* consumed);
  void EndHead();
  void Fail(ParseError error);

  ParserLimits limits_;
  MessageBuilder builder_;
  HeadReader head_;
  ChunkReader chunks_;
  LlhttpDriver llhttp_;
  BodyPlan plan_;
  ParseError error_;
  State state_ = State::kHead;
  std::size_t empty_line_ = 0;  // octets of the empty line that may come first
  bool wants_continue_ = false;
};

// The responses of one connection. Interim responses (1xx) are skipped. Of ParserLimits all but the
// body limit hold.
class ResponseParser {
 public:
  // At most `keep_body_bytes` of each body stay in the message.
  ResponseParser(const ParserLimits& limits, std::size_t keep_body_bytes);
  ~ResponseParser() = default;
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  // The method of the request the next response answers; call it once per request, before the
  // first octet of the response.
  void StartResponse(std::string_view request_method);

  // As in RequestParser.
  Feed Execute(std::string_view data, std::size_t* consumed);

  // End of input. kMessage: it ended a body without length. kError: it cut a response short.
  // kNeedMore: no response was under way.
  Feed Finish();

  void Next();

  [[nodiscard]] const Message& message() const { return builder_.message(); }

  // `detail` tells the person what the server sent; `status` has no meaning.
  [[nodiscard]] const ParseError& error() const { return error_; }

  [[nodiscard]] bool idle() const { return state_ == State::kHead && builder_.head().empty(); }

  [[nodiscard]] bool in_body() const {
    return state_ == State::kPlain || state_ == State::kChunked;
  }

  // Octets of body of this response so far, kept or not.
  [[nodiscard]] std::uint64_t body_bytes() const { return llhttp_.body_bytes(); }

 private:
  // As in RequestParser; kPlain is a body with a length or one that ends with the connection.
  enum class State { kHead, kPlain, kChunked, kComplete, kFailed };

  void TakeHead(std::string_view data, std::size_t* consumed);
  void TakePlain(std::string_view data, std::size_t* consumed);
  void TakeChunks(std::string_view data, std::size_t* consumed);
  void EndHead();
  void Clear();
  void Fail(ParseError error);

  MessageBuilder builder_;
  HeadReader head_;
  ChunkReader chunks_;
  LlhttpDriver llhttp_;
  BodyPlan plan_;
  ParseError error_;
  State state_ = State::kHead;
  bool head_request_ = false;
};

}  // namespace sqlicorn
