// SPDX-License-Identifier: MIT
// Settings that are well written and cannot be had on this machine: --check-config, a start and a
// reload refuse them with the same words.
#include <csignal>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/refusal.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

// "{}" stands for the site's directory.
struct Mistake {
  const char* name;
  const char* line;  // of [server]
  const char* error;

  friend void PrintTo(const Mistake& self, std::ostream* out) { *out << self.name; }
};

class ImpossibleSetting : public testing::TestWithParam<Mistake> {
 protected:
  ImpossibleSetting() { EXPECT_TRUE(WriteFile(site_.dir().File("file"), std::string(100, 'x'))); }

  [[nodiscard]] std::string Config() const {
    std::string lines = GetParam().line;
    for (std::size_t at = 0; (at = lines.find("{}")) != std::string::npos;) {
      lines.replace(at, 2, site_.dir().path());
    }
    const bool binds = lines.starts_with("bind");
    return SiteConfigWith(binds ? lines : "bind = [\"127.0.0.1:0\"]\n" + lines);
  }

  Site site_;
};

TEST_P(ImpossibleSetting, IsFoundByCheckConfig) {
  site_.Launch({.config = Config(), .arguments = {"--check-config"}, .bind = ""});
  ExpectRefusal(site_, "exit 1", GetParam().error);
}

TEST_P(ImpossibleSetting, StopsTheStartBeforeAnythingIsBound) {
  site_.Launch({.config = Config(), .bind = ""});
  ExpectRefusal(site_, "exit 1", GetParam().error);
  EXPECT_FALSE(site_.server().LogHas("in use"));
}

TEST_P(ImpossibleSetting, LeavesARunningServerAlone) {
  ServerProcess& server = site_.StartWith({.config = SiteConfigAt({"127.0.0.1:0"}), .bind = ""});
  const std::vector<pid_t> before = server.workers();
  ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), Config()));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas("[ERROR] Reload failed, the old configuration stays: ");
  })) << server.log();
  EXPECT_TRUE(Matches(server.log(), GetParam().error)) << server.log();
  EXPECT_EQ(server.workers(), before);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

const std::vector<Mistake> kMistakes = {
    {"PidfileWithoutDirectory", "pidfile = '/absent/pid'",
     "server\\.pidfile = '/absent/pid': cannot make it in '/absent': No such file or directory; "
     "make"},
    {"PidfileThatIsADirectory", "pidfile = '{}'",
     "server\\.pidfile = '.*': the file exists and is not a regular file; remove it"},
    {"PidfileThatHoldsSomethingElse", "pidfile = '{}/file'",
     "server\\.pidfile = '.*/file': a file that is too long to be a pid file is there; "
     "remove it or choose another path"},
    {"PidfileThatIsTheDatabase", "pidfile = '{}/./test.db'",
     "server\\.pidfile = '.*/test\\.db' is the same file as database\\.path \\('.*/test\\.db'\\); "
     "choose another path"},
    {"PidfileThatIsTheWriteAheadLog", "pidfile = '{}/test.db-wal'",
     "server\\.pidfile = '.*' is the same file as the '-wal' file of database\\.path"},
    {"PidfileThatIsTheConfiguration", "pidfile = '{}/sqlicorn.toml'",
     "server\\.pidfile = '.*' is the same file as the configuration file"},
    {"PidfileThatIsTheAccessLog", "pidfile = '{}/x'\naccesslog = '{}/x'",
     "server\\.accesslog = '.*/x' is the same file as server\\.pidfile"},
    {"ErrorLogThatIsTheDatabase", "errorlog = '{}/test.db'",
     "server\\.errorlog = '.*' is the same file as database\\.path"},
    {"AccessLogThatIsTheDatabase", "accesslog = '{}/test.db'",
     "server\\.accesslog = '.*' is the same file as database\\.path"},
    {"AccessLogThatIsTheSchema", "accesslog = '{}/schema.sql'",
     "server\\.accesslog = '.*' is the same file as database\\.schema"},
    {"ControlSocketThatIsTheDatabase", "control_socket = '{}/test.db'",
     "server\\.control_socket = '.*' is the same file as database\\.path"},
    {"UnixSocketThatIsTheControlSocket", "bind = ['unix:{}/s']\ncontrol_socket = '{}/s'",
     "server\\.bind = '.*/s' is the same file as server\\.control_socket"},
    {"ControlSocketWithoutDirectory", "control_socket = '/absent/ctl'",
     "server\\.control_socket = '/absent/ctl': cannot make it in '/absent': No such file"},
    {"ControlSocketWithALongPath",
     "control_socket = '/tmp/a-path-that-leaves-no-room-for-the-two-octets-that-an-upgrade-adds-"
     "behind-it-while-there-are-two-masters'",
     "server\\.control_socket = '/tmp/.*': the path has 109 bytes, and a socket's may have 105"},
    {"ControlSocketThatIsAFile", "control_socket = '{}/file'",
     "server\\.control_socket = '.*/file': the file exists and is not a socket; remove it"},
    {"ControlSocketBelowAFile", "control_socket = '{}/file/ctl'",
     "server\\.control_socket = '.*/file/ctl': cannot make it in '.*/file': Not a directory"},
    {"UnixSocketWithoutDirectory", "bind = ['unix:/absent/s']",
     "server\\.bind = 'unix:/absent/s': cannot make it in '/absent': No such file or directory"},
    {"TheSameAddress", "bind = ['127.0.0.1:8000', 'localhost']",
     "server\\.bind: '127\\.0\\.0\\.1:8000' and 'localhost' are the same address"},
    {"AnAddressWithinAnother", "bind = ['127.0.0.1:8000', ':8000']",
     "server\\.bind: '127\\.0\\.0\\.1:8000' and ':8000' are the same address, or one holds"},
    {"TheSameUnixSocket", "bind = ['unix:s', 'unix:./s']",
     "server\\.bind: 'unix:.*/s' and 'unix:.*/s' are the same address"},
    {"TheControlSocket", "bind = ['unix:s']\ncontrol_socket = './s'",
     "server\\.bind = '.*/s' is the same file as server\\.control_socket [(]'.*/s'[)]; choose"},
    {"ErrorLogWithoutDirectory", "errorlog = '/absent/e.log'",
     "server\\.errorlog: cannot open the log file '/absent/e\\.log': No such file or directory; "
     "make"},
    {"ErrorLogThatIsADirectory", "errorlog = '{}'",
     "server\\.errorlog: cannot open the log file '.*': Is a directory"},
    {"AccessLogWithoutDirectory", "accesslog = '/absent/a.log'",
     "server\\.accesslog: cannot open the access log '/absent/a\\.log': No such file or directory; "
     "make"},
    {"Chdir", "chdir = '/absent'",
     "can't chdir to '/absent': No such file or directory; make the directory or change "
     "server\\.chdir"},
    {"User", "user = 'nobdy'", "No such user: 'nobdy'; server\\.user takes"},
    {"Group", "group = 'nogrup'", "No such group: 'nogrup'; server\\.group takes"}};

INSTANTIATE_TEST_SUITE_P(Mistakes, ImpossibleSetting, testing::ValuesIn(kMistakes),
                         [](const auto& named) { return named.param.name; });

TEST(ImpossibleSettings, AreToldTogether) {
  Site site;
  ServerProcess& server =
      site.Launch({.config = SiteConfig(),
                   .arguments = {"--set", "server.pidfile=/absent/p", "--set",
                                 "server.control_socket=/absent/c", "-b", "unix:/absent/s"},
                   .bind = ""});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  for (const char* setting : {"server.pidfile", "server.control_socket", "server.bind"}) {
    EXPECT_TRUE(server.LogHas(std::string("Error: ") + setting + " = '")) << server.log();
  }
}

}  // namespace
}  // namespace sqlicorn
