// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/http/ascii.h"
#include "common/http/message.h"

namespace sqlicorn {

// The parts of a request line, as views into the head of the message.
struct RequestLine {
  std::string_view method;
  std::string_view target;
  std::string_view path;
  std::string_view query;
};

// The writing side of a Message, for the parsers of this room only.
class MessageBuilder {
 public:
  [[nodiscard]] const Message& message() const { return message_; }

  [[nodiscard]] std::string_view head() const { return message_.head_; }

  void AppendHead(std::string_view octets) { message_.head_.append(octets); }

  // Takes away the blanks in front of the CRLF that the head ends with.
  void TrimLastLine();

  // The views passed to these lie inside head().
  void SetRequestLine(const RequestLine& line);
  void SetReason(std::string_view reason);

  void AddName(std::string_view name) { message_.fields_.push_back({SpanOf(name), {}}); }

  void SetValue(std::string_view value) {
    message_.fields_.back().value = SpanOf(TrimBlanks(value));
  }

  void SetVersion(int http_minor) { message_.http_minor_ = http_minor; }

  void SetStatus(int status) { message_.status_ = status; }

  void SetKeepAlive(bool keep_alive) { message_.keep_alive_ = keep_alive; }

  // "" when there is none.
  [[nodiscard]] std::string_view FirstNameWithUnderscore() const;
  void DropNamesWithUnderscore();

  // Keeps what fits into `keep_bytes` of body in all.
  void AppendBody(std::string_view octets, std::size_t keep_bytes);

  // Forgets the message and keeps its buffers, except unusually large ones.
  void Clear();
  // Clear, and gives the memory back that is kept for the next message.
  void Release();

 private:
  [[nodiscard]] Message::Span SpanOf(std::string_view part) const {
    if (part.empty()) {
      return {};
    }
    return {static_cast<std::uint32_t>(part.data() - message_.head_.data()),
            static_cast<std::uint32_t>(part.size())};
  }

  Message message_;
};

}  // namespace sqlicorn
