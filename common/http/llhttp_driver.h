// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "common/http/message.h"

struct llhttp__internal_s;  // NOLINT(bugprone-reserved-identifier): the tag behind llhttp_t

namespace sqlicorn {

enum class Direction { kRequest, kResponse };

// Which part of the message llhttp did not like.
enum class Refusal { kNone, kMethod, kHeader, kLength, kCoding, kOther };

// The border to llhttp: one parser of one connection that fills a MessageBuilder. It is fed only
// lines the guards have passed: the head of a message as one piece, then the body. It does not
// check sizes and knows no rule of its own.
class LlhttpDriver {
 public:
  // `builder` outlives the driver.
  LlhttpDriver(Direction direction, MessageBuilder* builder);
  ~LlhttpDriver();
  LlhttpDriver(const LlhttpDriver&) = delete;
  LlhttpDriver& operator=(const LlhttpDriver&) = delete;

  // Ready for the next message.
  void Reset();

  // The response now expected answers a HEAD request: it has no body whatever its head says.
  void ExpectNoBody() { bodiless_ = true; }

  // The body kept in the message; the rest is counted only.
  void KeepBody(std::size_t bytes) { keep_body_ = bytes; }

  // False when llhttp refuses the octets: see refusal().
  [[nodiscard]] bool Feed(std::string_view octets);

  [[nodiscard]] bool headers_complete() const { return headers_complete_; }

  [[nodiscard]] bool message_complete() const { return message_complete_; }

  // The response has no body by its status or by its request.
  [[nodiscard]] bool bodiless() const { return bodiless_; }

  [[nodiscard]] Refusal refusal() const { return refusal_; }

  // Where in the octets fed last the refusal happened.
  [[nodiscard]] std::size_t refusal_offset() const { return refusal_offset_; }

  // Octets of body since Reset, kept or not.
  [[nodiscard]] std::uint64_t body_bytes() const { return body_bytes_; }

 private:
  struct Trampolines;

  struct Deleter {
    void operator()(llhttp__internal_s* parser) const;
  };

  int OnHeadersComplete();
  void Refuse(std::string_view octets);

  MessageBuilder* builder_;
  std::unique_ptr<llhttp__internal_s, Deleter> parser_;
  std::size_t keep_body_ = SIZE_MAX;
  std::uint64_t body_bytes_ = 0;
  std::size_t refusal_offset_ = 0;
  Refusal refusal_ = Refusal::kNone;
  bool bodiless_ = false;
  bool headers_complete_ = false;
  bool message_complete_ = false;
};

}  // namespace sqlicorn
