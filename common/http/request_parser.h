// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "common/http/chunk_reader.h"
#include "common/http/line_guard.h"
#include "common/http/llhttp_driver.h"
#include "common/http/message.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

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

}  // namespace sqlicorn
