// SPDX-License-Identifier: MIT
#include "master/control/control_server.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include <gtest/gtest.h>

#include "common/base/socket_address.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;
using std::string_literals::operator""s;

ControlServer ListenAt(const std::string& path) {
  ServerSettings settings;
  settings.control_socket = path;
  auto server = ControlServer::Listen(settings, "");
  EXPECT_TRUE(server) << server.error().message;
  return *std::move(server);
}

// A client whose socket never blocks.
class Client {
 public:
  explicit Client(const std::string& path)
      : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const SocketAddress address = SocketAddress::Unix(path).value();
    EXPECT_EQ(connect(fd_.get(), address.raw(), address.length()), 0);
  }

  // Sends as much as the kernel takes.
  void Send(std::string_view bytes) const {
    send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // What has come so far.
  std::string Receive() {
    std::string all;
    std::array<char, 65536> chunk{};
    ssize_t got = 0;
    while ((got = recv(fd_.get(), chunk.data(), chunk.size(), 0)) > 0) {
      all.append(chunk.data(), static_cast<std::size_t>(got));
    }
    closed_ = got == 0 || errno != EAGAIN;
    return all;
  }

  // After Receive: the server has closed the connection.
  [[nodiscard]] bool closed() const { return closed_; }

  void Close() { fd_.Reset(); }

 private:
  UniqueFd fd_;
  bool closed_ = false;
};

// A server whose answers are the requests between angle brackets.
class ControlServerTest : public testing::Test {
 protected:
  void Serve(Duration time = Duration::zero()) {
    now_ += time;
    server_.Serve(now_, [this](std::string_view request) {
      ++answered_;
      return EncodeFrame(answer_.empty() ? "<" + std::string(request) + ">" : answer_);
    });
  }

  TempDir dir_;
  std::string path_ = dir_.File("ctl");
  ControlServer server_ = ListenAt(path_);
  std::string answer_;  // instead
  int answered_ = 0;
  TimePoint now_ = Clock::now();
};

TEST_F(ControlServerTest, AnswersOneRequestPerTurnInTheirOrder) {
  Client client(path_);
  client.Send(EncodeFrame("a") + EncodeFrame("b"));
  Serve();
  EXPECT_EQ(client.Receive(), EncodeFrame("<a>"));
  EXPECT_LE(server_.next_deadline(), now_);
  Serve();
  EXPECT_EQ(client.Receive(), EncodeFrame("<b>"));
  EXPECT_GT(server_.next_deadline(), now_);
  EXPECT_FALSE(client.closed());
}

TEST_F(ControlServerTest, WaitsForTheRestOfARequest) {
  Client client(path_);
  const std::string frame = EncodeFrame("whole");
  client.Send(frame.substr(0, 6));
  Serve();
  EXPECT_EQ(client.Receive(), "");
  client.Send(frame.substr(6));
  Serve();
  EXPECT_EQ(client.Receive(), EncodeFrame("<whole>"));
}

TEST_F(ControlServerTest, WakesTheMasterForAClientAndForItsRequest) {
  const auto wakes = [this] {
    EventWait wait;
    server_.AddTo(wait, now_);
    const TimePoint deadline = Clock::now() + seconds(20);
    wait.Until(deadline);
    return Clock::now() < deadline;
  };
  const Client client(path_);
  EXPECT_TRUE(wakes());
  Serve();
  client.Send(EncodeFrame("x"));
  EXPECT_TRUE(wakes());
  Serve();
  EXPECT_EQ(answered_, 1);
}

TEST_F(ControlServerTest, RefusesARequestThatIsTooLongAndCloses) {
  Client client(path_);
  client.Send("\0\1\0\1"s);
  Serve();
  EXPECT_EQ(client.Receive(),
            EncodeFrame(R"({"id":null,"status":"error",)"
                        R"("error":"Invalid request: longer than 65536 bytes"})"));
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(answered_, 0);
}

TEST_F(ControlServerTest, TakesTheLongestRequest) {
  Client client(path_);
  const std::string request(kMaxControlRequest, 'x');
  const std::string frame = EncodeFrame(request);
  for (std::size_t at = 0; at < frame.size(); at += 8192) {
    client.Send(std::string_view(frame).substr(at, 8192));
    Serve();
  }
  Serve();
  EXPECT_EQ(client.Receive(), EncodeFrame("<" + request + ">"));
}

TEST_F(ControlServerTest, DropsAClientThatIsIdleForFiveMinutes) {
  Client client(path_);
  Serve();
  Serve(seconds(299));
  client.Receive();
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(server_.next_deadline(), now_ + seconds(1));
  Serve(seconds(1));
  client.Receive();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server_.next_deadline(), TimePoint::max());
}

TEST_F(ControlServerTest, KeepsAClientThatAsksNowAndThen) {
  Client client(path_);
  for (int i = 0; i < 3; ++i) {
    client.Send(EncodeFrame("x"));
    Serve(seconds(299));
    EXPECT_EQ(client.Receive(), EncodeFrame("<x>"));
  }
  EXPECT_FALSE(client.closed());
}

TEST_F(ControlServerTest, DropsAClientThatDoesNotRead) {
  answer_ = std::string(8U * 1024 * 1024, 'x');
  Client client(path_);
  client.Send(EncodeFrame("a") + EncodeFrame("b"));
  Serve();
  Serve(seconds(9));
  EXPECT_EQ(answered_, 1);
  EXPECT_EQ(server_.next_deadline(), now_ + seconds(1));
  Serve(seconds(1));
  client.Receive();
  EXPECT_TRUE(client.closed());
}

TEST_F(ControlServerTest, WritesALongAnswerAsItIsRead) {
  answer_ = std::string(2U * 1024 * 1024, 'x');
  Client client(path_);
  client.Send(EncodeFrame("a"));
  std::string received;
  while (received.size() < answer_.size() + 4 && !client.closed()) {
    Serve(seconds(9));
    received += client.Receive();
  }
  EXPECT_EQ(received, EncodeFrame(answer_));
}

TEST_F(ControlServerTest, ForgetsAClientThatLeft) {
  Client client(path_);
  client.Send("\0\0\0"s);
  Serve();
  client.Close();
  Serve();
  EXPECT_EQ(server_.next_deadline(), TimePoint::max());
}

TEST_F(ControlServerTest, SurvivesAClientThatLeavesBeforeItsAnswer) {
  Client client(path_);
  client.Send(EncodeFrame("x"));
  client.Close();
  Serve();
  EXPECT_EQ(answered_, 1);
  EXPECT_EQ(server_.next_deadline(), TimePoint::max());
}

TEST_F(ControlServerTest, RefusesMoreThanSixteenClientsAndSaysSo) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 16; ++i) {
    clients.push_back(std::make_unique<Client>(path_));
    Serve();
  }
  Client late(path_);
  Serve();
  EXPECT_EQ(late.Receive(), EncodeFrame(R"({"id":null,"status":"error",)"
                                        R"("error":"too many clients of the control socket"})"));
  EXPECT_TRUE(late.closed());
  clients.pop_back();
  Serve();
  Client next(path_);
  next.Send(EncodeFrame("x"));
  Serve();
  EXPECT_EQ(next.Receive(), EncodeFrame("<x>"));
}

TEST_F(ControlServerTest, PausesWhenThereIsNoDescriptorLeft) {
  rlimit former{};
  getrlimit(RLIMIT_NOFILE, &former);
  Serve();  // the sanitizer checks a first call with a descriptor
  Client client(path_);
  const rlimit none{.rlim_cur = 3, .rlim_max = former.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  Serve();
  setrlimit(RLIMIT_NOFILE, &former);
  EXPECT_EQ(server_.next_deadline(), now_ + seconds(1));
  client.Send(EncodeFrame("x"));
  Serve(seconds(1));
  EXPECT_EQ(client.Receive(), EncodeFrame("<x>"));
}

TEST_F(ControlServerTest, LeavesClientsAndFileToTheMasterInAChild) {
  Client client(path_);
  Serve();
  {
    ControlServer child = std::move(server_);
    child.LeaveInChild();
  }
  client.Receive();
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST(ControlSocketPath, StartsAtTheRuntimeDirectory) {
  EXPECT_EQ(ControlSocketPath("s.ctl", nullptr), "s.ctl");
  EXPECT_EQ(ControlSocketPath("s.ctl", ""), "s.ctl");
  EXPECT_EQ(ControlSocketPath("s.ctl", "/run/a"), "/run/a/s.ctl");
  EXPECT_EQ(ControlSocketPath("s.ctl", "/run/a:/run/b"), "/run/a/s.ctl");
  EXPECT_EQ(ControlSocketPath("/tmp/s.ctl", "/run/a"), "/tmp/s.ctl");
}

}  // namespace
}  // namespace sqlicorn
