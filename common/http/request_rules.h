// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "common/http/message_builder.h"
#include "common/http/parse_error.h"
#include "common/http/parser_limits.h"

namespace sqlicorn {

// The rules of RFC 9110 and 9112 a server must hold and llhttp does not, with gunicorn's texts.
// Where gunicorn tolerates what another parser may read differently, this is stricter.

// How the body of a message ends.
enum class Framing { kNone, kLength, kChunked, kUntilClose };

struct BodyPlan {
  Framing framing = Framing::kNone;
  std::uint64_t length = 0;       // of kLength
  bool expects_continue = false;  // the sender waits for "100 Continue"
};

// The request line without CRLF: three parts, method, version and the form of the target. Fills
// method, target, path, query and version. HTTP/1.0 and 1.1 only, no authority-form.
[[nodiscard]] Fault CheckRequestLine(std::string_view line, MessageBuilder& message);

// "HTTP/1.x NNN reason" of a response.
[[nodiscard]] Fault CheckStatusLine(std::string_view line);

// The complete head of a request: Host, framing, Expect, body limit. Drops names with underscores,
// decides keep_alive() and fills `plan`.
[[nodiscard]] Fault CheckRequestHead(MessageBuilder& message, const ParserLimits& limits,
                                     BodyPlan* plan);

// kNone: the answer to HEAD, and the statuses 1xx, 204 and 304, whatever the head says.
enum class ResponseBody { kPossible, kNone };

// The complete head of a response: framing and keep_alive().
[[nodiscard]] Fault CheckResponseHead(MessageBuilder& message, ResponseBody body, BodyPlan* plan);

}  // namespace sqlicorn
