// SPDX-License-Identifier: MIT
// What a worker holds at most while it answers at length.
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMiB = 1U << 20U;
constexpr std::size_t kRowsBytes = 60U << 20U;

// Fifteen thousand rows, so that SQLite holds little of them at a time.
std::string ConfigWithLongRows() {
  std::string config = SiteConfig();
  config.insert(config.find("[params.note]"),
                "long = \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                "15000) SELECT hex(zeroblob(2090)) AS v FROM n\"\n");
  return config +
         "[[endpoint]]\npath = \"/long/\"\nmethods = [\"GET\"]\nsteps = [\"long\"]\n"
         "respond = \"rows\"\n";
}

// A second copy of the rows would cost as much again.
TEST(WorkerMemory, HoldsTheRowsOfALongAnswerOnce) {
  Site site;
  const ServerProcess& server =
      site.StartWith({.config = ConfigWithLongRows(), .arguments = {"-w", "1"}}, 1);
  const pid_t worker = server.workers().front();
  const std::size_t before = PeakResidentBytes(worker);
  RawClient client(server.port());
  const HttpAnswer answer = client.Ask(Get("/long/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_GT(answer.body.size(), kRowsBytes - kMiB);
  const std::size_t cost = PeakResidentBytes(worker) - before;
  RecordProperty("cost_mib", std::to_string(cost / kMiB));
  EXPECT_LT(cost, answer.body.size() + 24 * kMiB);
}

}  // namespace
}  // namespace sqlicorn
