// SPDX-License-Identifier: MIT
#include "master/service/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

// A service manager: a datagram socket that hears what it is sent.
class Manager {
 public:
  // `address` as in NOTIFY_SOCKET.
  explicit Manager(const std::string& address)
      : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.data(), address.size());
    if (address[0] == '@') {
      name.sun_path[0] = '\0';
    }
    const auto length = offsetof(sockaddr_un, sun_path) + address.size();
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<sockaddr*>(&name), static_cast<socklen_t>(length)),
              0)
        << std::strerror(errno);
  }

  // "" when there is nothing.
  std::string Hear() {
    std::array<char, 1024> text{};
    const ssize_t got = recv(fd_.get(), text.data(), text.size(), 0);
    return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : "";
  }

 private:
  UniqueFd fd_;
};

TEST(ServiceNotifier, SpeaksToAPathAndToAnAbstractAddress) {
  const TempDir dir;
  for (const std::string& address :
       {dir.File("notify"), fmt::format("@sqlicorn-test-{}", getpid())}) {
    Manager manager(address);
    auto notifier = ServiceNotifier::Open(address);
    ASSERT_TRUE(notifier) << notifier.error().message;
    notifier->Send("READY=1\nSTATUS=fine");
    notifier->SendMainPid(123);
    EXPECT_EQ(manager.Hear(), "READY=1\nSTATUS=fine") << address;
    EXPECT_EQ(manager.Hear(), "MAINPID=123") << address;
  }
}

TEST(ServiceNotifier, KeepsForLaterWhatTheManagerHasNoRoomFor) {
  const TempDir dir;
  Manager manager(dir.File("notify"));
  auto notifier = ServiceNotifier::Open(dir.File("notify"));
  ASSERT_TRUE(notifier);
  // More than net.unix.max_dgram_qlen of any usual system, less than it keeps beside that.
  std::size_t heard = 0;
  for (int sent = 0; sent < 20; ++sent) {
    notifier->Send(std::to_string(sent));
  }
  for (int round = 0; round < 20; ++round) {
    for (std::string text = manager.Hear(); !text.empty(); text = manager.Hear()) {
      EXPECT_EQ(text, std::to_string(heard));
      ++heard;
    }
    notifier->Flush();
  }
  EXPECT_EQ(heard, 20U);
}

TEST(ServiceNotifier, LosesWhatNobodyHears) {
  const TempDir dir;
  auto notifier = ServiceNotifier::Open(dir.File("nobody"));
  ASSERT_TRUE(notifier);
  notifier->Send("lost");
  Manager manager(dir.File("nobody"));
  notifier->Send("heard");
  EXPECT_EQ(manager.Hear(), "heard");
}

TEST(ServiceNotifier, RefusesAnAddressOfAnotherKind) {
  for (const std::string& address :
       {std::string(), std::string("relative"), std::string("vsock:2:1234"), std::string("@"),
        "/" + std::string(200, 'x')}) {
    const auto notifier = ServiceNotifier::Open(address);
    ASSERT_FALSE(notifier) << address;
    EXPECT_EQ(notifier.error().message,
              "NOTIFY_SOCKET: '" + address + "' is no absolute path and no '@' address");
  }
}

using Variables = std::map<std::string, std::string>;

ServiceEnvironment Read(const Variables& variables) {
  return ServiceEnvironment::Read(
      [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      42);
}

TEST(ServiceEnvironment, HasTheSocket) {
  EXPECT_EQ(Read({}).notify_socket, "");
  EXPECT_EQ(Read({{"NOTIFY_SOCKET", "/run/n"}}).notify_socket, "/run/n");
}

TEST(ServiceEnvironment, HasTheWatchdogThatIsMeantForUs) {
  using std::chrono::seconds;
  EXPECT_EQ(Read({{"WATCHDOG_USEC", "15000000"}}).watchdog, seconds(15));
  EXPECT_EQ(Read({{"WATCHDOG_USEC", "15000000"}, {"WATCHDOG_PID", "42"}}).watchdog, seconds(15));
  for (const Variables& variables :
       std::vector<Variables>{{},
                              {{"WATCHDOG_PID", "42"}},
                              {{"WATCHDOG_USEC", "15000000"}, {"WATCHDOG_PID", "43"}},
                              {{"WATCHDOG_USEC", "15000000"}, {"WATCHDOG_PID", "x"}},
                              {{"WATCHDOG_USEC", "0"}},
                              {{"WATCHDOG_USEC", "-1"}},
                              {{"WATCHDOG_USEC", "15s"}}}) {
    EXPECT_EQ(Read(variables).watchdog, std::nullopt);
  }
}

TEST(ServiceEnvironment, HandsAllButThePidToASuccessor) {
  EXPECT_TRUE(ServiceEnvironment::IsOfOneProcess("WATCHDOG_PID=42"));
  EXPECT_FALSE(ServiceEnvironment::IsOfOneProcess("WATCHDOG_USEC=15000000"));
  EXPECT_FALSE(ServiceEnvironment::IsOfOneProcess("NOTIFY_SOCKET=/run/n"));
}

TEST(ServiceEnvironment, IsForgotten) {
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    setenv(name, "1", 1);
  }
  ServiceEnvironment::Forget();
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(std::getenv(name), nullptr);
  }
}

}  // namespace
}  // namespace sqlicorn
