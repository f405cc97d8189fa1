// SPDX-License-Identifier: MIT
#include "common/config/value.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

TEST(Place, ShowsLineAndColumnWhereThereAreAny) {
  EXPECT_EQ((Place{"etc/a.toml", 12, 5}).ToString(), "etc/a.toml:12:5");
  EXPECT_EQ((Place{"--set database.timeout"}).ToString(), "--set database.timeout");
}

TEST(FindMember, FindsByExactName) {
  const Value root = Toml("a = 1\nb = 2");
  EXPECT_EQ(std::get<std::int64_t>(FindMember(std::get<Table>(root.data), "b")->data), 2);
  EXPECT_EQ(FindMember(std::get<Table>(root.data), "B"), nullptr);
}

TEST(Describe, NamesTypeAndValueOnOneLine) {
  const Value root = Toml(R"(a = [true, 5, 1.0, "x\ny", [], [1], {}])");
  std::vector<std::string> texts;
  for (const Value& value : std::get<Array>(Member(root, "a").data)) {
    texts.push_back(Describe(value));
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"the boolean true", "the integer 5", "the number 1.0",
                                             R"(the string "x\ny")", "an empty list", "a list",
                                             "a table"}));
}

TEST(Describe, CutsALongStringBetweenCharacters) {
  const Value value{Place{}, std::string(59, 'x') + "\u00e9\u00e9"};
  EXPECT_EQ(Describe(value), "the string \"" + std::string(59, 'x') + "...\"");
}

TEST(Faults, AreAllToldInTheOrderOfTheFile) {
  const auto config = Build(
      "[[endpoint]]\npath = \"read\"\nsteps = [\"seek\", { think = \"9h\" }]\n"
      "[[endpoint]]\npath = \"/a\"\nparams = \"row\"\nsteps = [\"empty\"]\n"
      "[params.row]\nx = { type = \"reel\", default = 5 }\ny = 7\nz = { nullable = 1 }\n"
      "[statements]\nempty = \"\"\n"
      "[database.pragmas]\nsynchronous = \"of\"\njournal_mode = 9\n"
      "[server]\nwrokers = 4\ntimeout = -1\nbind = \"nowhere:x\"\nthreads = 2\n");
  EXPECT_EQ(
      ErrorOf(config),
      "t.toml:2:1: endpoint.path must be a path that begins with '/', in ASCII, without spaces, ? "
      "and #, not the string \"read\"\n"
      "t.toml:3:10: endpoint.steps: unknown statement 'seek'\n"
      "t.toml:3:20: endpoint.steps.think must be 1us to 10s, not 32400s\n"
      "t.toml:9:7: params.row.x.type must be one of text, integer, real, boolean, blob, json, "
      "date, timestamp, not the string \"reel\" "
      "(did you mean 'real'?)\n"
      "t.toml:10:1: params.row.y must be a table, not the integer 7\n"
      "t.toml:11:1: [params.row.z] needs 'type'\n"
      "t.toml:11:7: params.row.z.nullable must be true or false, not the integer 1\n"
      "t.toml:13:1: statements.empty must be an SQL statement, not the string \"\"\n"
      "t.toml:14:2: [database] needs 'path'\n"
      "t.toml:15:1: database.pragmas.synchronous must be one of off, normal, full, extra, not the "
      "string \"of\" (did you mean 'off'?)\n"
      "t.toml:16:1: database.pragmas.journal_mode must be one of delete, truncate, persist, wal, "
      "memory, off, not the integer 9\n"
      "t.toml:18:1: unknown key 'wrokers' in [server] (did you mean 'workers'?)\n"
      "t.toml:19:1: server.timeout must be 0 to 31536000, not -1\n"
      "t.toml:20:1: server.bind: 'nowhere:x' is not a bind address: write IP:PORT, [IPv6]:PORT, "
      "localhost:PORT, :PORT, unix:PATH or fd://N\n"
      "t.toml:21:1: server.threads is a setting of gunicorn without a meaning here: a worker is "
      "one thread; use workers");
}

TEST(Faults, OfTheTopLevelHideWhatMayFollowFromThemAlone) {
  EXPECT_EQ(ErrorOf(Build("[databse]\npath = \"a.db\"\n[statments]\ns = \"SELECT 1\"\n"
                          "[server]\nworkers = 0.5\n"
                          "[[endpoint]]\npath = \"/\"\nsteps = [\"s\"]\n")),
            "t.toml:1:2: unknown key 'databse' at the top level (did you mean 'database'?)\n"
            "t.toml:3:2: unknown key 'statments' at the top level (did you mean 'statements'?)\n"
            "t.toml:6:1: server.workers must be an integer, not the number 0.5");
}

TEST(Faults, OfAStatementOrAFieldAreNoneOfTheEndpointThatNamesIt) {
  EXPECT_EQ(ErrorOf(Build("[database]\npath = \"a.db\"\n[statements]\ns = 5\n"
                          "[params.p]\nx = 6\n"
                          "[[endpoint]]\npath = \"/\"\nparams = \"p\"\nsteps = [\"s\"]\n")),
            "t.toml:4:1: statements.s must be a string, not the integer 5\n"
            "t.toml:6:1: params.p.x must be a table, not the integer 6");
}

TEST(Faults, AreToldTwentyAtATime) {
  std::string text = "[database]\npath = \"a.db\"\n";
  for (int i = 0; i < 50; ++i) {
    text += fmt::format("unknown_{} = 1\n", i);
  }
  const std::string error = ErrorOf(Build(text));
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 20);
  EXPECT_TRUE(error.ends_with("t.toml:22:1: unknown key 'unknown_19' in [database]\nand 30 more"))
      << error;
}

TEST(Faults, OfAFlagComeBeforeThoseOfTheFile) {
  Faults faults;
  faults.Add(Place{"t.toml", 1, 1}, "b");
  faults.Add(Place{"--workers"}, "a");
  EXPECT_EQ(ErrorOf(faults.ToStatus()), "--workers: a\nt.toml:1:1: b");
  EXPECT_EQ(ErrorOf(Faults().ToStatus()), "");
}

const Value kFive{Place{"--set k"}, std::int64_t{5}};

TEST(ApplyOverride, ReplacesAValueInItsPlace) {
  Value root = Toml("[server]\nworkers = 1\ntimeout = 30\n");
  ASSERT_TRUE(ApplyOverride(root, "server.workers", kFive));
  const auto& server = std::get<Table>(Member(root, "server").data);
  EXPECT_EQ(server.at(0).key, "workers");
  EXPECT_EQ(std::get<std::int64_t>(server.at(0).value.data), 5);
  EXPECT_EQ(server.at(0).value.place.ToString(), "--set k");
  EXPECT_EQ(server.size(), 2U);
}

TEST(ApplyOverride, MakesTheTablesOnTheWay) {
  Value root = Toml("");
  ASSERT_TRUE(ApplyOverride(root, "a.b.c", kFive));
  EXPECT_EQ(std::get<std::int64_t>(Member(Member(Member(root, "a"), "b"), "c").data), 5);
}

TEST(ApplyOverride, KeepsDotsInsideQuotes) {
  Value root = Toml("");
  ASSERT_TRUE(ApplyOverride(root, R"(params."a.b".'c.d')", kFive));
  EXPECT_EQ(std::get<std::int64_t>(Member(Member(Member(root, "params"), "a.b"), "c.d").data), 5);
}

TEST(ApplyOverride, RefusesAWayThroughSomethingElse) {
  Value root = Toml("[server]\nworkers = 1\n[[endpoint]]\n");
  EXPECT_EQ(ErrorOf(ApplyOverride(root, "server.workers.x", kFive)),
            "--set k: cannot set server.workers.x: server.workers (t.toml:2:1) is the integer 1, "
            "not a table");
  EXPECT_EQ(ErrorOf(ApplyOverride(root, "endpoint.path", kFive)),
            "--set k: cannot set endpoint.path: endpoint (t.toml:3:3) is a list, not a table");
}

TEST(ApplyOverride, RefusesMalformedKeys) {
  for (const std::string key : {"", ".", "a.", ".a", "a..b", "a.\"b", "\"a\"b", "a\"b\""}) {
    Value root = Toml("");
    EXPECT_EQ(ErrorOf(ApplyOverride(root, key, kFive)),
              "--set k: '" + key +
                  "' is not a key; write table.name, with quotes around a name that holds a dot");
  }
}

}  // namespace

}  // namespace sqlicorn
