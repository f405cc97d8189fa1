// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {

struct HttpAnswer {
  int status = 0;  // 0: no whole answer came
  std::string head;
  std::string body;

  // The value of the first header of that name, written as the server writes it; "" without one.
  [[nodiscard]] std::string Header(std::string_view name) const;
};

// "GET path HTTP/1.1" and so on, with a Host header and nothing else that is not needed.
[[nodiscard]] std::string Get(std::string_view path);
[[nodiscard]] std::string PostForm(std::string_view path, std::string_view body);

enum class AnswerBody { kByLength, kNone };

// A client that sends exactly the octets it is told, over one blocking connection.
// Every call ends within the timeout. It understands answers just enough to tell them apart, and
// is no judge of the server's framing; the body of one in chunks is theirs put together.
class RawClient {
 public:
  // To 127.0.0.1.
  explicit RawClient(int port, Duration timeout = kPatience);
  explicit RawClient(const SocketAddress& address, Duration timeout = kPatience);

  // False when not all of it could be sent: the server has closed, or does not read.
  bool Send(std::string_view bytes);

  // The next answer; what came after it is kept for the next call. kNone for answers to HEAD.
  [[nodiscard]] HttpAnswer ReadAnswer(AnswerBody body = AnswerBody::kByLength);

  [[nodiscard]] HttpAnswer Ask(std::string_view request);

  // Waits until something has come that was not read, and leaves it there. False after the timeout.
  [[nodiscard]] bool WaitForInput() const;

  // All that still comes. Whether the end was an orderly one: closed().
  std::string ReadToEnd();

  // The server has closed the connection, as far as has been read.
  [[nodiscard]] bool closed() const { return closed_; }

  // And not in an orderly way.
  [[nodiscard]] bool was_reset() const { return reset_; }

  // Half-close: the server sees the end of our input.
  void FinishSending();

  // Closes with RST.
  void Reset();

  [[nodiscard]] int local_port() const;

 private:
  // False at the end or after the timeout.
  bool ReadMore();
  bool ReadChunks(std::string* body);

  UniqueFd fd_;
  std::string input_;
  bool closed_ = false;
  bool reset_ = false;
};

}  // namespace sqlicorn
