// SPDX-License-Identifier: MIT
#include "common/http/writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

// RFC 2518, 9110, 6585 and 7725, in ascending order.
constexpr std::array<std::pair<int, std::string_view>, 45> kPhrases = {{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// What the writer or the connection decides, not the application.
constexpr std::array<std::string_view, 12> kOwnHeaders = {
    "connection",         "content-length", "content-type", "date",
    "keep-alive",         "server",         "te",           "trailer",
    "proxy-authenticate", "upgrade",        "trailers",     "transfer-encoding"};

bool IsSendable(const HeaderView& header) {
  return IsToken(header.name) && !HasControl(header.value) &&
         std::none_of(kOwnHeaders.begin(), kOwnHeaders.end(), [&header](std::string_view own) {
           return EqualsIgnoreCase(header.name, own);
         });
}

bool HasNoLength(int status) {
  return status < 200 || status == 204;
}

void AppendNumber(std::uint64_t number, std::string& out) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#x27;";
        break;
      default:
        out += c;
    }
  }
}

void AppendLine(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ").append(value).append("\r\n");
}

// What HeadCache keeps.
void AppendBeginning(const Response& response, const ResponseFraming& framing,
                     std::string_view date, std::string* out) {
  *out += framing.http_minor == 0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  AppendNumber(static_cast<std::uint64_t>(response.status), *out);
  out->append(" ").append(ReasonPhrase(response.status)).append("\r\n");
  AppendLine("Server", "sqlicorn", out);
  AppendLine("Date", date, out);
  const bool lives = framing.persistence == Persistence::kKeepAlive;
  AppendLine("Connection", lives ? "keep-alive" : "close", out);
  if (!response.content_type.empty() && !HasControl(response.content_type)) {
    AppendLine("Content-Type", response.content_type, out);
  }
}

bool NeedsLength(const RequestParts& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

std::string_view ReasonPhrase(int status) {
  const auto found =
      std::lower_bound(kPhrases.begin(), kPhrases.end(), status,
                       [](const auto& entry, int wanted) { return entry.first < wanted; });
  return found != kPhrases.end() && found->first == status ? found->second : "Unknown";
}

std::string ErrorPage(int status, std::string_view detail) {
  const std::string_view reason = ReasonPhrase(status);
  std::string page = fmt::format(
      "<html>\n  <head>\n    <title>{0}</title>\n  </head>\n  <body>\n    <h1><p>{0}</p></h1>\n   "
      " ",
      reason);
  AppendEscaped(detail, page);
  page += "\n  </body>\n</html>\n";
  return page;
}

std::string_view DateCache::At(std::int64_t unix_seconds) {
  constexpr std::size_t kSize = 29;
  if (unix_seconds != second_) {
    second_ = unix_seconds;
    const std::time_t time = unix_seconds;
    std::tm utc{};
    gmtime_r(&time, &utc);
    const std::string text = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                                         kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                         kMonths[static_cast<std::size_t>(utc.tm_mon)],
                                         utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    text.copy(text_.data(), text_.size());
  }
  return {text_.data(), kSize};
}

ResponseFraming ResponseFraming::For(const Message& request) {
  return {request.http_minor(),
          request.keep_alive() ? Persistence::kKeepAlive : Persistence::kClose,
          request.method() == "HEAD" ? BodyMode::kOmit : BodyMode::kSend};
}

void ResponseWriter::Write(const Response& response, const ResponseFraming& framing) {
  if (WriteHead(response, framing)) {
    out_ += response.body;
  }
}

std::string_view HeadCache::BeginningOf(const Response& response, const ResponseFraming& framing,
                                        std::string_view date) {
  if (date != date_ || entries_.size() == kMost) {
    date_ = date;
    entries_.clear();
  }
  for (const Entry& entry : entries_) {
    if (entry.status == response.status && entry.http_minor == framing.http_minor &&
        entry.persistence == framing.persistence && entry.content_type == response.content_type) {
      return entry.text;
    }
  }
  Entry& entry = entries_.emplace_back();
  entry.status = response.status;
  entry.http_minor = framing.http_minor;
  entry.persistence = framing.persistence;
  entry.content_type = response.content_type;
  AppendBeginning(response, framing, date, &entry.text);
  return entry.text;
}

bool ResponseWriter::WriteHead(const Response& response, const ResponseFraming& framing) {
  if (heads_ != nullptr) {
    out_ += heads_->BeginningOf(response, framing, date_);
  } else {
    AppendBeginning(response, framing, date_, &out_);
  }
  if (framing.end == BodyEnd::kChunks) {
    AppendLine("Transfer-Encoding", "chunked", &out_);
  } else if (framing.end == BodyEnd::kLength && !HasNoLength(response.status)) {
    out_ += "Content-Length: ";
    AppendNumber(response.body.size(), out_);
    out_ += "\r\n";
  }
  for (const HeaderView& header : response.headers) {
    if (IsSendable(header)) {
      AppendLine(header.name, header.value, &out_);
    }
  }
  out_ += "\r\n";
  const bool bodiless = HasNoLength(response.status) || response.status == 304;
  return framing.body == BodyMode::kSend && !bodiless;
}

void AppendChunkHead(std::size_t bytes, ChunkPlace place, std::string* out) {
  out->append(place == ChunkPlace::kFirst ? "" : "\r\n").append(fmt::format("{:x}\r\n", bytes));
}

void ResponseWriter::WriteInterim(int status) {
  out_ += fmt::format("HTTP/1.1 {} {}\r\n\r\n", status, ReasonPhrase(status));
}

void AppendRequest(const RequestParts& request, std::string* out) {
  out->append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  AppendLine("Host", request.host, out);
  for (const HeaderView& header : request.headers) {
    AppendLine(header.name, header.value, out);
  }
  if (NeedsLength(request)) {
    AppendLine("Content-Length", fmt::to_string(request.body.size()), out);
  }
  if (!request.content_type.empty()) {
    AppendLine("Content-Type", request.content_type, out);
  }
  out->append("\r\n").append(request.body);
}

}  // namespace sqlicorn
