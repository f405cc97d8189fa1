// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/served_database.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {

inline constexpr std::size_t kMiB = 1U << 20U;
inline constexpr std::string_view kPad = "abcdefghijklmnopqrstuvwxyz0123456789";

// /rows/ answers with n rows of 50 octets or so, /few/ with 1,000 octets of them at most, /fails/
// with an error after 300,000 of them.
inline std::string RowStreamConfig(std::string_view journal_mode, std::string_view server,
                                   std::string_view database) {
  return fmt::format(R"toml(
[server]
workers = 1
keepalive = 30
{}
[database]
schema = ["schema.sql"]
{}
[database.pragmas]
journal_mode = "{}"
[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES (:name)"
rows = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT i, '{}' AS v FROM n LEFT JOIN (SELECT count(*) FROM note)"""
fails = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT CASE WHEN i < 300000 THEN i ELSE abs(-9223372036854775807 - 1) END AS i, '{}' AS v FROM n"""
overflow = "SELECT 1 AS i UNION ALL SELECT abs(-9223372036854775807 - 1)"
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
steps = ["add"]
[[endpoint]]
path = "/rows/"
params = "p"
steps = ["rows"]
respond = "rows"
[[endpoint]]
path = "/fails/"
steps = ["fails"]
respond = "rows"
[[endpoint]]
path = "/overflow/"
steps = ["overflow"]
respond = "rows"
[[endpoint]]
path = "/soon/"
params = "p"
steps = ["rows"]
respond = "rows"
statement_timeout = 2
[[endpoint]]
path = "/few/"
params = "p"
steps = ["rows"]
respond = "rows"
max_answer = 1000
)toml",
                     server, database, journal_mode, kPad, kPad);
}

inline std::string Rows(int n) {
  std::string rows;
  for (int i = 1; i <= n; ++i) {
    rows += fmt::format("{}{{\"i\":{},\"v\":\"{}\"}}", i == 1 ? "[" : ",", i, kPad);
  }
  return rows + "]";
}

class RowStreams : public ServedDatabase {
 protected:
  void Start(std::string_view journal_mode = "wal", std::string_view server = "",
             std::string_view database = "") {
    site_.StartWith({.config = RowStreamConfig(journal_mode, server, database),
                     .arguments = {"--access-logfile", site_.dir().File("access.log")}},
                    1);
  }

  // A client that has got the beginning of an endless answer, and reads no further.
  std::unique_ptr<RawClient> BeginEndless(const std::string& request) {
    auto client = std::make_unique<RawClient>(server().port());
    EXPECT_TRUE(client->Send(request));
    EXPECT_TRUE(WaitFor([&] { return IsAtRest(); }));
    return client;
  }

  // The worker uses no processor time: what it would work at waits for a client.
  [[nodiscard]] bool IsAtRest() {
    const pid_t worker = server().workers().front();
    const Duration before = InfoOf(worker).cpu;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return before > Duration::zero() && InfoOf(worker).cpu == before;
  }

  void ExpectNoReader() {
    SqliteFile other(path());
    other.Run("PRAGMA user_version = 7");
    EXPECT_EQ(other.Ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0|0|0");
  }

  [[nodiscard]] bool AccessLogHas(const std::string& pattern) const {
    return WaitFor([&] { return Matches(ContentOf(site_.dir().File("access.log")), pattern); });
  }
};

inline constexpr const char* kEndless = "/rows/?n=1000000000000";

}  // namespace sqlicorn
