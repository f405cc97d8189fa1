// SPDX-License-Identifier: MIT
// Requests whose statements take long: on a connection of their own, or ended.
#include <optional>

#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"
#include "tests/worker/worker_testing.h"
#include "worker/open_database.h"
#include "worker/slice/long_reads.h"

namespace sqlicorn {
namespace {

constexpr const char* kApp = R"toml(
[database]
path = "t.db"
scheduler = "busy"
[statements]
spin = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT max(i) AS top FROM n"""
add = "INSERT INTO t VALUES (1)"
fill = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
INSERT INTO t SELECT i FROM n"""
rows = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT i, hex(zeroblob(25)) AS pad FROM n"""
last = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT max(i) AS top, last_insert_rowid() AS id FROM n"""
[params.p]
n = { type = "integer", default = 1 }
)toml";

std::string Endpoint(std::string_view path, std::string_view steps, std::string_view more = "") {
  return fmt::format(
      "[[endpoint]]\npath = \"/{}\"\nparams = \"p\"\nsteps = [{}]\nrespond = \"rows\"\n{}\n", path,
      steps, more);
}

std::string Config() {
  return kApp + Endpoint("spin", "\"spin\"") +
         Endpoint("fast", "\"spin\"", "statement_timeout = 0.05") +
         Endpoint("locks", "\"spin\"", "transaction = \"immediate\"\nstatement_timeout = 0.05") +
         Endpoint("write", "\"add\", \"fill\", \"spin\"",
                  "transaction = \"immediate\"\nstatement_timeout = 0.05") +
         Endpoint("rows", "\"rows\"") + Endpoint("last", "\"last\"");
}

constexpr std::string_view kEndless = "1000000000000";

class LongRequest : public testing::Test, public ExchangeOwner {
 protected:
  LongRequest() : config_(ConfigOf(Config(), directory_.path())) {
    Must(*OpenDatabase(config_.database.path), "PRAGMA journal_mode = wal; CREATE TABLE t (v)");
    auto connection = OpenDatabase(config_.database);
    EXPECT_TRUE(connection) << ErrorOf(connection);
    connection_ = std::move(connection).value();
    auto plans = PlanSet::Compile(*connection_, config_);
    EXPECT_TRUE(plans) << ErrorOf(plans);
    plans_ = std::move(plans).value();
    long_reads_.emplace(
        LongReads::Parts{loop_, config_, *connection_,
                         [this] {
                           ++opened_;
                           return OpenReader(config_.database, {}, *connection_);
                         }},
        LongReads::Options{
            .most = 4, .slice = milliseconds(1), .patience = seconds(5), .may_hold = true});
    dispatcher_.emplace(
        Dispatcher::Parts{config_, *plans_, direct_, slot_, counters_, rows_, &*long_reads_});
  }

  ~LongRequest() override { long_reads_->Stop(); }

  void OnOutcome(Exchange& done) override {
    dispatcher_->Answer(done);
    answered_ = true;
  }

  // As a client who reads at once.
  void OnRows(Exchange& exchange) override {
    sent_ += std::exchange(exchange.reply.body, {});
    ++parts_;
    dispatcher_->GoOn(exchange);
  }

  const Reply& Ask(std::string_view path, std::string_view n) {
    request_ = std::make_unique<ParsedRequest>(RequestText(fmt::format("GET /{}?n={}", path, n)));
    answered_ = false;
    exchange_.Begin(request_->message(), Clock::now());
    EXPECT_TRUE(dispatcher_->Dispatch(exchange_));
    return exchange_.reply;
  }

  const Reply& AnswerTo(std::string_view path, std::string_view n) {
    const Reply& reply = Ask(path, n);
    if (!answered_) {
      RunUntil(loop_, [this] { return answered_; });
    }
    return reply;
  }

  TempDir directory_;
  ServerConfig config_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<PlanSet> plans_;
  Loop loop_;
  DirectScheduler direct_;
  WorkerSlot slot_{};
  WorkerCounters worker_counters_;
  std::array<EndpointCounters, kEndpointRows> endpoint_counters_;
  CounterSheet counters_{worker_counters_, endpoint_counters_};
  const std::array<std::size_t, 6> rows_{0, 1, 2, 3, 4, 5};
  int opened_ = 0;
  std::optional<LongReads> long_reads_;
  RoundHook round_end_{loop_, [this] {
                         if (long_reads_) {
                           long_reads_->OnRoundEnd();
                         }
                       }};
  std::optional<Dispatcher> dispatcher_;
  Exchange exchange_{*this};
  std::unique_ptr<ParsedRequest> request_;
  bool answered_ = false;
  std::string sent_;
  int parts_ = 0;
};

TEST_F(LongRequest, ThatIsShortNeedsNoOtherConnection) {
  EXPECT_EQ(AnswerTo("spin", "3").body, R"([{"top":3}])");
  EXPECT_EQ(opened_, 0);
}

// Counted once, though it has begun twice.
TEST_F(LongRequest, BeginsAgainInSlices) {
  EXPECT_EQ(AnswerTo("spin", "1000000").body, R"([{"top":1000000}])");
  EXPECT_EQ(opened_, 1);
  EXPECT_EQ(endpoint_counters_[0].requests, 1U);
  EXPECT_EQ(endpoint_counters_[0].run_us.Read().count(), 1U);
  EXPECT_GT(endpoint_counters_[0].run_us.Read().sum, 1000U);
  EXPECT_EQ(worker_counters_.answers[2], 1U);
}

TEST_F(LongRequest, IsRememberedUntilOneIsShort) {
  AnswerTo("spin", "1000000");
  Ask("spin", "3");
  EXPECT_FALSE(answered_) << "begins in slices at once";
  RunUntil(loop_, [this] { return answered_; });
  Ask("spin", "3");
  EXPECT_TRUE(answered_);
}

TEST_F(LongRequest, EndsAtTheLimitOfItsEndpointWith504) {
  const Reply& reply = AnswerTo("fast", kEndless);
  EXPECT_EQ(reply.status, 504);
  EXPECT_NE(
      reply.body.find("\"detail\":\"interrupted: it took longer than the statement_timeout of "
                      "the endpoint (0.05 s) (SQLITE_INTERRUPT)\""),
      std::string::npos)
      << reply.body;
  EXPECT_EQ(worker_counters_.answers[5], 1U);
}

// A read that holds the lock on purpose keeps the loop, and has the same limit.
TEST_F(LongRequest, ThatLocksIsNotSlicedAndHasItsLimit) {
  Ask("locks", kEndless);
  EXPECT_TRUE(answered_);
  EXPECT_EQ(exchange_.reply.status, 504);
  EXPECT_EQ(opened_, 0);
  EXPECT_FALSE(connection_->in_transaction());
}

// Another connection has written nothing.
TEST_F(LongRequest, ThatAsksWhatItsConnectionHasWrittenIsNotSliced) {
  Must(*connection_, "INSERT INTO t (rowid) VALUES (4711)");
  Ask("last", "300000");
  EXPECT_TRUE(answered_);
  EXPECT_EQ(exchange_.reply.body, R"([{"top":300000,"id":4711}])");
  EXPECT_EQ(opened_, 0);
}

TEST_F(LongRequest, ThatWritesIsUndoneAtItsLimit) {
  Ask("write", kEndless);
  EXPECT_TRUE(answered_);
  EXPECT_EQ(exchange_.reply.status, 504);
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(sqlicorn::Ask(*connection_, "SELECT count(*) FROM t"), "0");
  EXPECT_EQ(AnswerTo("write", "5").status, 200);
  EXPECT_EQ(sqlicorn::Ask(*connection_, "SELECT count(*) FROM t"), "6");
}

// Undone on the worker's connection when more has gathered than goes out at once.
TEST_F(LongRequest, OfManyRowsIsAnsweredInParts) {
  EXPECT_EQ(AnswerTo("rows", "5000").status, 200);
  EXPECT_GT(parts_, 2);
  EXPECT_EQ(Count(sent_ + exchange_.reply.body, R"("i":)"), 5000U);
  EXPECT_EQ(opened_, 1);
  sent_.clear();
  parts_ = 0;
  EXPECT_EQ(Count(AnswerTo("rows", "10").body, R"("i":)"), 10U);
  EXPECT_EQ(parts_, 0);
}

TEST_F(LongRequest, ThatIsWithdrawnIsNeverAnswered) {
  Ask("spin", kEndless);
  EXPECT_EQ(long_reads_->size(), 1U);
  dispatcher_->Withdraw(exchange_);
  EXPECT_EQ(long_reads_->size(), 0U);
  EXPECT_FALSE(answered_);
}

}  // namespace
}  // namespace sqlicorn
