// SPDX-License-Identifier: MIT
// The control sockets of two masters (USR2).
#include <sys/socket.h>

#include <csignal>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/json/json_text.h"
#include "tests/integration/control_site.h"

namespace sqlicorn {
namespace {

// The socket of another program.
UniqueFd Listening(const std::string& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress address = SocketAddress::Unix(path).value();
  EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
  EXPECT_EQ(listen(fd.get(), 1), 0);
  return fd;
}

TEST(Control, FollowsTheMasterThroughAnUpgrade) {
  ControlSite control;
  const pid_t first = control.server().pid();
  control.server().Signal(SIGUSR2);
  ASSERT_TRUE(WaitFor([&] { return control.server().CountWorkersOfAll() == 4; }));
  EXPECT_TRUE(control.site().dir().Has("ctl.2"));
  EXPECT_EQ(control.Data("show stats")["pid"], first);
  ASSERT_EQ(control.Data("shutdown")["status"], "shutting_down");
  ASSERT_EQ(control.server().WaitForEnd(), "exit 0");
  EXPECT_TRUE(WaitFor([&] { return !control.site().dir().Has("ctl.2"); }));
  EXPECT_NE(control.Data("show stats")["pid"], first);
}

TEST(Control, IsRidOfTheSocketOfAKilledSecondMaster) {
  ControlSite control;
  const pid_t first = control.server().pid();
  const std::string second_path = control.path() + ".2";
  const auto pid_of_second = [&] {
    const Said said = RunControl(fmt::format("-s {} --json show stats", second_path));
    const auto data = JsonOf(said.text);
    return said.exit_code == 0 ? data["pid"].get<pid_t>() : 0;
  };
  pid_t before = first;
  for (int upgrade = 0; upgrade < 2; ++upgrade) {
    control.server().Signal(SIGUSR2);
    ASSERT_TRUE(WaitFor([&] { return control.server().CountWorkersOfAll() == 4; }));
    const pid_t second = pid_of_second();
    EXPECT_NE(second, before);
    before = second;
    kill(second, SIGKILL);
    EXPECT_TRUE(WaitFor([&] { return !control.site().dir().Has("ctl.2"); }));
    ASSERT_TRUE(WaitFor([&] { return control.server().CountWorkersOfAll() == 2; }));
  }
  EXPECT_EQ(control.Data("show stats")["pid"], first);
  // Left by one whose first master was killed too.
  ASSERT_GE(Listening(second_path).get(), 0);
  control.server().Signal(SIGUSR2);
  ASSERT_TRUE(WaitFor([&] { return control.server().CountWorkersOfAll() == 4; }));
  EXPECT_NE(pid_of_second(), 0);
}

}  // namespace
}  // namespace sqlicorn
