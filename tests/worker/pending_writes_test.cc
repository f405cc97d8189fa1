// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "worker/turn/write_batch.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow = TimePoint(1h);

// A job that is never run.
class Named final : public Job {
 public:
  OutcomeKind Run() override { return outcome.kind; }

  OutcomeKind RunInside() override { return outcome.kind; }

  void Finish() override {}

  char name = '?';
};

// Jobs "a", "b", … by what they are: "s" shares a transaction, "i" is isolated, "1" has been in one
// that broke.
class PendingWritesTest : public testing::Test {
 protected:
  void Add(std::string_view kinds) {
    for (const char kind : kinds) {
      Named& job = jobs_.emplace_back();
      job.name = static_cast<char>('a' + jobs_.size() - 1);
      job.isolated = kind == 'i';
      line_.Add(job, kNow, kNow + 1s * jobs_.size());
      job.alone = kind == '1';
    }
  }

  static std::string Names(const std::vector<Job*>& jobs) {
    std::string names;
    for (const Job* job : jobs) {
      names += static_cast<const Named*>(job)->name;
    }
    return names;
  }

  std::string TakeAll(std::size_t most) {
    std::string batches;
    while (!line_.empty()) {
      batches += (batches.empty() ? "" : " ") + Names(line_.TakeBatch(most, kNow));
    }
    return batches;
  }

  std::deque<Named> jobs_;
  PendingWrites line_;
};

TEST_F(PendingWritesTest, DecidesWhoSharesATransaction) {
  struct Row {
    const char* kinds;
    std::size_t most;
    const char* batches;
  };

  const Row rows[] = {
      {"", 9, ""},
      {"s", 9, "a"},
      {"sss", 9, "abc"},
      {"sssss", 2, "ab cd e"},
      {"sss", 1, "a b c"},
      {"sis", 9, "a b c"},
      {"iss", 9, "a bc"},
      {"ii", 9, "a b"},
      {"11s", 9, "a b c"},
      {"ss1ss", 9, "ab c de"},
      {"ssi1s", 2, "ab c d e"},
  };
  for (const Row& row : rows) {
    jobs_.clear();
    Add(row.kinds);
    EXPECT_EQ(TakeAll(row.most), row.batches) << row.kinds;
  }
}

TEST_F(PendingWritesTest, KnowsWhetherTheNextRunsByItself) {
  EXPECT_FALSE(line_.next_is_alone());
  Add("1s");
  EXPECT_TRUE(line_.next_is_alone());
  line_.Remove(jobs_.front());
  EXPECT_FALSE(line_.next_is_alone());
}

TEST_F(PendingWritesTest, PutsBackInFrontInTheirOrder) {
  Add("ssss");
  const auto batch = line_.TakeBatch(2, kNow);
  line_.PutBack(batch);
  EXPECT_EQ(line_.size(), 4U);
  EXPECT_EQ(TakeAll(9), "abcd");
}

TEST_F(PendingWritesTest, TellsHowLongAWriteHasWaitedWheneverItIsTaken) {
  Add("s");
  line_.PutBack(line_.TakeBatch(1, kNow + 3s));
  EXPECT_EQ(jobs_.front().waited, 3s);
  static_cast<void>(line_.TakeBatch(1, kNow + 5s));
  EXPECT_EQ(jobs_.front().waited, 5s);
}

TEST_F(PendingWritesTest, GivesUpWhoseDeadlineHasCome) {
  Add("ss");  // a has one second, b two
  EXPECT_EQ(line_.TakeExpired(kNow, kNow), nullptr);
  EXPECT_EQ(line_.TakeExpired(kNow + 1s, kNow + 1500ms), &jobs_[0]);
  EXPECT_EQ(jobs_[0].waited, 1500ms);
  EXPECT_EQ(line_.TakeExpired(kNow + 1s, kNow + 1s), nullptr);
  EXPECT_EQ(line_.size(), 1U);
}

}  // namespace
}  // namespace sqlicorn
