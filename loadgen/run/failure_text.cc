// SPDX-License-Identifier: MIT
#include "loadgen/run/failure_text.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/stats/python_repr.h"

namespace sqlicorn::loadgen {
namespace {

// The subclass of OSError Python has for the number.
std::string_view ExceptionName(int errno_value) {
  switch (errno_value) {
    case ECONNREFUSED:
      return "ConnectionRefusedError";
    case ECONNRESET:
      return "ConnectionResetError";
    case ECONNABORTED:
      return "ConnectionAbortedError";
    case EPIPE:
      return "BrokenPipeError";
    case ETIMEDOUT:
      return "TimeoutError";
    case EACCES:
    case EPERM:
      return "PermissionError";
    default:
      return "OSError";
  }
}

// The exception under ProtocolError, which shows it twice: within its message, and beside it.
std::string BrokenConnection(const std::string& cause) {
  return fmt::format("ChunkedEncodingError(ProtocolError({}, {}))",
                     PythonRepr(std::string_view("Connection broken: " + cause)), cause);
}

std::uint64_t ContentLength(const Message& answer) {
  return ParseWhole<std::uint64_t>(answer.Header("Content-Length")).value_or(0);
}

}  // namespace

std::string HttpErrorText(const Message& answer, std::string_view name) {
  const std::string_view kind = answer.status() < 500 ? "Client" : "Server";
  const std::string text = fmt::format("{} {} Error: {} for url: {}", answer.status(), kind,
                                       Latin1ToUtf8(answer.reason()), name);
  return fmt::format("HTTPError({})", PythonRepr(std::string_view(text)));
}

std::string_view SqliteCause(std::string_view body) {
  constexpr std::string_view kOpening = "(SQLITE_";
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  const std::size_t opening = body.find(kOpening);
  if (opening == std::string_view::npos) {
    return "";
  }
  const std::string_view rest = body.substr(opening + 1);
  const std::size_t end = rest.find_first_not_of(kLetters);
  return end != std::string_view::npos && rest[end] == ')' ? rest.substr(0, end) : "";
}

std::string SocketErrorText(int errno_value) {
  return fmt::format("{}({}, {})", ExceptionName(errno_value), errno_value,
                     PythonRepr(std::string_view(std::strerror(errno_value))));
}

std::string NoSocketText(std::string_view reason) {
  return fmt::format("OSError({})", PythonRepr(reason));
}

std::string ClosedText() {
  return "RemoteDisconnected('Remote end closed connection without response')";
}

std::string BrokenAnswerText(int errno_value) {
  return BrokenConnection(SocketErrorText(errno_value));
}

std::string TruncatedText(const Message& answer, std::uint64_t body_bytes) {
  if (answer.HasHeader("Transfer-Encoding")) {
    return BrokenConnection("InvalidChunkLength(got length b'', 0 bytes read)");
  }
  const std::uint64_t length = ContentLength(answer);
  if (length > body_bytes) {
    return BrokenConnection(fmt::format("IncompleteRead({} bytes read, {} more expected)",
                                        body_bytes, length - body_bytes));
  }
  return BrokenConnection(fmt::format("IncompleteRead({} bytes read)", body_bytes));
}

// The parser has quoted and escaped in its reason what the server said; not a second time.
std::string BadAnswerText(std::string_view reason) {
  const char quote = reason.find('\'') == reason.npos ? '\'' : '"';
  return fmt::format("ProtocolError({0}{1}{0})", quote, reason);
}

std::string UnaskedText() {
  return "ProtocolError('The server sent more than the answer')";
}

std::string NoAnswerText(std::string_view host, std::uint16_t port, double limit_s) {
  const std::string text =
      fmt::format("HTTPConnectionPool(host={}, port={}): Read timed out. (read timeout={:g})",
                  PythonRepr(host), port, limit_s);
  return fmt::format("ReadTimeout(ReadTimeoutError({}))", PythonRepr(std::string_view(text)));
}

std::string NoConnectionText(std::string_view host, double limit_s) {
  const std::string text =
      fmt::format("Connection to {} timed out. (connect timeout={:g})", host, limit_s);
  return fmt::format("ConnectTimeoutError({})", PythonRepr(std::string_view(text)));
}

std::string NotHttpText(std::string_view received, std::string_view reason) {
  if (received.substr(0, 5) == "HTTP/") {
    return BadAnswerText(reason);
  }
  const std::size_t end = received.find('\n');
  const std::string line = Latin1ToUtf8(received.substr(0, end == received.npos ? end : end + 1));
  return fmt::format("BadStatusLine({})", PythonRepr(std::string_view(line)));
}

}  // namespace sqlicorn::loadgen
