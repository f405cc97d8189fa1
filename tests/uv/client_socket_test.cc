// SPDX-License-Identifier: MIT
#include "common/uv/client_socket.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/uv/receive_lag.h"
#include "common/uv/watchers.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

class Recorder : public StreamListener {
 public:
  void OnConnected(int errno_value) override {
    connected = errno_value;
    if (on_connected) {
      on_connected();
    }
  }

  void OnData(std::string_view data) override {
    received += data;
    if (on_data) {
      on_data();
    }
  }

  void OnReadEnd(int errno_value) override { read_end = errno_value; }

  std::function<void()> on_connected;
  std::function<void()> on_data;
  std::string received;
  std::optional<int> connected;
  std::optional<int> read_end;
};

UniqueFd Listen() {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  EXPECT_EQ(bind(fd.get(), any.raw(), any.length()), 0);
  EXPECT_EQ(listen(fd.get(), 16), 0);
  return fd;
}

void SendAll(int fd, std::string_view octets) {
  ASSERT_EQ(write(fd, octets.data(), octets.size()), static_cast<ssize_t>(octets.size()));
}

std::string ReadSome(int fd) {
  std::array<char, 4096> buffer{};
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  return {buffer.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

void ResetPeer(UniqueFd* peer) {
  const linger at_once{1, 0};
  setsockopt(peer->get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  peer->Reset();
}

// A client that is connected, and its peer.
class ClientSocketTest : public testing::Test {
 protected:
  void Open(ReceiveLag* lag = nullptr) {
    socket_ =
        ClientSocket::Connect(loop_, SocketAddress::LocalOf(listener_.get()), &recorder_).value();
    socket_->MeasureLag(lag);
    EXPECT_FALSE(recorder_.connected.has_value());
    recorder_.on_connected = [this] { loop_.Stop(); };
    loop_.Run();
    ASSERT_EQ(recorder_.connected, 0);
    recorder_.on_connected = nullptr;
    peer_ = UniqueFd(accept(listener_.get(), nullptr, nullptr));
    socket_->StartReading();
  }

  Loop loop_;
  UniqueFd listener_ = Listen();
  Recorder recorder_;
  std::unique_ptr<ClientSocket> socket_;
  UniqueFd peer_;
};

TEST_F(ClientSocketTest, AsksAndIsAnsweredThenHearsTheEnd) {
  Open();
  socket_->Write("question");
  EXPECT_EQ(ReadSome(peer_.get()), "question");
  EXPECT_TRUE(socket_->IsSilent());
  SendAll(peer_.get(), "answer");
  EXPECT_TRUE(socket_->HasUnread());
  EXPECT_FALSE(socket_->IsSilent());
  peer_.Reset();
  loop_.Run();  // ends: nothing is to be heard any more
  EXPECT_EQ(recorder_.received, "answer");
  EXPECT_EQ(recorder_.read_end, 0);
}

TEST_F(ClientSocketTest, TellsWhatCameBeforeAReset) {
  Open();
  SendAll(peer_.get(), "answer");
  ResetPeer(&peer_);
  loop_.Run();
  EXPECT_EQ(recorder_.received, "answer");
  EXPECT_EQ(recorder_.read_end, ECONNRESET);
}

TEST_F(ClientSocketTest, SendsWhatTheKernelDoesNotTakeInOrder) {
  Open();
  const std::string large(8 << 20, 'x');
  socket_->Write(large);
  socket_->Write("end");
  // The peer reads in a process of its own, so that the loop meets a full socket first.
  const pid_t reader = fork();
  if (reader == 0) {
    std::string all;
    while (all.size() < large.size() + 3) {
      all += ReadSome(peer_.get());
    }
    _exit(all == large + "end" && write(peer_.get(), "all", 3) == 3 ? 0 : 1);
  }
  peer_.Reset();
  loop_.Run();
  int status = -1;
  waitpid(reader, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(recorder_.received, "all");
}

TEST_F(ClientSocketTest, KnowsOfAFailedWriteAtOnceAndHearsOfItsEnd) {
  Open();
  ResetPeer(&peer_);
  socket_->Write("anyone?");
  EXPECT_TRUE(socket_->write_failed());
  EXPECT_FALSE(recorder_.read_end.has_value());
  loop_.Run();
  EXPECT_TRUE(recorder_.read_end.has_value());
}

TEST_F(ClientSocketTest, KnowsThatThePeerHadClosedBefore) {
  Open();
  peer_.Reset();
  socket_->Write("too late");  // answered with a reset
  EXPECT_TRUE(socket_->WasClosedBefore());
}

TEST_F(ClientSocketTest, EndsInsideItsCallbacks) {
  Open();
  recorder_.on_data = [this] { socket_.reset(); };
  SendAll(peer_.get(), "bye");
  loop_.Run();
  EXPECT_EQ(recorder_.received, "bye");
  EXPECT_EQ(ReadSome(peer_.get()), "");
  recorder_.on_connected = [this] { socket_.reset(); };
  socket_ =
      ClientSocket::Connect(loop_, SocketAddress::LocalOf(listener_.get()), &recorder_).value();
  loop_.Run();
  EXPECT_EQ(socket_, nullptr);
}

TEST_F(ClientSocketTest, ReadsOnceARoundOfTheLoop) {
  Open();
  const std::string large(loop_.read_buffer().size() * 3, 'x');
  const int room = static_cast<int>(large.size() * 2);
  setsockopt(peer_.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
  int reads = 0;
  int most = 0;
  recorder_.on_data = [&] { most = std::max(most, ++reads); };
  const RoundHook hook(loop_, [&] { reads = 0; });
  SendAll(peer_.get(), large);
  peer_.Reset();
  loop_.Run();
  EXPECT_EQ(recorder_.received.size(), large.size());
  EXPECT_EQ(most, 1);
}

TEST_F(ClientSocketTest, LooksHowLongAnswersLay) {
  std::vector<Duration> lags;
  ReceiveLag lag(1, [&](Duration one) { lags.push_back(one); });
  Open(&lag);
  recorder_.on_data = [this] { loop_.Stop(); };
  const auto ask = [this] {
    socket_->Write("question");
    SendAll(peer_.get(), "answer");
    loop_.Run();
  };
  // The kernel stamps nothing before it has patched itself for the first socket that wants it.
  for (const TimePoint deadline = Clock::now() + 10s; lags.empty() && Clock::now() < deadline;) {
    ask();
  }
  lags.clear();
  for (int i = 0; i < 3; ++i) {
    ask();
    SendAll(peer_.get(), "more");  // nobody asked: not looked at
    loop_.Run();
  }
  ASSERT_EQ(lags.size(), 3U);
  EXPECT_GE(lags[0], 0ns);
  EXPECT_LT(lags[0], 10s);
}

TEST(ClientSocket, ReportsARefusedConnection) {
  Loop loop;
  Recorder recorder;
  // A bound socket that does not listen: its port is ours, and nobody answers there.
  const UniqueFd bound(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  ASSERT_EQ(bind(bound.get(), any.raw(), any.length()), 0);
  const auto socket =
      ClientSocket::Connect(loop, SocketAddress::LocalOf(bound.get()), &recorder).value();
  EXPECT_FALSE(recorder.connected.has_value());
  loop.Run();
  EXPECT_EQ(recorder.connected, ECONNREFUSED);
}

TEST(ClientSocket, ReportsAUnixSocketThatIsNotThere) {
  Loop loop;
  Recorder recorder;
  const auto socket =
      ClientSocket::Connect(loop, SocketAddress::Unix("/nowhere/socket").value(), &recorder)
          .value();
  EXPECT_FALSE(recorder.connected.has_value());
  loop.Run();
  EXPECT_EQ(recorder.connected, ENOENT);
}

}  // namespace
}  // namespace sqlicorn
