// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.h"

namespace sqlicorn {

// What is sent back, before HTTP framing. The body keeps its memory from request to request, unless
// it was unusually large.
struct Reply {
  static constexpr std::size_t kKeptBytes = 64U << 10U;

  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<HeaderView> headers;  // beyond the usual; the views outlive the request
  std::uint64_t sent_bytes = 0;     // of the body, which have left before what is in it now

  [[nodiscard]] std::uint64_t body_bytes() const { return sent_bytes + body.size(); }

  void Clear() {
    status = 200;
    sent_bytes = 0;
    content_type = "text/plain; charset=utf-8";
    body.clear();
    if (body.capacity() > kKeptBytes) {
      body.shrink_to_fit();
    }
    headers.clear();
  }
};

// "Not Found" for 404; "Unknown" for a status no RFC names.
[[nodiscard]] std::string_view ReasonPhrase(int status);

// The body of the answer to a request that is refused: a small HTML page with the escaped `detail`.
[[nodiscard]] std::string ErrorPage(int status, std::string_view detail);

// The value of the Date header, formatted again only when the second changes. One per worker.
class DateCache {
 public:
  // `unix_seconds` since 1970 by the wall clock. The view ("Sun, 22 Nov 2026 09:59:27 GMT") is
  // valid until the next call with another second.
  [[nodiscard]] std::string_view At(std::int64_t unix_seconds);

 private:
  std::int64_t second_ = -1;
  std::array<char, 32> text_{};
};

enum class Persistence { kClose, kKeepAlive };
enum class BodyMode { kSend, kOmit };

// How the end of the body is told.
enum class BodyEnd {
  kLength,  // Content-Length
  kChunks,  // its length is not known yet: AppendChunkHead, kLastChunk
  kClose,   // the same for HTTP/1.0, which has no chunks
};

// What the application answers. Nothing is copied before Write.
struct Response {
  int status = 200;
  std::string_view content_type = {};  // "" for none
  std::string_view body = {};
  std::span<const HeaderView> headers = {};
};

// What the answer owes to its request.
struct ResponseFraming {
  int http_minor = 1;
  Persistence persistence = Persistence::kKeepAlive;
  BodyMode body = BodyMode::kSend;  // kOmit answers HEAD
  BodyEnd end = BodyEnd::kLength;

  [[nodiscard]] static ResponseFraming For(const Message& request);
};

// What the heads of answers have in common, as text that is made once a second: all in front of
// Content-Length. One per worker.
class HeadCache {
 public:
  // `date` as DateCache gives it. The view is valid until the next call.
  [[nodiscard]] std::string_view BeginningOf(const Response& response,
                                             const ResponseFraming& framing, std::string_view date);

 private:
  struct Entry {
    int status;
    int http_minor;
    Persistence persistence;
    std::string content_type;
    std::string text;
  };

  static constexpr std::size_t kMost = 16;

  std::string date_;
  std::vector<Entry> entries_;  // all of that date
};

// In front of so many octets of a body: what ends the chunk before it, if there is one, too.
enum class ChunkPlace { kFirst, kLater };
void AppendChunkHead(std::size_t bytes, ChunkPlace place, std::string* out);

// Behind the last chunk.
inline constexpr std::string_view kLastChunk = "\r\n0\r\n\r\n";

// Appends whole responses to a buffer: status line in the version of the request, Server, Date,
// Connection, Content-Type, Content-Length, the application's headers, body. It does not send.
class ResponseWriter {
 public:
  // `date` as DateCache gives it. All outlive the writer, which is made anew for each batch.
  ResponseWriter(std::string& out, std::string_view date, HeadCache* heads = nullptr)
      : out_(out), date_(date), heads_(heads) {}

  // 1xx, 204 and 304 have no body. Headers that frame the message or would break it (a name that is
  // no token, a control octet in the value) are left out.
  void Write(const Response& response, const ResponseFraming& framing);

  // The same but for the body, which is to follow if this is true.
  [[nodiscard]] bool WriteHead(const Response& response, const ResponseFraming& framing);

  // "100 Continue": the body is wanted.
  void WriteContinue() { WriteInterim(100); }

  // A 1xx answer, which another one follows. Not for HTTP/1.0.
  void WriteInterim(int status);

 private:
  std::string& out_;
  std::string_view date_;
  HeadCache* heads_;  // null: there is none
};

// A request as a client writes it. The caller vouches for every part: nothing is checked.
struct RequestParts {
  std::string_view method = "GET";
  std::string_view target = "/";
  std::string_view host = {};
  std::span<const HeaderView> headers = {};
  std::string_view content_type = {};  // "" for none
  std::string_view body = {};
};

// Appends an HTTP/1.1 request. Content-Length is written when there is a body, and for POST, PUT
// and PATCH without one.
void AppendRequest(const RequestParts& request, std::string* out);

}  // namespace sqlicorn
