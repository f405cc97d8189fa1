// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

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

}  // namespace sqlicorn
