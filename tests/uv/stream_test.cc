// SPDX-License-Identifier: MIT
#include "common/uv/stream.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "common/uv/watchers.h"

namespace sqlicorn {
namespace {

class Recorder : public StreamListener {
 public:
  void OnData(std::string_view data) override {
    received += data;
    if (on_data) {
      on_data();
    }
  }

  void OnReadEnd(int errno_value) override { read_end = errno_value; }

  void OnDrained() override { drained = true; }

  void OnConnected(int errno_value) override { connected = errno_value; }

  std::string received;
  std::function<void()> on_data;
  std::optional<int> read_end;
  std::optional<int> connected;
  bool drained = false;
};

struct SocketPair {
  SocketPair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
    ours = UniqueFd(fds[0]);
    peer = UniqueFd(fds[1]);
    fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  }

  UniqueFd ours;
  UniqueFd peer;
};

std::string ReadUntilEof(int fd) {
  std::string all;
  std::array<char, 65536> buffer{};
  ssize_t got = 0;
  while ((got = read(fd, buffer.data(), buffer.size())) > 0) {
    all.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return all;
}

TEST(Stream, KnowsOfDataThatItHasNotDelivered) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->StartReading();
  EXPECT_FALSE(stream->HasUnread());
  ASSERT_EQ(write(pair.peer.get(), "hello", 5), 5);
  EXPECT_TRUE(stream->HasUnread());
  pair.peer.Reset();
  loop.Run();
  EXPECT_FALSE(stream->HasUnread());
}

TEST(Stream, DeliversDataThenTheEnd) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->StartReading();
  ASSERT_EQ(write(pair.peer.get(), "hello", 5), 5);
  pair.peer.Reset();
  loop.Run();
  EXPECT_EQ(recorder.received, "hello");
  EXPECT_EQ(recorder.read_end, 0);
}

TEST(Stream, QueuesWhatTheKernelDoesNotTakeAndSendsItAll) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  const std::string big(4 << 20, 'x');
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->Write(big);
  stream->Write("end");
  EXPECT_GT(stream->queued_bytes(), 0U);
  stream->ShutdownWrite();
  // The peer reads in a process of its own, so that the loop meets a full socket first.
  const pid_t reader = fork();
  if (reader == 0) {
    _exit(ReadUntilEof(pair.peer.get()) == big + "end" ? 0 : 1);
  }
  pair.peer.Reset();
  loop.Run();
  int status = -1;
  waitpid(reader, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(recorder.drained);
}

// The octets that the peer gets of writes to a socket of a small buffer, by the loop.
std::string Exchanged(const std::function<void(Stream&)>& write) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  const int small = 16384;
  setsockopt(pair.ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  auto peer = Stream::Adopt(loop, std::move(pair.peer), &recorder);
  peer->StartReading();
  write(*stream);
  stream->ShutdownWrite();
  loop.Run();
  EXPECT_EQ(stream->queued_memory(), 0U);
  return recorder.received;
}

TEST(Stream, TakesABodyThatTheKernelDoesNotTake) {
  std::string body(1 << 20, 'b');
  const char* const octets = body.data();
  const std::string all = "head" + body + "next";
  EXPECT_EQ(Exchanged([&](Stream& stream) {
              stream.Write("head", std::move(body));
              EXPECT_NE(body.data(), octets) << "moved, not copied";
              EXPECT_EQ(stream.queued_memory(), 1U << 20U);
              stream.Write("next");
            }),
            all);
}

TEST(Stream, LeavesABodyThatTheKernelTakes) {
  std::string body(100, 'b');
  const std::string all = "head" + body;
  EXPECT_EQ(Exchanged([&](Stream& stream) {
              stream.Write("head", std::move(body));
              EXPECT_EQ(body.size(), 100U);
            }),
            all);
}

TEST(Stream, KeepsTheOrderOfHeadsAndBodies) {
  const std::string large(300000, 'l');
  EXPECT_EQ(Exchanged([&](Stream& stream) {
              stream.Write(large + "1", std::string(100000, 'a'));
              stream.Write("2", std::string(100000, 'b'));
              stream.Write("3", std::string());
              stream.Write("", std::string("4"));
            }),
            large + "1" + std::string(100000, 'a') + "2" + std::string(100000, 'b') + "34");
}

TEST(Stream, ReportsABreakToAListenerThatDoesNotRead) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->Write(std::string(4 << 20, 'x'));
  pair.peer.Reset();
  loop.Run();
  EXPECT_EQ(recorder.read_end, EPIPE);
  EXPECT_FALSE(recorder.drained);
}

TEST(Stream, ReadsOnceARoundOfTheLoop) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  const std::string big(loop.read_buffer().size() * 3, 'x');
  const int room = static_cast<int>(big.size() * 2);
  setsockopt(pair.peer.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
  int reads = 0;
  int most = 0;
  recorder.on_data = [&] { most = std::max(most, ++reads); };
  const RoundHook hook(loop, [&] { reads = 0; });
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->StartReading();
  ASSERT_EQ(write(pair.peer.get(), big.data(), big.size()), static_cast<ssize_t>(big.size()));
  pair.peer.Reset();
  loop.Run();
  EXPECT_EQ(recorder.received.size(), big.size());
  EXPECT_EQ(recorder.read_end, 0);
  EXPECT_EQ(most, 1);
}

TEST(Stream, TellsAResetFromTheEndOfInput) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  shutdown(pair.peer.get(), SHUT_WR);
  EXPECT_FALSE(stream->IsReset());
  pair.peer.Reset();
  EXPECT_TRUE(stream->IsReset());
}

TEST(Stream, KnowsOfAFailedWriteAtOnce) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  stream->Write("hello");
  EXPECT_FALSE(stream->write_failed());
  pair.peer.Reset();
  stream->Write("anyone?");
  EXPECT_TRUE(stream->write_failed());
  EXPECT_FALSE(recorder.read_end.has_value());
  loop.Run();
  EXPECT_EQ(recorder.read_end, EPIPE);
}

TEST(Stream, MayBeDestroyedInsideItsDataCallback) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  recorder.on_data = [&] { stream.reset(); };
  stream->StartReading();
  ASSERT_EQ(write(pair.peer.get(), "bye", 3), 3);
  loop.Run();
  EXPECT_EQ(recorder.received, "bye");
  EXPECT_EQ(ReadUntilEof(pair.peer.get()), "");
}

TEST(Stream, ReportsARefusedConnection) {
  Loop loop;
  Recorder recorder;
  // A bound socket that does not listen: its port is ours, and nobody answers there.
  const UniqueFd bound(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  ASSERT_EQ(bind(bound.get(), any.raw(), any.length()), 0);
  const auto stream = Stream::Connect(loop, SocketAddress::LocalOf(bound.get()), &recorder).value();
  loop.Run();
  EXPECT_EQ(recorder.connected, ECONNREFUSED);
}

TEST(Stream, SwallowsWritesToABrokenPeer) {
  Loop loop;
  SocketPair pair;
  Recorder recorder;
  auto stream = Stream::Adopt(loop, std::move(pair.ours), &recorder);
  pair.peer.Reset();
  stream->StartReading();
  stream->Write("anyone?");
  loop.Run();
  EXPECT_TRUE(recorder.read_end.has_value());
}

}  // namespace
}  // namespace sqlicorn
