// SPDX-License-Identifier: MIT
#include "common/config/config_text.h"

#include <gtest/gtest.h>

#include "common/config/server_config.h"
#include "common/config/value.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

const char* const kShipped = SQLICORN_ETC "/sqlicorn.toml";

Result<ServerConfig> BuildShipped() {
  const auto root = ReadTomlFile(kShipped);
  return root ? BuildServerConfig(*root, ConfigDirectory(kShipped)) : root.error();
}

TEST(ShippedConfig, HasTheEightEndpointsOfTheSeed) {
  const auto config = BuildShipped();
  ASSERT_TRUE(config.ok()) << config.error().message;
  using enum TransactionMode;
  const std::vector<std::tuple<std::string, TransactionMode, std::string>> wanted = {
      {"/read/", kNone, "R"},
      {"/read_transaction/", kImmediate, "R"},
      {"/write/", kNone, "W"},
      {"/read_write/", kNone, "RW"},
      {"/write_read/", kNone, "WR"},
      {"/read_write_transaction/", kImmediate, "RW"},
      {"/write_read_transaction/", kImmediate, "WR"},
      {"/read_write_transaction_immediate/", kImmediate, "RW"},
  };
  std::vector<std::tuple<std::string, TransactionMode, std::string>> found;
  for (const EndpointSpec& endpoint : config->endpoints) {
    std::string steps;
    for (const StepSpec& step : endpoint.steps) {
      const auto& statement = config->statements.at(std::get<StatementStep>(step).statement);
      steps += statement.name == "select_rows" ? "R" : "W";
    }
    found.emplace_back(endpoint.path, endpoint.transaction, steps);
    EXPECT_EQ(endpoint.methods, (std::vector<std::string>{"GET", "POST"}));
    EXPECT_EQ(endpoint.param_set, 0);
  }
  EXPECT_EQ(found, wanted);
}

TEST(ShippedConfig, HasNineOptionalFieldsAndPathsBesideIt) {
  const auto config = BuildShipped();
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->database.path, SQLICORN_ETC "/sqlicorn.db");
  EXPECT_EQ(config->database.schema, std::vector<std::string>{SQLICORN_ETC "/schema.sql"});
  const auto& params = config->param_sets.at(0).params;
  EXPECT_EQ(params.size(), 9U);
  for (const ParamSpec& param : params) {
    EXPECT_FALSE(param.required) << param.name;
  }
}

TEST(ShippedConfig, CanBeDeferred) {
  auto root = ReadTomlFile(kShipped);
  ASSERT_TRUE(root.ok());
  const Value deferred = ParseTomlValue("deferred", Place{"--set database.transaction_mode"});
  ASSERT_TRUE(ApplyOverride(*root, "database.transaction_mode", deferred));
  const auto config = BuildServerConfig(*root, "/srv");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->endpoints.at(5).transaction, TransactionMode::kDeferred);
  EXPECT_EQ(config->endpoints.at(7).transaction, TransactionMode::kImmediate);
}

TEST(BuildServerConfig, TakesTheSmallestConfiguration) {
  const auto config = Build("[database]\npath = \"a.db\"\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->database.path, "/srv/app/a.db");
  EXPECT_EQ(config->database.place.ToString(), "t.toml:1:2");
  EXPECT_TRUE(config->endpoints.empty());
}

// A worker that waits by a timer or in a line goes on beating.
TEST(BuildServerConfig, LetsAWriteWaitLongerThanAWorkerMayBeSilentWhereNothingSleeps) {
  for (const char* scheduler : {"none", "retry", "fifo", "group"}) {
    const auto config =
        Build(fmt::format("[database]\npath = \"a\"\ntimeout = 60\nscheduler = \"{}\"", scheduler));
    EXPECT_TRUE(config) << scheduler;
  }
}

TEST(BuildServerConfig, RefusesWhatDoesNotFitTogether) {
  const std::vector<BadInput> cases = {
      {"", ": the configuration needs 'database'"},
      {"[databse]\npath = \"a\"",
       ":1:2: unknown key 'databse' at the top level (did you mean 'database'?)"},
      {"[database]\npath = \"a\"\n[endpoint]",
       ":3:2: endpoint must be an array of tables, each under [[endpoint]], not a table"},
      {"[database]\npath = \"a\"\n[[server]]", ":3:3: server must be a table, not a list"},
      {"[database]\npath = \"a\"\nscheduler = \"busy\"\n[server]\ntimeout = 5",
       ":5:1: server.timeout (5 s) must be greater than database.timeout (5 s): a worker that "
       "waits for a lock would be killed; or use scheduler = \"group\""},
      {"[database]\npath = \"a\"\nscheduler = \"constant\"\ntimeout = 60",
       ":4:1: server.timeout (30 s) must be greater than database.timeout (60 s): a worker that "
       "waits for a lock would be killed; or use scheduler = \"group\""},
      {"[database]\npath = \"a\"\n[server]\nworkers = 2\n[database.pragmas]\n"
       "locking_mode = \"exclusive\"",
       ":6:1: database.pragmas.locking_mode = \"exclusive\" locks out every worker but one; use "
       "server.workers = 1 or \"normal\""},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(Build(c.text)), std::string("t.toml") + c.error);
  }
}

TEST(BuildServerConfig, LetsAWorkerWaitForEverWhenNobodyKillsIt) {
  EXPECT_TRUE(Build("[database]\npath = \"a\"\ntimeout = 60\n[server]\ntimeout = 0\n"));
}

TEST(ConfigDirectory, IsAbsolute) {
  EXPECT_EQ(ConfigDirectory("/etc/sqlicorn/a.toml"), "/etc/sqlicorn");
  EXPECT_EQ(ConfigDirectory("/etc/x/../a.toml"), "/etc");
  EXPECT_TRUE(ConfigDirectory("a.toml").starts_with("/"));
}

TEST(PrintServerConfig, ReadsBackToTheSameConfiguration) {
  const auto shipped = BuildShipped();
  const auto rich = Build(
      "[server]\nbind = [\":1\", \"unix:/a\\\"b\"]\nkeepalive = 0.25\nproc_name = \"\u00e9\"\n"
      "[database]\npath = \"a.db\"\nunsafe = true\nscheduler = \"fifo\"\nmax_hold = \"1500us\"\n"
      "write_queue_timeout = 0.5\nmax_pending_writes = 3\nmax_batch = 2\n"
      "read_slice = \"0us\"\nlong_reads = 2\nstatement_timeout = 0.5\nmax_answer = 1000\n"
      "[database.pragmas]\nforeign_keys = true\ncache_size = -1\n"
      "[statements]\n\"odd.name\" = \"SELECT\\n'\\\\'\"\n"
      "[params.\"p.q\"]\na = { type = \"real\", default = 1 }\nb = { type = \"integer\" }\n"
      "c = { type = \"text\", nullable = true }\nd = { type = \"integer\", default = -3 }\n"
      "e = { type = \"text\", in = \"header\", name = \"X-E\", min_length = 1, max_length = 9, "
      "pattern = \"[a-z\\\\.]+\", enum = [\"a\", \"b\"] }\n"
      "f = { type = \"boolean\", default = true }\ng = { type = \"json\", default = \"[1]\" }\n"
      "h = { type = \"date\", min = \"2026-01-01\", default = \"2026-01-02\" }\n"
      "i = { type = \"real\", min = 0, max = 0.5, default = 0 }\n"
      "j = { type = \"integer\", enum = [1, 2], default = 2 }\nk = { type = \"blob\", in = "
      "\"form\" }\n"
      "[[endpoint]]\npath = \"/{b}\"\nmethods = [\"POST\"]\nparams = \"p.q\"\n"
      "unknown_fields = \"refuse\"\nrespond = \"rows\"\nisolated = true\n"
      "statement_timeout = 1.5\nmax_answer = 7\n"
      "steps = [{ think = \"1500us\" }, \"odd.name\"]\n");
  for (const auto* config : {&shipped, &rich}) {
    ASSERT_TRUE(config->ok()) << config->error().message;
    const std::string printed = PrintServerConfig(**config);
    const auto again = BuildServerConfig(Toml(printed), "/elsewhere");
    ASSERT_TRUE(again.ok()) << again.error().message << "\n" << printed;
    EXPECT_EQ(PrintServerConfig(*again), printed);
    EXPECT_EQ(again->database.path, (*config)->database.path);
    EXPECT_EQ(again->statements.at(0).sql, (*config)->statements.at(0).sql);
  }
}

TEST(PrintServerConfig, ShowsWhatIsInForce) {
  const auto config = Build(
      "[database]\npath = \"a.db\"\n[database.pragmas]\nsynchronous = 1\nmmap_size = 5\n"
      "[statements]\ns = \"SELECT 1\"\n[params.p]\nx = { type = \"real\", default = 0.0 }\n"
      "[[endpoint]]\npath = \"/\"\nparams = \"p\"\ntransaction = \"default\"\nsteps = [\"s\"]\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  const std::string printed = PrintServerConfig(*config);
  EXPECT_EQ(printed.substr(printed.find("\n[database]")),
            "\n[database]\npath = \"/srv/app/a.db\"\nschema = []\naccess = \"read-write\"\n"
            "transaction_mode = \"deferred\"\n"
            "timeout = 5\nbusy_status = 503\nscheduler = \"group\"\nwrite_queue_timeout = 0\n"
            "max_pending_writes = 1000\nmax_batch = 64\nmax_hold = \"5ms\"\n"
            "read_slice = \"1ms\"\nlong_reads = 8\nstatement_timeout = 0\nmax_answer = 0\n"
            "checkpointer = \"auto\"\ndouble_quoted_text = false\nunsafe = false\n"
            "\n[database.pragmas]\nsynchronous = \"normal\"\nmmap_size = 5\n"
            "\n[statements]\ns = \"SELECT 1\"\n"
            "\n[params.p]\nx = { type = \"real\", default = 0.0 }\n"
            "\n[[endpoint]]\npath = \"/\"\nmethods = [\"GET\"]\nparams = \"p\"\n"
            "unknown_fields = \"ignore\"\neach = false\ntransaction = \"deferred\"\nsteps = "
            "[\"s\"]\nrespond = \"ok\"\n"
            "isolated = false\nstatement_timeout = 0\nmax_answer = 0\n");
}

}  // namespace

}  // namespace sqlicorn
