// SPDX-License-Identifier: MIT
#include "master/sockets/listeners.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "tests/config/config_testing.h"
#include "tests/master/master_testing.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

ServerSettings Settings(const std::vector<std::string>& bind) {
  ServerSettings settings;
  settings.bind = bind;
  return settings;
}

Result<Listeners> Bind(const std::vector<std::string>& bind) {
  return Listeners::Bind(Settings(bind));
}

std::string NameOfFd(int fd) {
  return SocketAddress::LocalOf(fd).ToString();
}

bool Answers(const SocketAddress& address) {
  const UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(fd.get(), address.raw(), address.length()) == 0;
}

class ListenersTest : public testing::Test {
 protected:
  // A socket of another program at the path.
  UniqueFd OwnSocket(int type) {
    UniqueFd fd(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    const SocketAddress address = SocketAddress::Unix(path_).value();
    EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
    return fd;
  }

  [[nodiscard]] bool Exists() const { return std::filesystem::exists(path_); }

  TempDir directory_;
  std::string path_ = directory_.File("s.sock");
  std::string unix_ = "unix:" + path_;
};

TEST_F(ListenersTest, ListenAtEveryAddressAndShowThePortTheKernelChose) {
  const auto listeners = Bind({"127.0.0.1:0", unix_});
  ASSERT_TRUE(listeners) << ErrorOf(listeners);
  const std::vector<int> fds = listeners->fds();
  ASSERT_EQ(fds.size(), 2U);
  const SocketAddress tcp = SocketAddress::LocalOf(fds[0]);
  EXPECT_NE(tcp.port(), 0);
  EXPECT_EQ(listeners->ToString(), fmt::format("http://127.0.0.1:{},unix:{}", tcp.port(), path_));
  EXPECT_TRUE(Answers(tcp));
  EXPECT_TRUE(Answers(SocketAddress::LocalOf(fds[1])));
  EXPECT_NE(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ListenersTest, AreGoneAfterClose) {
  auto listeners = Bind({"127.0.0.1:0", unix_});
  ASSERT_TRUE(listeners);
  const SocketAddress tcp = SocketAddress::LocalOf(listeners->fds()[0]);
  listeners->Close();
  EXPECT_TRUE(listeners->fds().empty());
  EXPECT_FALSE(Answers(tcp));
  EXPECT_FALSE(Exists());
}

TEST_F(ListenersTest, RefuseAPortInUseAndLeaveNothingBound) {
  const auto other = Bind({"127.0.0.1:0"});
  ASSERT_TRUE(other);
  const std::string taken = NameOfFd(other->fds()[0]);
  EXPECT_EQ(ErrorOf(Bind({unix_, taken})),
            fmt::format("cannot listen at {}: the address is in use; stop the other server or "
                        "choose another one with bind",
                        taken));
  EXPECT_FALSE(Exists());
}

TEST_F(ListenersTest, SayWhoMayHaveAPortBelow1024) {
  const auto first = ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  if (geteuid() != 0 || (first && *first != "1024\n")) {
    GTEST_SKIP() << "every port may be had here, or root cannot become another user";
  }
  EXPECT_EQ(InChild([] {
              const bool other = setgid(65534) == 0 && setuid(65534) == 0;
              const std::string error = ErrorOf(Bind({"127.0.0.1:81"}));
              return other && error.ends_with("or choose a port from 1024 on") ? 0 : 1;
            }),
            0);
}

TEST_F(ListenersTest, LeaveNothingBoundWhenAnAddressIsNone) {
  EXPECT_FALSE(Bind({unix_, "name.invalid:80"}));
  EXPECT_FALSE(Exists());
}

TEST_F(ListenersTest, ReplaceASocketFileWhoseOwnerIsGone) {
  OwnSocket(SOCK_STREAM).Reset();
  ASSERT_TRUE(Exists());
  const auto listeners = Bind({unix_});
  ASSERT_TRUE(listeners) << ErrorOf(listeners);
  EXPECT_TRUE(Answers(SocketAddress::Unix(path_).value()));
}

TEST_F(ListenersTest, RefuseASocketFileWithALivingOwner) {
  const UniqueFd owner = OwnSocket(SOCK_STREAM);
  ASSERT_EQ(listen(owner.get(), 0), 0);
  const std::string error = fmt::format(
      "cannot listen at {}: the address is in use; stop the other server or choose "
      "another one with bind",
      unix_);
  // The second and third find a queue that is full.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ErrorOf(Bind({unix_})), error);
  }
  EXPECT_TRUE(Exists());
}

TEST_F(ListenersTest, RefuseASocketOfAnotherKind) {
  const UniqueFd owner = OwnSocket(SOCK_DGRAM);
  EXPECT_EQ(ErrorOf(Bind({unix_})),
            fmt::format("cannot listen at {}: Protocol wrong type for socket", unix_));
  EXPECT_TRUE(Exists());
}

TEST_F(ListenersTest, RefuseAFileThatIsNoSocket) {
  ASSERT_TRUE(WriteFile(path_, "precious"));
  EXPECT_EQ(ErrorOf(Bind({unix_})),
            fmt::format("cannot listen at {}: the file exists and is not a socket", unix_));
  EXPECT_EQ(ReadFile(path_).value(), "precious");
}

TEST_F(ListenersTest, AskAgainOnlyWhereWaitingCanHelp) {
  const UniqueFd owner = OwnSocket(SOCK_STREAM);
  ASSERT_EQ(listen(owner.get(), 8), 0);
  std::vector<std::string> obstacles;
  const auto twice = [&](std::string_view obstacle) {
    obstacles.emplace_back(obstacle);
    return obstacles.size() < 2;
  };
  EXPECT_FALSE(Listeners::Bind(Settings({unix_}), {}, twice));
  EXPECT_EQ(obstacles, std::vector<std::string>(2, "Connection in use: " + unix_));
  obstacles.clear();
  EXPECT_FALSE(Listeners::Bind(Settings({"192.0.2.1:80"}), {}, twice));
  EXPECT_EQ(obstacles, std::vector<std::string>(2, "Invalid address: 192.0.2.1:80"));
  obstacles.clear();
  EXPECT_FALSE(Listeners::Bind(Settings({"unix:/nowhere/at/all.sock"}), {}, twice));
  EXPECT_FALSE(Listeners::Bind(Settings({"fd://3"}), {}, twice));
  EXPECT_TRUE(obstacles.empty());
}

TEST_F(ListenersTest, GetAnAddressThatBecomesFree) {
  UniqueFd owner = OwnSocket(SOCK_STREAM);
  ASSERT_EQ(listen(owner.get(), 8), 0);
  const auto listeners = Listeners::Bind(Settings({unix_}), {}, [&](std::string_view /*obstacle*/) {
    owner.Reset();
    return true;
  });
  ASSERT_TRUE(listeners) << ErrorOf(listeners);
  EXPECT_TRUE(Answers(SocketAddress::Unix(path_).value()));
}

TEST_F(ListenersTest, KeepWhatBothConfigurationsHave) {
  auto former = Bind({"127.0.0.1:0", unix_});
  ASSERT_TRUE(former);
  const std::string other = directory_.File("other.sock");
  auto latter = Listeners::Rebind(Settings({"unix:" + other, "127.0.0.1:0"}), {}, *former);
  ASSERT_TRUE(latter) << ErrorOf(latter);
  EXPECT_EQ(latter->fds()[1], former->fds()[0]);
  former->Close();
  EXPECT_FALSE(Exists());
  EXPECT_TRUE(std::filesystem::exists(other));
  EXPECT_TRUE(Answers(SocketAddress::LocalOf(latter->fds()[1])));
}

TEST_F(ListenersTest, GiveUpNoSharedSocketWhenABindFails) {
  const auto former = Bind({"127.0.0.1:0", unix_});
  ASSERT_TRUE(former);
  EXPECT_FALSE(Listeners::Rebind(Settings({unix_, "unix:/nowhere/at/all.sock"}), {}, *former));
  EXPECT_TRUE(Exists());
  EXPECT_TRUE(Answers(SocketAddress::Unix(path_).value()));
}

TEST_F(ListenersTest, LeaveTheFileToTheMasterThatStillListensThere) {
  auto listeners = Bind({unix_});
  ASSERT_TRUE(listeners);
  listeners->Close(SocketFiles::kKeep);
  EXPECT_TRUE(Exists());
}

TEST_F(ListenersTest, LeaveTheFileOfASocketFromOutside) {
  UniqueFd owner = OwnSocket(SOCK_STREAM);
  ASSERT_EQ(listen(owner.get(), 8), 0);
  {
    const auto adopted =
        Listeners::Adopt({.from = Inheritance::From::kOutside, .listeners = {owner.Release()}});
    EXPECT_TRUE(adopted.from_outside());
    EXPECT_EQ(adopted.ToString(), unix_);
    EXPECT_EQ(fcntl(adopted.fds()[0], F_GETFD), FD_CLOEXEC);
    EXPECT_NE(fcntl(adopted.fds()[0], F_GETFL) & O_NONBLOCK, 0);
  }
  EXPECT_TRUE(Exists());
}

TEST_F(ListenersTest, ChangeTheBacklogOfASocketThatListens) {
  auto listeners = Bind({"127.0.0.1:0"});
  ASSERT_TRUE(listeners);
  listeners->SetBacklog(7);
  tcp_info info{};
  socklen_t length = sizeof(info);
  ASSERT_EQ(getsockopt(listeners->fds()[0], IPPROTO_TCP, TCP_INFO, &info, &length), 0);
  EXPECT_EQ(info.tcpi_sacked, 7U);  // of a listening socket: the backlog
}

TEST_F(ListenersTest, ShareAPortWithAnotherServerOnlyWhenBothWantIt) {
  ServerSettings settings = Settings({"127.0.0.1:0"});
  settings.reuse_port = true;
  const auto first = Listeners::Bind(settings);
  ASSERT_TRUE(first);
  settings.bind = {NameOfFd(first->fds()[0])};
  EXPECT_TRUE(Listeners::Bind(settings));
  settings.reuse_port = false;
  EXPECT_FALSE(Listeners::Bind(settings));
}

}  // namespace
}  // namespace sqlicorn
