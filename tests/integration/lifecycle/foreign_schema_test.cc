// SPDX-License-Identifier: MIT
// Another program changes the schema under a running service.
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"
#include "tests/support/run_program.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {
namespace {

bool Contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

TEST(DroppedTable, FailsItsOwnEndpointAndReplacedWorkersServe) {
  Site site;
  ServerOptions options;
  options.config = SiteConfig();
  const std::string statements = "[statements]\n";
  options.config.insert(options.config.find(statements) + statements.size(),
                        "extra = \"SELECT count(*) AS n FROM extra\"\n");
  options.config +=
      "\n[[endpoint]]\npath = \"/extra/\"\nmethods = [\"GET\"]\nsteps = [\"extra\"]\n"
      "respond = \"rows\"\n";
  SqliteFile(site.database_path()).Run("CREATE TABLE extra (a)");
  ServerProcess& server = site.StartWith(options);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/extra/")).status, 200);
  SqliteFile(site.database_path()).Run("DROP TABLE extra");
  const std::vector<pid_t> old = server.workers();
  for (const pid_t worker : old) {
    kill(worker, SIGKILL);
  }
  ASSERT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 2 && !Contains(now, old[0]) && !Contains(now, old[1]);
  }));
  RawClient client(server.port());
  EXPECT_EQ(client.Ask(Get("/extra/")).status, 503);
  EXPECT_EQ(client.Ask(Get("/count/")).status, 200);
  EXPECT_EQ(client.Ask(PostForm("/add_immediate/", "name=x")).status, 200);
  EXPECT_FALSE(server.LogHas("Worker failed to start")) << server.log();
  SqliteFile(site.database_path()).Run("CREATE TABLE extra (a)");
  EXPECT_EQ(client.Ask(Get("/extra/")).body, R"([{"n":0}])");
}

}  // namespace
}  // namespace sqlicorn
