// SPDX-License-Identifier: MIT
#include "worker/worker_parts.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct Row {
  std::string_view what;
  SliceFacts facts;
  bool sliced;
};

TEST(WorkerPartsTest, ReadsAreSlicedWhereWritesComeThroughAllTheSame) {
  using Kind = SchedulerKind;
  const std::vector<Row> rows = {
      {"a write-ahead log", {}, true},
      {"also for who waits inside SQLite", {.scheduler = Kind::kBusy}, true},
      {"also for who commits each statement", {.autocommits = true}, true},
      {"an exclusive lock keeps a second connection out", {.exclusive = true}, false},
      {"a batch keeps its pending lock", {.commits_wait = true}, true},
      {"a turn does", {.scheduler = Kind::kFifo, .commits_wait = true}, true},
      {"a batch that is no transaction", {.commits_wait = true, .autocommits = true}, false},
      {"a turn that is none",
       {.scheduler = Kind::kFifo, .commits_wait = true, .autocommits = true},
       false},
      {"no line could be had", {.queued = false, .commits_wait = true}, false},
      {"begins anew each time", {.scheduler = Kind::kRetry, .commits_wait = true}, false},
      {"gives up at once", {.scheduler = Kind::kNone, .commits_wait = true}, false},
      {"sleeps inside SQLite", {.scheduler = Kind::kBusy, .commits_wait = true}, false},
      {"so does constant", {.scheduler = Kind::kConstant, .commits_wait = true}, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(MaySliceReads(row.facts), row.sliced) << row.what;
  }
}

}  // namespace
}  // namespace sqlicorn
