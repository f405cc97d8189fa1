// SPDX-License-Identifier: MIT
#include "worker/access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

std::string_view OrDash(std::string_view text) {
  return text.empty() ? "-" : text;
}

// A quote of the client must not end a field of ours.
void AppendEscaped(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '"') {
      *out += '\\';
    }
    *out += c;
  }
}

void AppendQuoted(std::string_view text, std::string* out) {
  *out += '"';
  AppendEscaped(text, out);
  *out += '"';
}

}  // namespace

Result<AccessLog> AccessLog::Open(const std::string& target) {
  if (target.empty()) {
    return AccessLog(UniqueFd());
  }
  UniqueFd fd(target == "-"
                  ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                  : open(target.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError(fmt::format("cannot open the access log '{}'", target), errno);
  }
  return AccessLog(std::move(fd));
}

void AccessLog::RefreshTime() {
  const std::time_t now = std::time(nullptr);
  if (now == time_second_) {
    return;
  }
  time_second_ = now;
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t length =
      std::strftime(text.data(), text.size(), "[%d/%b/%Y:%H:%M:%S %z]", &parts);
  time_text_.assign(text.data(), length);
}

void AccessLog::Append(std::string_view peer, const Exchange& exchange) {
  if (!fd_) {
    return;
  }
  RefreshTime();
  const Message& request = *exchange.request;
  const Reply& reply = exchange.reply;
  const std::size_t body_bytes = request.method() == "HEAD" ? 0 : reply.body.size();
  fmt::format_to(std::back_inserter(buffer_), "{} - - {} \"{} ", OrDash(peer), time_text_,
                 request.method());
  AppendEscaped(request.target(), &buffer_);
  fmt::format_to(std::back_inserter(buffer_), " HTTP/1.{}\" {} {} ", request.http_minor(),
                 reply.status, body_bytes);
  AppendQuoted(OrDash(request.Header("Referer")), &buffer_);
  buffer_ += ' ';
  AppendQuoted(OrDash(request.Header("User-Agent")), &buffer_);
  buffer_ += '\n';
}

void AccessLog::Flush() {
  if (buffer_.empty()) {
    return;
  }
  [[maybe_unused]] const ssize_t written = write(fd_.get(), buffer_.data(), buffer_.size());
  buffer_.clear();
}

}  // namespace sqlicorn
