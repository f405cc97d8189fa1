// SPDX-License-Identifier: MIT
#include "common/base/syslog_probe.h"

#include <sys/socket.h>

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

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
