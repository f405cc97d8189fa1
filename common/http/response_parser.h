// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/http/chunk_reader.h"
#include "common/http/known_heads.h"
#include "common/http/line_guard.h"
#include "common/http/llhttp_driver.h"
#include "common/http/message.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

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
  [[nodiscard]] std::uint64_t body_bytes() const { return plain_bytes_ + llhttp_.body_bytes(); }

 private:
  // As in RequestParser; kPlain is a body with a length or one that ends with the connection.
  enum class State { kHead, kPlain, kChunked, kComplete, kFailed };

  void TakeHead(std::string_view data, std::size_t* consumed);
  // Whether `data` begins with a head that needs no reading.
  bool TakeKnownHead(std::string_view data, std::size_t* consumed);
  void TakePlain(std::string_view data, std::size_t* consumed);
  void TakeChunks(std::string_view data, std::size_t* consumed);
  void EndHead();
  void BeginBody();
  void Clear();
  void Fail(ParseError error);

  MessageBuilder builder_;
  HeadReader head_;
  ChunkReader chunks_;
  LlhttpDriver llhttp_;  // heads and chunks
  KnownHeads known_;
  BodyPlan plan_;
  std::size_t keep_body_;
  std::uint64_t plain_bytes_ = 0;  // of a body without chunks
  ParseError error_;
  State state_ = State::kHead;
  bool head_request_ = false;
};

}  // namespace sqlicorn
