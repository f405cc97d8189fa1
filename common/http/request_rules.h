// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/http/message.h"

namespace sqlicorn {

// Header names with "_": "X_A" and "X-A" would be one name in a CGI environment, so that a client
// could speak for a proxy. gunicorn's header_map, without its "dangerous".
enum class UnderscoreNames { kDrop, kRefuse };

// gunicorn's limit_request_*, in octets; exactly that many are still accepted.
struct ParserLimits {
  std::size_t request_line = 8190;  // without CRLF; 0 means 8190
  std::size_t fields = 100;         // header and trailer lines; 0 means 32768
  std::size_t field_size = 8190;    // one line with its CRLF; 0 means 8190
  std::size_t body = 1048576;       // without transfer coding; 0 means no limit
  UnderscoreNames underscore_names = UnderscoreNames::kDrop;

  // With the meaning of 0 filled in.
  [[nodiscard]] ParserLimits Resolved() const;
};

// The rules of RFC 9110 and 9112 a server must hold and llhttp does not, with gunicorn's texts.
// Where gunicorn tolerates what another parser may read differently, this is stricter.

// How the body of a message ends.
enum class Framing { kNone, kLength, kChunked, kUntilClose };

struct BodyPlan {
  Framing framing = Framing::kNone;
  std::uint64_t length = 0;       // of kLength
  bool expects_continue = false;  // the sender waits for "100 Continue"
};

// The complete head of a request: Host, framing, Expect, body limit. Drops names with underscores,
// decides keep_alive() and fills `plan`.
[[nodiscard]] Fault CheckRequestHead(MessageBuilder& message, const ParserLimits& limits,
                                     BodyPlan* plan);

// kNone: the answer to HEAD, and the statuses 1xx, 204 and 304, whatever the head says.
enum class ResponseBody { kPossible, kNone };

// The complete head of a response: framing and keep_alive().
[[nodiscard]] Fault CheckResponseHead(MessageBuilder& message, ResponseBody body, BodyPlan* plan);

}  // namespace sqlicorn
