// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/ascii.h"

namespace sqlicorn {

// Why a message was refused: the status of the answer, and one line for the log and the error page.
// Octets of the client in it are quoted and shortened, not HTML-escaped.
struct ParseError {
  int status = 400;
  std::string detail = {};
};

// What a check returns: nothing, or the reason to refuse.
using Fault = std::optional<ParseError>;

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

// What a parser has after it was fed.
enum class Feed { kNeedMore, kMessage, kError };

// One parsed request or response. The head as received lies in one arena and everything else is an
// offset into it; the buffers are reused by the next message of the connection. Every view is valid
// until the parser that owns the message is fed again or told Next().
class Message {
 public:
  // Of a request. The target is as sent; path and query are undecoded parts of it, the query
  // without '?'. The path of an absolute-form target without one is "/".
  [[nodiscard]] std::string_view method() const { return At(method_); }

  [[nodiscard]] std::string_view target() const { return At(target_); }

  [[nodiscard]] std::string_view path() const { return path_.size == 0 ? "/" : At(path_); }

  [[nodiscard]] std::string_view query() const { return At(query_); }

  // Of a response.
  [[nodiscard]] int status() const { return status_; }

  [[nodiscard]] std::string_view reason() const { return At(reason_); }

  // 0 or 1: HTTP/1.0 or HTTP/1.1.
  [[nodiscard]] int http_minor() const { return http_minor_; }

  // REQUIRES: index < header_count().
  [[nodiscard]] HeaderView header(std::size_t index) const {
    const Field& field = fields_[index];
    return {At(field.name), At(field.value)};
  }

  [[nodiscard]] std::size_t header_count() const { return fields_.size(); }

  // The first value of that name in any case, without surrounding blanks; "" when there is none.
  [[nodiscard]] std::string_view Header(std::string_view name) const;
  [[nodiscard]] bool HasHeader(std::string_view name) const;

  // Without transfer coding. Of a response at most as much as the parser was told to keep.
  [[nodiscard]] std::string_view body() const { return body_; }

  // The memory that it holds.
  [[nodiscard]] std::size_t buffered_bytes() const { return head_.capacity() + body_.capacity(); }

  // Whether the sender lets the connection live on after this message.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }

 private:
  friend class MessageBuilder;

  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  struct Field {
    Span name;
    Span value;
  };

  [[nodiscard]] std::string_view At(Span span) const {
    return {head_.data() + span.begin, span.size};
  }

  [[nodiscard]] const Field* Find(std::string_view name) const;

  std::string head_;
  std::string body_;
  std::vector<Field> fields_;
  Span method_;
  Span target_;
  Span path_;
  Span query_;
  Span reason_;
  int status_ = 0;
  int http_minor_ = 1;
  bool keep_alive_ = false;
};

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

  // Reads `head` as `like` was read, which has the same parts at the same places. REQUIRES: the
  // message is empty.
  void CopyHead(const MessageBuilder& like, std::string_view head);

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
