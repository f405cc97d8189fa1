// SPDX-License-Identifier: MIT
#include "loadgen/server/control_question.h"

#include <sys/socket.h>

#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn::loadgen {
namespace {

// A unix socket that says one thing to one client, in two pieces, and closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer)
      : answer_(std::move(answer)), listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    EXPECT_EQ(bind(listener_.get(), address.raw(), address.length()), 0);
    EXPECT_EQ(listen(listener_.get(), 1), 0);
    thread_ = std::thread([this] { Serve(); });
  }

  ~OneAnswer() { thread_.join(); }

  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  TempDir directory;
  SocketAddress address = SocketAddress::Unix(directory.File("ctl")).value();
  std::string asked;

 private:
  void Serve() {
    const UniqueFd client(accept(listener_.get(), nullptr, nullptr));
    std::string request(512, '\0');
    request.resize(static_cast<std::size_t>(recv(client.get(), request.data(), 512, 0)));
    asked = request;
    const std::size_t half = answer_.size() / 2;
    send(client.get(), answer_.data(), half, MSG_NOSIGNAL);
    send(client.get(), answer_.data() + half, answer_.size() - half, MSG_NOSIGNAL);
  }

  std::string answer_;
  UniqueFd listener_;
  std::thread thread_;
};

Result<std::string> Ask(const SocketAddress& address) {
  Loop loop;
  std::optional<Result<std::string>> reply;
  ControlQuestion question(loop, address, "show stats", [&](const Result<std::string>& said) {
    reply = said;
    loop.Stop();
  });
  question.Start();
  loop.Run();
  return reply.value();
}

TEST(ControlQuestion, GivesTheReplyOfTheServer) {
  std::string asked;
  {
    OneAnswer server(std::string("\0\0\0\2{}", 6));
    EXPECT_EQ(Ask(server.address).value(), "{}");
    asked = server.asked;
  }
  EXPECT_EQ(asked.substr(4), R"({"id":1,"command":"show stats","args":[]})");
  EXPECT_EQ(asked.substr(0, 4), std::string("\0\0\0\x29", 4));
}

TEST(ControlQuestion, FailsWithoutAWholeReply) {
  for (const std::string& answer :
       {std::string(), std::string("\0\0\0\3{}", 6), std::string("HTTP/1.1 400 Bad Request\r\n")}) {
    OneAnswer server(answer);
    EXPECT_FALSE(Ask(server.address)) << answer;
  }
}

TEST(ControlQuestion, FailsWhereNobodyListens) {
  const TempDir directory;
  EXPECT_FALSE(Ask(SocketAddress::Unix(directory.File("none")).value()));
}

}  // namespace
}  // namespace sqlicorn::loadgen
