// SPDX-License-Identifier: MIT
// Start: command line, configuration, processes.
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"
#include "tests/support/run_program.h"

namespace sqlicorn {
namespace {

TEST(Server, AnswersWithinASecondOfItsStart) {
  Site site;
  site.Start();  // the file is there, its pages are warm
  const TimePoint start = Clock::now();
  site.Start();
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(1));
  EXPECT_EQ(site.server().alive().size(), 3U);
}

TEST(PidFile, HoldsTheNumberOfTheMasterForAllToRead) {
  Site site;
  const std::string path = site.dir().File("pid");
  ServerProcess& server = site.Start({"-p", path});
  EXPECT_EQ(ReadFile(path).value(), fmt::format("{}\n", server.pid()));

  struct stat info {};

  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0644U);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(site.dir().Has("pid"));
}

// What the process says of itself before it serves.
class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() { EXPECT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), SiteConfig())); }

  [[nodiscard]] ProgramEnd Run(const std::string& arguments, const std::string& environment = "") {
    return RunSqlicorn(
        fmt::format("-c '{}' --set 'database.path={}' {}", site_.dir().File("sqlicorn.toml"),
                    site_.database_path(), arguments),
        environment);
  }

  // The line of --print-config about one setting.
  [[nodiscard]] std::string Printed(const std::string& key, const std::string& arguments,
                                    const std::string& environment) {
    const ProgramEnd end = Run("--print-config " + arguments, environment);
    EXPECT_EQ(end.exit_code, 0) << end.text;
    const std::size_t at = end.text.find("\n" + key + " = ");
    return at == std::string::npos ? ""
                                   : end.text.substr(at + 1, end.text.find('\n', at + 1) - at - 1);
  }

  Site site_;
};

TEST_F(CommandLineTest, EndsWithGunicornsExitCodes) {
  EXPECT_EQ(RunSqlicorn("--version").exit_code, 0);
  EXPECT_EQ(RunSqlicorn("--help").exit_code, 0);
  EXPECT_EQ(Run("--nonsense").exit_code, 2);
  EXPECT_EQ(Run("--workers many").exit_code, 2);
  EXPECT_EQ(Run("--workers -1").exit_code, 1);
  EXPECT_EQ(Run("--set server.loglevel=loud").exit_code, 1);
  EXPECT_EQ(Run("--check-config").exit_code, 0);
  EXPECT_EQ(Run("--check-config --set statements.count='SELECT nonsense'").exit_code, 1);
}

TEST_F(CommandLineTest, CheckConfigBindsNothing) {
  Site other;
  const int port = other.Start().port();
  const std::string bind = fmt::format("-b 127.0.0.1:{} ", port);
  EXPECT_EQ(Run("--check-config " + bind).exit_code, 0);
  EXPECT_EQ(Run("--check-config --set database.timeout=never " + bind).exit_code, 1);
}

// A log file of root's would keep the user out whom the server runs as.
TEST_F(CommandLineTest, CheckConfigLeavesNoLogFile) {
  const TempDir logs;
  const std::string flags =
      fmt::format("--log-file {} --access-logfile {}", logs.File("error"), logs.File("access"));
  EXPECT_EQ(Run("--check-config " + flags).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_empty(logs.path()));
  ASSERT_TRUE(WriteFile(logs.File("error"), "old"));
  EXPECT_EQ(Run("--check-config " + flags).exit_code, 0);
  EXPECT_TRUE(logs.Has("error"));
}

TEST_F(CommandLineTest, PrintsWhatEachSourceHasSet) {
  const std::string environment = "WEB_CONCURRENCY=9 PORT=8123 SQLICORN_CMD_ARGS='-t 44 -n them'";
  EXPECT_EQ(Printed("bind", "-n me", environment), R"(bind = ["0.0.0.0:8123"])");
  EXPECT_EQ(Printed("workers", "-n me", environment), "workers = 2") << "the file";
  EXPECT_EQ(Printed("timeout", "-n me", environment).substr(0, 12), "timeout = 44");
  EXPECT_EQ(Printed("proc_name", "-n me", environment), R"(proc_name = "me")");
  EXPECT_EQ(Printed("backlog", "-n me", environment), "backlog = 2048") << "the default";
}

// Relative paths, defaults of the environment and transaction = "default" have been resolved.
TEST_F(CommandLineTest, PrintsAConfigurationThatIsTheSameFromElsewhere) {
  ASSERT_TRUE(WriteFile(site_.dir().File("rich.toml"), R"toml(
[server]
bind = ["127.0.0.1:0", "unix:run/s.sock"]
keepalive = 0.1
umask = "0027"
raw_env = ["A=b c", "Q=\"'\\"]
pidfile = "p.pid"
access_log_format = "%(h)s \"%(r)s\" \u00e9\t%%"
control_socket = "c.ctl"
secure_scheme_headers = []
limit_request_line = 0
threads = 1
[database]
path = "a dir/\u00e9.db"
schema = ["s.sql"]
transaction_mode = "immediate"
max_hold = "1500us"
checkpointer = "inline"
[database.pragmas]
journal_mode = "WAL"
cache_size = -2000
foreign_keys = true
[statements]
"a.b" = """
SELECT 'x\\y' -- "q"
, 1e400, :t"""
[params.p]
t = { type = "text", default = "d\u0001\"" }
r = { type = "real", default = 1e300 }
i = { type = "integer", default = -9223372036854775808 }
n = { type = "text", nullable = true }
[[endpoint]]
path = "/x/"
methods = ["GET", "POST"]
params = "p"
transaction = "default"
steps = ["a.b", { think = "1500us" }]
respond = "rows"
)toml"));
  for (const char* source : {"rich.toml", "sqlicorn.toml"}) {
    const ProgramEnd first = RunSqlicorn(
        fmt::format("-c '{}' --set database.path=a.db --print-config", site_.dir().File(source)),
        "WEB_CONCURRENCY=3 PORT=8123 RUNTIME_DIRECTORY=/run/here");
    ASSERT_EQ(first.exit_code, 0) << first.text;
    const std::string copy = site_.dir().File("copy.toml");
    ASSERT_TRUE(WriteFile(copy, first.text));
    const std::string arguments = fmt::format("-c '{}' --print-config", copy);
    EXPECT_EQ(RunSqlicorn(arguments, "cd / && RUNTIME_DIRECTORY=/elsewhere").text, first.text);
  }
}

TEST(Workers, AreAsManyAsTheLastSourceSays) {
  Site site;
  const auto with_variable = [] { setenv("SQLICORN_CMD_ARGS", "-w 3", 1); };
  site.StartWith({.arguments = {"-w", "4"}, .in_child = with_variable}, 4);
  site.StartWith({.arguments = {}, .in_child = with_variable}, 3);
  site.StartWith({.arguments = {}}, 2);
}

TEST(Workers, MayBeNoneUntilTtin) {
  Site site;
  ServerProcess& server = site.Start({"-w", "0"}, 0);
  EXPECT_EQ(server.alive().size(), 1U);
  RawClient early(server.port());
  ASSERT_TRUE(early.Send(Get("/count/")));
  server.Signal(SIGTTIN);
  EXPECT_EQ(early.ReadAnswer().status, 200);
  EXPECT_EQ(server.workers().size(), 1U);
}

// "running" when its workers serve, or how it ended.
std::string EndUnderLimit(Site& site, rlim_t limit) {
  std::string end;
  ServerProcess& server =
      site.Launch({.config = SiteConfig(), .arguments = {"-w", "4"}, .in_child = [limit] {
                     const rlimit both{limit, limit};
                     setrlimit(RLIMIT_NOFILE, &both);
                   }});
  EXPECT_TRUE(WaitFor([&] {
    end = server.WaitForEnd(Duration::zero());
    return end != "running" || ServingWorkersOf(server.pid()).size() == 4;
  })) << limit
      << "\n"
      << server.log();
  return end;
}

TEST(DescriptorLimit, ThatIsTooLowIsFoundBeforeAnythingIsBound) {
  Site site;
  EXPECT_EQ(EndUnderLimit(site, 16), "exit 1");
  EXPECT_TRUE(Matches(site.server().log(),
                      "Error: a process may have 16 open files .*raise it: ulimit -n [0-9]+, or "
                      "LimitNOFILE=[0-9]+ of the service"))
      << site.server().log();
  EXPECT_EQ(site.server().port(), 0) << "it was bound";
  const std::string log = site.server().log();
  const auto named = static_cast<rlim_t>(std::atoi(log.c_str() + log.find("ulimit -n ") + 10));
  EXPECT_EQ(EndUnderLimit(site, named - 1), "exit 1");
  EXPECT_EQ(EndUnderLimit(site, named), "running");
}

TEST(DescriptorLimit, IsFoundByCheckConfig) {
  Site site;
  ServerProcess& server =
      site.Launch({.config = SiteConfig(), .arguments = {"--check-config"}, .in_child = [] {
                     const rlimit both{16, 16};
                     setrlimit(RLIMIT_NOFILE, &both);
                   }});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  EXPECT_TRUE(server.LogHas("Error: a process may have 16 open files (ulimit -n)"));
}

// Around the limits at which the workers, and then the write queue, can be had.
TEST(DescriptorLimit, OfOneMoreIsNeverWorse) {
  Site site;
  std::string end = "exit 1";
  rlim_t enough = 0;
  for (rlim_t limit = 6; limit < 56; ++limit) {
    end = EndUnderLimit(site, limit);
    enough = enough == 0 && end == "running" ? limit : enough;
    EXPECT_EQ(end, enough == 0 ? "exit 1" : "running") << limit << "\n" << site.server().log();
  }
  EXPECT_GT(enough, 0U) << "never enough";
}

}  // namespace
}  // namespace sqlicorn
