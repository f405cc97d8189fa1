// SPDX-License-Identifier: MIT
#include "tests/support/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

timeval ToTimeval(Duration duration) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  return {us / 1'000'000, us % 1'000'000};
}

}  // namespace

std::string HttpAnswer::Header(std::string_view name) const {
  const std::string before = fmt::format("\r\n{}: ", name);
  const std::size_t at = head.find(before);
  if (at == std::string::npos) {
    return "";
  }
  const std::size_t begin = at + before.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string Get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n\r\n", path);
}

std::string PostForm(std::string_view path, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: {}\r\n\r\n{}",
      path, body.size(), body);
}

RawClient::RawClient(int port, Duration timeout)
    : RawClient(SocketAddress::Ip("127.0.0.1", static_cast<std::uint16_t>(port)).value(), timeout) {
}

RawClient::RawClient(const SocketAddress& address, Duration timeout)
    : fd_(socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit = ToTimeval(timeout);
  setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  closed_ = connect(fd_.get(), address.raw(), address.length()) != 0;
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      closed_ = closed_ || (errno != EAGAIN && errno != EWOULDBLOCK);
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::ReadMore() {
  std::array<char, 65536> buffer;
  const ssize_t got = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (got > 0) {
    input_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }
  reset_ = reset_ || (got < 0 && errno == ECONNRESET);
  closed_ = closed_ || got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  return false;
}

HttpAnswer RawClient::ReadAnswer(AnswerBody body) {
  std::size_t head_end = 0;
  while ((head_end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) {
      return {};
    }
  }
  HttpAnswer answer;
  answer.head = input_.substr(0, head_end + 4);
  answer.status = std::atoi(answer.head.c_str() + std::string_view("HTTP/1.1 ").size());
  if (body == AnswerBody::kByLength && answer.Header("Transfer-Encoding") == "chunked") {
    input_.erase(0, answer.head.size());
    return ReadChunks(&answer.body) ? answer : HttpAnswer();
  }
  const std::string length = answer.Header("Content-Length");
  const std::size_t body_bytes =
      body == AnswerBody::kNone ? 0 : static_cast<std::size_t>(std::atoll(length.c_str()));
  while (input_.size() < answer.head.size() + body_bytes) {
    if (!ReadMore()) {
      return {};
    }
  }
  answer.body = input_.substr(answer.head.size(), body_bytes);
  input_.erase(0, answer.head.size() + body_bytes);
  return answer;
}

bool RawClient::ReadChunks(std::string* body) {
  std::size_t at = 0;  // in input_
  for (std::size_t bytes = 1; bytes > 0;) {
    std::size_t line_end = 0;
    while ((line_end = input_.find("\r\n", at)) == std::string::npos) {
      if (!ReadMore()) {
        return false;
      }
    }
    bytes = std::strtoul(input_.c_str() + at, nullptr, 16);
    at = line_end + 2;
    while (input_.size() < at + bytes + 2) {
      if (!ReadMore()) {
        return false;
      }
    }
    body->append(input_, at, bytes);
    at += bytes + 2;
    input_.erase(0, std::exchange(at, 0));
  }
  return true;
}

HttpAnswer RawClient::Ask(std::string_view request) {
  return Send(request) ? ReadAnswer() : HttpAnswer();
}

bool RawClient::WaitForInput() const {
  char first = 0;
  return recv(fd_.get(), &first, 1, MSG_PEEK) == 1;
}

std::string RawClient::ReadToEnd() {
  while (ReadMore()) {
  }
  return std::move(input_);
}

void RawClient::FinishSending() {
  shutdown(fd_.get(), SHUT_WR);
}

void RawClient::Reset() {
  const linger at_once{1, 0};
  setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  fd_.Reset();
  closed_ = true;
}

int RawClient::local_port() const {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

}  // namespace sqlicorn
