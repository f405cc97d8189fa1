// SPDX-License-Identifier: MIT
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/preload.h"
#include "tests/integration/refusal.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

std::string Replace(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// SiteConfig with one thing wrong.
struct Mistake {
  const char* name;
  const char* from;
  const char* to;
  const char* error;

  friend void PrintTo(const Mistake& self, std::ostream* out) { *out << self.name; }
};

class WrongConfig : public testing::TestWithParam<Mistake> {};

TEST_P(WrongConfig, StopsTheStartWithItsPlace) {
  Site site;
  site.Launch({.config = Replace(SiteConfig(), GetParam().from, GetParam().to),
               .arguments = {"-p", site.dir().File("pid")}});
  ExpectRefusal(site, "exit 1", GetParam().error);
}

const std::vector<Mistake> kMistakes = {
    {"UnknownKey", "workers = 2", "wrokers = 2", R"(sqlicorn\.toml:3:1: .*wrokers.*workers)"},
    {"UnknownTable", "[server]", "[sever]", R"(sqlicorn\.toml:2:[0-9]+: .*sever.*server)"},
    {"WrongType", "workers = 2", "workers = \"two\"", R"(sqlicorn\.toml:3:[0-9]+: )"},
    {"BadValue", "scheduler = \"busy\"", "scheduler = \"bussy\"",
     R"(sqlicorn\.toml:8:[0-9]+: .*busy)"},
    {"NotToml", "workers = 2", "workers = = 2", R"(sqlicorn\.toml:3:[0-9]+: )"},
    {"MissingSchema", "schema.sql", "absent.sql", R"(absent\.sql)"},
    {"UnknownPragma",
     "journal_mode = ", "jornal_mode = ", R"(sqlicorn\.toml:11:[0-9]+: .*journal_mode)"},
    {"BadPragmaValue", "= \"wal\"", "= \"wall\"", R"(sqlicorn\.toml:11:[0-9]+: .*wall)"},
    {"UnknownTableInSql", "FROM note\"", "FROM noot\"",
     R"(sqlicorn\.toml:14:[0-9]+: .*'count'.*no such table: noot)"},
    {"UnknownColumnInSql", "note (name)", "note (nome)",
     R"(sqlicorn\.toml:15:[0-9]+: .*'add'.*nome)"},
    {"SyntaxErrorInSql", "SELECT count", "SELEKT count",
     R"(sqlicorn\.toml:14:[0-9]+: .*SELEKT.*at 1:1)"},
    {"UnknownParameter", ":name", ":nome", R"(sqlicorn\.toml:[0-9]+:[0-9]+: .*:nome)"},
    {"UnknownStatement", "steps = [\"add\"]", "steps = [\"ad\"]",
     R"(sqlicorn\.toml:[0-9]+:[0-9]+: .*'ad'.*add)"},
    {"UnknownParams", "params = \"note\"", "params = \"nota\"",
     R"(sqlicorn\.toml:[0-9]+:[0-9]+: .*nota.*note)"}};

INSTANTIATE_TEST_SUITE_P(Mistakes, WrongConfig, testing::ValuesIn(kMistakes),
                         [](const auto& named) { return named.param.name; });

TEST(Start, RefusesASchemaThatDoesNotRunAndRollsItBack) {
  Site site;
  ASSERT_TRUE(WriteFile(site.dir().File("schema.sql"),
                        "CREATE TABLE note (name TEXT);\nCREATE TABEL more (name TEXT);\n"));
  site.Launch({.config = SiteConfig(), .arguments = {"-p", site.dir().File("pid")}});
  ExpectRefusal(site, "exit 1", R"(schema\.sql:2:8: .*TABEL)");
  EXPECT_EQ(site.Ask("SELECT count(*) FROM sqlite_schema"), "0");
}

TEST(Start, RefusesAMissingConfigurationFile) {
  Site site;
  const std::string path = site.dir().File("sqlicorn.toml");
  site.Launch({.config = SiteConfig(), .in_child = [&path] { unlink(path.c_str()); }});
  ExpectRefusal(site, "exit 1", R"(sqlicorn\.toml.*No such file)");
}

TEST(Start, RefusesAnUnknownFlag) {
  Site site;
  site.Launch({.config = SiteConfig(), .arguments = {"--wrokers", "3"}});
  ExpectRefusal(site, "exit 2", "--wrokers");
}

TEST(Start, RefusesAFlagThatIsNoNumber) {
  Site site;
  site.Launch({.config = SiteConfig(), .arguments = {"-w", "three"}});
  ExpectRefusal(site, "exit 2", "--workers");
}

TEST(Start, RefusesAPortInUse) {
  Site other;
  const int port = other.Start().port();
  Site site;
  site.Launch({.config = SiteConfig(),
               .arguments = {"-p", site.dir().File("pid"), "--log-level", "debug"},
               .bind = fmt::format("127.0.0.1:{}", port),
               .in_child = [] { Preload("SQLICORN_FAULT_WAITS", "skipped"); }});
  ExpectRefusal(site, "exit 1", fmt::format("127\\.0\\.0\\.1:{}: .*in use", port));
  EXPECT_TRUE(site.server().LogHas(fmt::format("[ERROR] Connection in use: 127.0.0.1:{}\n", port)));
  EXPECT_EQ(CountOf(site.server().log(), "Retrying in 1 second."), 5U) << site.server().log();
}

TEST(Start, RefusesWhatWaitingCannotMakeAnAddress) {
  Site site;
  ASSERT_TRUE(WriteFile(site.dir().File("file"), "precious"));

  const struct {
    std::string bind;
    const char* error;
  } cases[] = {
      {"fd://63", "fd://63: descriptor 63 is not open"},
      {"fd://2", "fd://2: descriptor 2 is not a listening socket"},
      {"unix:" + site.dir().File("file"), "file': the file exists and is not a socket; remove it"},
      {"unix:" + site.dir().File("absent/s.sock"),
       "absent/s\\.sock': cannot make it in '.*/absent': No such file or directory; make"},
  };

  for (const auto& c : cases) {
    for (const char* flag : {"--no-daemon", "--check-config"}) {
      SCOPED_TRACE(c.bind + flag);
      site.Launch({.config = SiteConfig(),
                   .arguments = {"-p", site.dir().File("pid"), flag},
                   .bind = c.bind});
      ExpectRefusal(site, "exit 1", c.error);
      EXPECT_FALSE(site.server().LogHas("Retrying"));
    }
  }
}

TEST(Start, RefusesAPidFileThatALivingServerHolds) {
  Site site;
  const std::string pid_file = site.dir().File("pid");
  const pid_t holder = site.Start({"-p", pid_file}).pid();
  Site second;
  second.Launch({.config = SiteConfig(), .arguments = {"-p", pid_file}});
  ExpectRefusal(second, "exit 1", fmt::format("already running on pid {}", holder));
  EXPECT_EQ(ReadFile(pid_file).value(), fmt::format("{}\n", holder));
}

TEST(Start, ReplacesAStalePidFile) {
  for (const char* stale : {"", "garbage", "1\n", "999999999\n"}) {
    Site site;
    ASSERT_TRUE(WriteFile(site.dir().File("pid"), stale));
    const pid_t pid = site.Start({"-p", site.dir().File("pid")}).pid();
    EXPECT_EQ(ReadFile(site.dir().File("pid")).value(), fmt::format("{}\n", pid));
  }
}

// A database file that cannot be used, as `spoil` makes it.
struct BadDatabase {
  const char* name;
  void (*spoil)(const Site& site);
  const char* error;

  friend void PrintTo(const BadDatabase& self, std::ostream* out) { *out << self.name; }
};

void Overwrite(const Site& site, std::size_t offset, std::string_view with) {
  MakeValid(site);
  std::string bytes = ReadFile(site.database_path()).value();
  bytes.replace(offset, with.size(), with);
  ASSERT_TRUE(WriteFile(site.database_path(), bytes));
}

const std::vector<BadDatabase> kBadDatabases = {
    {"Garbage",
     [](const Site& site) { ASSERT_TRUE(WriteFile(site.database_path(), "no database at all")); },
     "not a SQLite database"},
    {"BrokenHeader", [](const Site& site) { Overwrite(site, 0, "SQLITE"); },
     "not a SQLite database"},
    {"BrokenFirstPage", [](const Site& site) { Overwrite(site, 100, std::string(4000, '\xff')); },
     "malformed"},
    {"Truncated",
     [](const Site& site) {
       MakeValid(site);
       std::filesystem::resize_file(site.database_path(), 700);
     },
     "malformed|not a database"},
    {"Directory", [](const Site& site) { std::filesystem::create_directory(site.database_path()); },
     "directory"},
    {"LostBesideItsLog",
     [](const Site& site) {
       ASSERT_TRUE(WriteFile(site.database_path() + "-wal", std::string(5000, 'x')));
     },
     "write-ahead log"}};

class UnusableDatabase : public testing::TestWithParam<BadDatabase> {};

TEST_P(UnusableDatabase, StopsTheStartAndIsLeftAsItWas) {
  Site site;
  GetParam().spoil(site);
  const bool is_file = std::filesystem::is_regular_file(site.database_path());
  const std::string before = is_file ? ReadFile(site.database_path()).value() : "";
  ServerProcess& server =
      site.Launch({.config = SiteConfig(), .arguments = {"-p", site.dir().File("pid")}});
  EXPECT_EQ(server.WaitForEnd(), "exit 1");
  const std::vector<std::string> lines = ErrorLines(server);
  ASSERT_EQ(lines.size(), 1U) << server.log();
  EXPECT_TRUE(Matches(lines.front(), GetParam().error)) << lines.front();
  EXPECT_NE(lines.front().find("test.db"), std::string::npos) << lines.front();
  EXPECT_FALSE(site.dir().Has("pid"));
  EXPECT_EQ(is_file ? ReadFile(site.database_path()).value() : "", before);
}

INSTANTIATE_TEST_SUITE_P(Databases, UnusableDatabase, testing::ValuesIn(kBadDatabases),
                         [](const auto& named) { return named.param.name; });

TEST(Start, RefusesAJournalModeThatCannotBeHad) {
  Site site;
  SqliteFile holder(site.database_path());
  holder.Run("CREATE TABLE note (name TEXT NOT NULL); BEGIN; SELECT * FROM note;");
  site.Launch({.config = SiteConfig(), .arguments = {"--set", "database.timeout=0.3"}});
  ExpectRefusal(site, "exit 1",
                R"(sqlicorn\.toml:11:[0-9]+: pragma journal_mode: wanted wal, found )");
}

TEST(Start, RefusesADirectoryThatIsMissing) {
  Site site;
  site.Launch({.config = SiteConfig(), .arguments = {"--set", "database.path=absent/test.db"}});
  ExpectRefusal(site, "exit 1", "absent");
}

}  // namespace
}  // namespace sqlicorn
