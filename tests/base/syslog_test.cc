// SPDX-License-Identifier: MIT
#include "common/base/syslog.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {
namespace {

using namespace std::string_literals;

// The end of a daemon: a socket bound to `address`, listening if it is a stream.
UniqueFd BindTo(int type, const SocketAddress& address) {
  UniqueFd fd(socket(address.family(), type | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), 1), 0);
  }
  return fd;
}

bool Readable(int fd) {
  pollfd ask{fd, POLLIN, 0};
  return poll(&ask, 1, 5000) == 1;
}

std::string Receive(int fd) {
  std::array<char, 65536> buffer{};
  const ssize_t got = Readable(fd) ? recv(fd, buffer.data(), buffer.size(), 0) : 0;
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "";
}

UniqueFd Accept(const UniqueFd& listener) {
  return UniqueFd(Readable(listener.get()) ? accept(listener.get(), nullptr, nullptr) : -1);
}

Syslog Connect(const std::string& target, const char* facility = "user") {
  return Syslog(
      {ParseSyslogTarget(target).value(), ParseSyslogFacility(facility).value(), "sqlicorn.app"},
      "error");
}

std::string Expected(int priority, std::string_view message) {
  return fmt::format("<{}>sqlicorn.app.error: [{}] {}\0", priority, getpid(), message) + "\0"s;
}

TEST(Syslog, SendsGunicornsDatagramOverUdp) {
  const UniqueFd daemon = BindTo(SOCK_DGRAM, SocketAddress::Ip("127.0.0.1", 0).value());
  const int port = SocketAddress::LocalOf(daemon.get()).port();
  Syslog syslog = Connect(fmt::format("udp://localhost:{}", port), "LOCAL3");
  syslog.Send(SyslogSeverity::kInfo, "one");
  syslog.Send(SyslogSeverity::kWarning, "two");
  syslog.Send(SyslogSeverity::kError, "three");
  EXPECT_EQ(Receive(daemon.get()), Expected(158, "one"));
  EXPECT_EQ(Receive(daemon.get()), Expected(156, "two"));
  EXPECT_EQ(Receive(daemon.get()), Expected(155, "three"));
}

TEST(Syslog, FindsAUnixDaemonThatWasRestarted) {
  const TempDir dir;
  const std::string path = dir.File("log");
  Syslog syslog = Connect("unix://" + path);
  syslog.Send(SyslogSeverity::kInfo, "nobody there");
  for (const char* message : {"one", "two"}) {
    unlink(path.c_str());
    const UniqueFd daemon = BindTo(SOCK_DGRAM, SocketAddress::Unix(path).value());
    syslog.Send(SyslogSeverity::kInfo, message);
    EXPECT_EQ(Receive(daemon.get()), Expected(14, message));
  }
}

TEST(Syslog, SpeaksToAUnixStreamUnasked) {
  const TempDir dir;
  const UniqueFd daemon = BindTo(SOCK_STREAM, SocketAddress::Unix(dir.File("log")).value());
  Syslog syslog = Connect("unix://" + dir.File("log"));
  syslog.Send(SyslogSeverity::kInfo, "one");
  const UniqueFd connection = Accept(daemon);
  EXPECT_EQ(Receive(connection.get()), Expected(14, "one"));
}

TEST(Syslog, ConnectsOverTcpAndAgainAfterABreak) {
  const UniqueFd daemon = BindTo(SOCK_STREAM, SocketAddress::Ip("127.0.0.1", 0).value());
  const int port = SocketAddress::LocalOf(daemon.get()).port();
  Syslog syslog = Connect(fmt::format("tcp://127.0.0.1:{}", port));
  syslog.Send(SyslogSeverity::kCritical, "one");
  UniqueFd connection = Accept(daemon);
  EXPECT_EQ(Receive(connection.get()), Expected(10, "one"));
  connection.Reset();
  EXPECT_TRUE(WaitFor([&] {
    syslog.Send(SyslogSeverity::kInfo, "again");
    pollfd ask{daemon.get(), POLLIN, 0};
    return poll(&ask, 1, 0) == 1;
  }));
}

TEST(Syslog, LosesMessagesRatherThanWaitForADaemonThatDoesNotRead) {
  const TempDir dir;
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const std::string path = dir.File(std::to_string(type));
    const UniqueFd daemon = BindTo(type, SocketAddress::Unix(path).value());
    Syslog syslog = Connect("unix://" + path);
    for (int i = 0; i < 2000; ++i) {
      syslog.Send(SyslogSeverity::kInfo, std::string(1000, 'x'));
    }
  }
}

TEST(SyslogTarget, IsReadWithItsDefaults) {
  struct Case {
    const char* text;
    const char* address;
    SyslogTransport transport;
  };

  const std::array<Case, 9> cases = {{
      {"udp://localhost:514", "127.0.0.1:514", SyslogTransport::kDatagram},
      {"udp://10.0.0.1", "10.0.0.1:514", SyslogTransport::kDatagram},
      {"udp://[::1]:5", "[::1]:5", SyslogTransport::kDatagram},
      {"udp://[::1]", "[::1]:514", SyslogTransport::kDatagram},
      {"tcp://10.0.0.1:601", "10.0.0.1:601", SyslogTransport::kStream},
      {"unix:///dev/log", "unix:/dev/log", SyslogTransport::kEither},
      {"unix:///dev/log#dgram", "unix:/dev/log", SyslogTransport::kDatagram},
      {"unix:///dev/log#stream", "unix:/dev/log", SyslogTransport::kStream},
      {"unix://rel", "unix:rel", SyslogTransport::kEither},
  }};
  for (const Case& c : cases) {
    const auto target = ParseSyslogTarget(c.text);
    ASSERT_TRUE(target) << c.text;
    EXPECT_EQ(target->address.ToString(), c.address);
    EXPECT_EQ(target->transport, c.transport) << c.text;
  }
}

TEST(SyslogTarget, RefusesWhatItCannotReach) {
  for (const char* text :
       {"", "localhost:514", "udp://", "udp://logs.example:514", "udp://1.2.3.4:0",
        "udp://1.2.3.4:x", "udp://1.2.3.4:65536", "udp://[::1", "udp://::1:514", "tls://1.2.3.4"}) {
    const auto target = ParseSyslogTarget(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().message,
              fmt::format("'{}' is not a syslog address: write udp://IP:PORT, tcp://IP:PORT or "
                          "unix://PATH[#dgram|#stream]",
                          text));
  }
  EXPECT_FALSE(ParseSyslogTarget("unix://"));
}

TEST(SyslogFacility, HasItsNumber) {
  EXPECT_EQ(ParseSyslogFacility("user").value(), 1);
  EXPECT_EQ(ParseSyslogFacility("AuthPriv").value(), 10);
  EXPECT_EQ(ParseSyslogFacility("local7").value(), 23);
}

TEST(SyslogFacility, UnknownIsAnErrorWithASuggestion) {
  EXPECT_EQ(ParseSyslogFacility("deamon").error().message,
            "'deamon' is not a syslog facility (did you mean 'daemon'?)");
}

std::string Probe(const std::string& target) {
  const Status found = ProbeSyslog({ParseSyslogTarget(target).value(), 1, "sqlicorn.app"});
  return found ? "" : found.error().message;
}

UniqueFd BoundTo(const SocketAddress& address, int type) {
  UniqueFd fd(socket(address.family(), type | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), 1), 0);
  }
  return fd;
}

TEST(SyslogProbe, FindsADaemonAtAUnixSocketOfEitherKind) {
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const TempDir dir;
    const std::string path = dir.File("log");
    EXPECT_EQ(Probe("unix://" + path), "unix:" + path + ": No such file or directory");
    {
      const UniqueFd daemon = BoundTo(SocketAddress::Unix(path).value(), type);
      EXPECT_EQ(Probe("unix://" + path), "");
      const bool stream = type == SOCK_STREAM;
      EXPECT_EQ(Probe("unix://" + path + (stream ? "#dgram" : "#stream")),
                "unix:" + path + ": Protocol wrong type for socket");
    }
    EXPECT_EQ(Probe("unix://" + path), "unix:" + path + ": Connection refused");
  }
}

TEST(SyslogProbe, FindsADaemonAtAPortOfThisMachine) {
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const char* const scheme = type == SOCK_DGRAM ? "udp" : "tcp";
    UniqueFd daemon = BoundTo(any, type);
    const std::string at = SocketAddress::LocalOf(daemon.get()).ToString();
    EXPECT_EQ(Probe(fmt::format("{}://{}", scheme, at)), "");
    daemon.Reset();
    EXPECT_EQ(Probe(fmt::format("{}://{}", scheme, at)), at + ": Connection refused");
  }
}

}  // namespace

}  // namespace sqlicorn
