// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/integration/log_testing.h"
#include "tests/integration/site.h"
#include "tests/support/access_time.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

// A site whose two logs are files in its directory; the error log is standard error as well, which
// is where the harness reads it.
class Logs : public testing::Test {
 protected:
  ServerProcess& Start(std::vector<std::string> arguments, std::size_t workers = 2) {
    arguments.insert(arguments.begin(), {"--access-logfile", access_path_});
    return site_.Start(arguments, workers);
  }

  // Waits for the line of the access log that holds `text`.
  std::string AccessLineWith(const std::string& text) const {
    std::string found;
    EXPECT_TRUE(WaitFor([&] {
      for (const std::string& line : LinesOf(ContentOf(access_path_))) {
        found = line.find(text) != std::string::npos ? line : found;
      }
      return !found.empty();
    })) << text
        << " is not in: " << ContentOf(access_path_);
    return found;
  }

  HttpAnswer Ask(const std::string& request) {
    return RawClient(site_.server().port()).Ask(request);
  }

  Site site_;
  std::string access_path_ = site_.dir().File("access.log");
};

constexpr const char* kErrorLine =
    "^\\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}\\] \\[[0-9]+\\] "
    "\\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\\] ";

// Behaviour 66.
TEST_F(Logs, EachErrorLineHasGunicornsFormat) {
  ServerProcess& server = Start({"--log-level", "debug"});
  static_cast<void>(Ask("BAD\r\n\r\n"));
  server.Signal(SIGWINCH);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  for (const std::string& line : LinesOf(server.log())) {
    EXPECT_TRUE(Matches(line, kErrorLine)) << line;
  }
}

TEST_F(Logs, OfTheJournalHavePrioritiesAndNeitherTimeNorProcess) {
  ServerProcess& server = site_.StartWith({.arguments = {"--log-level", "debug"}, .in_child = [] {
                                             struct stat journal {};

                                             fstat(STDERR_FILENO, &journal);
                                             const std::string stream = fmt::format(
                                                 "{}:{}", journal.st_dev, journal.st_ino);
                                             setenv("JOURNAL_STREAM", stream.c_str(), 1);
                                           }});
  static_cast<void>(Ask("BAD\r\n\r\n"));
  kill(server.workers().front(), SIGABRT);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("\n<2>Aborted worker (pid:"); })) << server.log();
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("\n<4>Worker (pid:"); })) << server.log();
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(server.LogHas("\n<6>Shutting down: Master\n"));
  for (const std::string& line : LinesOf(server.log())) {
    EXPECT_TRUE(Matches(line, "^<[24567]>[^\\[]")) << line;
  }
}

TEST_F(Logs, ThatAreNotTheJournalStayAsTheyAre) {
  ServerProcess& server = site_.StartWith({.in_child = [] { setenv("JOURNAL_STREAM", "1:2", 1); }});
  EXPECT_TRUE(Matches(LinesOf(server.log()).front(), kErrorLine)) << server.log();
}

TEST(WrongConfiguration, HasACodeOfItsOwnForAServiceManager) {
  Site site;
  const auto end_of = [&](std::function<void()> in_child) {
    return site
        .Launch({.config = SiteConfig(),
                 .arguments = {"--set", "server.wrokers=1"},
                 .in_child = std::move(in_child)})
        .WaitForEnd();
  };
  EXPECT_EQ(end_of([] { unsetenv("NOTIFY_SOCKET"); }), "exit 1");
  EXPECT_EQ(end_of([] { setenv("SYSTEMD_EXEC_PID", "1", 1); }), "exit 1");
  EXPECT_EQ(end_of([] { setenv("NOTIFY_SOCKET", "/nonexistent", 1); }), "exit 78");
  EXPECT_EQ(end_of([] { setenv("SYSTEMD_EXEC_PID", std::to_string(getpid()).c_str(), 1); }),
            "exit 78");
}

// What stays wrong until somebody changes it, and what may be otherwise at the next try.
TEST(WrongSql, HasThatCodeTooUnlessChanceIsAtFault) {
  Site site;
  std::string config = SiteConfig();
  config.insert(config.find("count = "), "more = \"SELECT nope FROM note\"\n");
  const auto end = [&] {
    return site
        .Launch({.config = config,
                 .arguments = {"--set", "database.timeout=0.2"},
                 .in_child = [] { setenv("NOTIFY_SOCKET", "/nonexistent", 1); }})
        .WaitForEnd();
  };
  EXPECT_EQ(end(), "exit 78");
  SqliteFile foreign(site.database_path());
  foreign.Run("BEGIN EXCLUSIVE");
  EXPECT_EQ(end(), "exit 1");
}

// Behaviour 67.
TEST_F(Logs, TheDefaultAccessLineIsGunicornsByteForByte) {
  Start({});
  EXPECT_EQ(Ask("GET /count/?a=%20b HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\n"
                "User-Agent: say \"hi\"\r\n\r\n")
                .status,
            200);
  EXPECT_EQ(WithoutAccessTime(AccessLineWith("a=%20b")),
            "127.0.0.1 - - [T] \"GET /count/?a=%20b HTTP/1.1\" 200 13 \"http://r/\" "
            "\"say \\\"hi\\\"\"");
  EXPECT_EQ(Ask("GET /none/ HTTP/1.0\r\n\r\n").status, 404);
  EXPECT_EQ(WithoutAccessTime(AccessLineWith("/none/")),
            "127.0.0.1 - - [T] \"GET /none/ HTTP/1.0\" 404 56 \"-\" \"-\"");
}

// Behaviour 68.
TEST_F(Logs, AFormatRendersHeadersDurationsAndTheProcess) {
  ServerProcess& server = Start(
      {"--access-logformat", "%({x-forwarded-for}i)s %({content-type}o)s %(D)s %(M)s %(L)s %(p)s"});
  EXPECT_EQ(Ask("GET /count/ HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n").status,
            200);
  const std::string line = AccessLineWith("192.0.2.7");
  EXPECT_TRUE(
      Matches(line, "^192\\.0\\.2\\.7 application/json [0-9]+ [0-9]+ [0-9]+\\.[0-9]{6} <[0-9]+>$"))
      << line;
  const std::vector<pid_t> workers = server.workers();
  EXPECT_NE(std::find(workers.begin(), workers.end(), std::stoi(line.substr(line.find('<') + 1))),
            workers.end());
}

TEST_F(Logs, AJsonLineIsOneObject) {
  Start({"--access-logformat", "json"});
  EXPECT_EQ(
      Ask("GET /count/?x=\"%0a\" HTTP/1.1\r\nHost: h\r\nUser-Agent: a\"\\\xff\r\n\r\n").status,
      200);
  const auto object = JsonOf(AccessLineWith("%0a"));
  ASSERT_TRUE(object.is_object());
  EXPECT_EQ(object["status"], 200);
  EXPECT_EQ(object["user_agent"], "a\"\\\xEF\xBF\xBD");
  EXPECT_GE(object["duration_us"], 1);
}

TEST_F(Logs, ABadFormatKeepsTheServerFromStarting) {
  ServerProcess& server =
      site_.Launch({.config = SiteConfig(), .arguments = {"--access-logformat", "%(h"}});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  EXPECT_TRUE(server.LogHas("server.access_log_format: cannot read '%(h': the ')' is missing"))
      << server.log();
}

TEST_F(Logs, AnUnknownFacilityKeepsTheServerFromStarting) {
  ServerProcess& server =
      site_.Launch({.config = SiteConfig(), .arguments = {"--log-syslog-facility", "local8"}});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  EXPECT_TRUE(server.LogHas("'local8' is not a syslog facility (did you mean 'local0'?)"))
      << server.log();
}

// Both logs in files, and what reopens them.
class Rotation : public testing::Test {
 protected:
  [[nodiscard]] std::string Path(const char* name) const { return site_.dir().File(name); }

  void RenameBoth() const {
    EXPECT_EQ(std::rename(Path("error.log").c_str(), Path("error.old").c_str()), 0);
    EXPECT_EQ(std::rename(Path("access.log").c_str(), Path("access.old").c_str()), 0);
  }

  void Start(const std::vector<std::string>& more = {}) {
    port_ = UnusedPort();
    std::vector<std::string> arguments = {"--error-logfile", Path("error.log"), "--access-logfile",
                                          Path("access.log")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    server_ = &site_.Launch({.config = SiteConfig(),
                             .arguments = arguments,
                             .bind = fmt::format("127.0.0.1:{}", port_)});
    ASSERT_TRUE(WaitFor([&] {
      return RawClient(port_).Ask(Get("/count/")).status == 200 && server_->workers().size() == 2;
    })) << server_->log();
  }

  // Requests go on until lines of both workers are in the new access log.
  bool EveryWorkerLogsAnew(const std::vector<pid_t>& workers) const {
    return WaitFor([&] {
      EXPECT_EQ(RawClient(port_).Ask(Get("/count/?who=after")).status, 200);
      const std::string text = ContentOf(Path("access.log"));
      return std::all_of(workers.begin(), workers.end(), [&](pid_t pid) {
        return text.find(fmt::format("<{}>", pid)) != std::string::npos;
      });
    });
  }

  Site site_;
  ServerProcess* server_ = nullptr;
  int port_ = 0;
};

// Behaviour 16.
TEST_F(Rotation, Usr1MakesMasterAndEveryWorkerGoOnInNewFiles) {
  Start({"--access-logformat", "%(p)s"});
  const std::vector<pid_t> workers = server_->workers();
  RenameBoth();
  server_->Signal(SIGUSR1);
  EXPECT_TRUE(EveryWorkerLogsAnew(workers)) << ContentOf(Path("access.log"));
  EXPECT_EQ(server_->workers(), workers);
  // The handling of the signal itself is still told to the old file.
  EXPECT_NE(ContentOf(Path("error.old")).find("Handling signal: usr1"), std::string::npos);
  const std::string old_text = ContentOf(Path("error.old"));
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->WaitForEnd(), "exit 0");
  const std::string text = ContentOf(Path("error.log"));
  EXPECT_NE(text.find("Shutting down: Master"), std::string::npos) << text;
  for (const pid_t pid : workers) {
    EXPECT_NE(text.find(fmt::format("Worker exiting (pid: {})", pid)), std::string::npos) << text;
  }
  EXPECT_EQ(ContentOf(Path("error.old")), old_text);
}

TEST_F(Rotation, HupDoesTooWithNewWorkers) {
  Start({"--access-logformat", "%(p)s"});
  RenameBoth();
  server_->Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    return ContentOf(Path("error.log")).find("Reload done: 2 workers") != std::string::npos;
  })) << ContentOf(Path("error.log"));
  EXPECT_TRUE(WaitFor([&] { return server_->workers().size() == 2; }));
  EXPECT_TRUE(EveryWorkerLogsAnew(server_->workers()));
}

TEST_F(Rotation, OfAFileThatCannotBeOpenedKeepsTheOldOneAndSaysSo) {
  Start();
  const std::vector<pid_t> workers = server_->workers();
  ASSERT_EQ(std::rename(Path("access.log").c_str(), Path("access.old").c_str()), 0);
  ASSERT_EQ(mkdir(Path("access.log").c_str(), 0755), 0);
  server_->Signal(SIGUSR1);
  for (const pid_t pid : workers) {
    EXPECT_TRUE(WaitFor([&] {
      const std::string text = ContentOf(Path("error.log"));
      return text.find(fmt::format("[{}] [ERROR] cannot open the access log '{}': Is a directory; "
                                   "the old one stays in use",
                                   pid, Path("access.log"))) != std::string::npos;
    })) << ContentOf(Path("error.log"));
  }
  EXPECT_EQ(RawClient(port_).Ask(Get("/count/?who=after")).status, 200);
  EXPECT_TRUE(WaitFor(
      [&] { return ContentOf(Path("access.old")).find("who=after") != std::string::npos; }));
  EXPECT_EQ(server_->workers(), workers);
}

}  // namespace
}  // namespace sqlicorn
