// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/served_database.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {

inline constexpr const char* kEndlessSpin = "/spin/?n=1000000000000000";

// /spin/ counts to n, over a snapshot of the notes.
inline std::string LongReadConfig(std::string_view database, std::string_view server = "") {
  return fmt::format(R"toml(
[server]
workers = 1
keepalive = 30
accesslog = "access.log"
{}
[database]
schema = ["schema.sql"]
{}
[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES (:name)"
fill = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
INSERT INTO note (name) SELECT i FROM n"""
spin = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT max(i) AS top, (SELECT count(*) FROM note) AS notes FROM n"""
late = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n),
top(m) AS MATERIALIZED (SELECT max(i) FROM n),
k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 5000)
SELECT m, k.i, hex(zeroblob(20)) AS v FROM top CROSS JOIN k"""
[params.p]
n = {{ type = "integer", default = 1 }}
name = {{ type = "text", default = "x" }}
[[endpoint]]
path = "/count/"
steps = ["count"]
respond = "rows"
[[endpoint]]
path = "/add/"
methods = ["POST"]
params = "p"
transaction = "none"
steps = ["add"]
[[endpoint]]
path = "/fill/"
methods = ["POST"]
params = "p"
transaction = "immediate"
steps = ["add", "fill"]
statement_timeout = 0.3
[[endpoint]]
path = "/spin/"
params = "p"
steps = ["spin"]
respond = "rows"
[[endpoint]]
path = "/late/"
params = "p"
steps = ["late"]
respond = "rows"
[[endpoint]]
path = "/soon/"
params = "p"
steps = ["spin"]
respond = "rows"
statement_timeout = 0.2
)toml",
                     server, database);
}

class LongReads : public ServedDatabase {
 protected:
  void Start(std::string_view journal_mode = "wal", std::string_view database = "",
             std::string_view server = "") {
    const std::string pragmas =
        fmt::format("{}\n[database.pragmas]\njournal_mode = \"{}\"\n", database, journal_mode);
    site_.StartWith({.config = LongReadConfig(pragmas, server),
                     .arguments = {"--access-logfile", site_.dir().File("access.log")}},
                    1);
  }

  // In the worker's hand when this returns.
  std::unique_ptr<RawClient> Begin(std::string_view path) {
    auto client = std::make_unique<RawClient>(server().port());
    EXPECT_TRUE(client->Send(Get(path)));
    // A later request that is answered proves that the earlier one was read.
    EXPECT_EQ(Count().status, 200);
    return client;
  }

  // Nothing reads of the database any more. Waits until then.
  void ExpectNoReader() {
    SqliteFile other(path());
    other.Run("PRAGMA user_version = 7");
    EXPECT_EQ(other.Ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0|0|0");
  }

  [[nodiscard]] bool AccessLogHas(const std::string& pattern) const {
    return WaitFor([&] { return Matches(ContentOf(site_.dir().File("access.log")), pattern); });
  }
};

}  // namespace sqlicorn
