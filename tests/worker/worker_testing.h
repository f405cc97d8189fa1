// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/config/config_text.h"
#include "common/http/request_parser.h"
#include "common/ipc/scoreboard.h"
#include "tests/config/config_testing.h"
#include "tests/sqlite/test_database.h"
#include "worker/plan/plan_set.h"
#include "worker/request/dispatcher.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The text of one request; `fields` are whole header lines.
inline std::string RequestText(std::string_view line, std::string_view fields = "",
                               std::string_view body = "") {
  const std::string length = body.empty() ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return fmt::format("{} HTTP/1.1\r\nHost: h\r\n{}{}\r\n{}", line, fields, length, body);
}

// A request as the parser hands it on.
class ParsedRequest {
 public:
  explicit ParsedRequest(const std::string& text) : parser_({.body = 64U << 20U}) {
    std::size_t consumed = 0;
    EXPECT_EQ(parser_.Execute(text, &consumed), Feed::kMessage) << parser_.error().detail;
  }

  [[nodiscard]] const Message& message() const { return parser_.message(); }

 private:
  RequestParser parser_;
};

inline ServerConfig ConfigOf(const std::string& text, const std::string& directory) {
  auto config = BuildServerConfig(Toml(text), directory);
  EXPECT_TRUE(config) << ErrorOf(config);
  return config ? *std::move(config) : ServerConfig{};
}

// Reads at once; keeps the last write until its turn.
class HeldWrites final : public Scheduler {
 public:
  void Read(Job& job) override { direct_.Read(job); }

  void Write(Job& job) override { held = &job; }

  void Settle(Job& job) override { direct_.Settle(job); }

  void Withdraw(Job& job) override { held = held == &job ? nullptr : held; }

  void Turn() { direct_.Write(*std::exchange(held, nullptr)); }

  Job* held = nullptr;

 private:
  DirectScheduler direct_;
};

// The SQL side of a worker over a file of its own. `toml` is the configuration without [database].
class TestApp {
 public:
  TestApp(const std::string& toml, const std::string& schema, Scheduler* scheduler = nullptr)
      : config(ConfigOf("database.path = \"t.db\"\n" + toml, directory.path())) {
    connection = OpenDatabase(config.database.path);
    Must(*connection, schema);
    auto compiled = PlanSet::Compile(*connection, config);
    EXPECT_TRUE(compiled) << ErrorOf(compiled);
    plans = std::move(compiled).value();
    Scheduler& chosen = scheduler != nullptr ? *scheduler : direct;
    for (std::size_t i = 0; i < config.endpoints.size(); ++i) {
      counter_rows.push_back(i);
    }
    dispatcher = std::make_unique<Dispatcher>(
        Dispatcher::Parts{config, *plans, chosen, slot, counters, counter_rows});
  }

  TempDir directory;
  ServerConfig config;
  std::unique_ptr<Connection> connection;
  std::unique_ptr<PlanSet> plans;
  DirectScheduler direct;
  WorkerSlot slot{};
  WorkerCounters worker_counters;
  std::array<EndpointCounters, kEndpointRows> endpoint_counters;
  CounterSheet counters{worker_counters, endpoint_counters};
  std::vector<std::size_t> counter_rows;  // each endpoint has its own
  std::unique_ptr<Dispatcher> dispatcher;
};

// One request after another through one exchange, as a connection does it.
class AppClient final : public ExchangeOwner {
 public:
  explicit AppClient(TestApp& app) : dispatcher_(*app.dispatcher) {}

  // The reply, if there is one already.
  const Reply& Send(const std::string& text) {
    request_ = std::make_unique<ParsedRequest>(text);
    exchange.Begin(request_->message(), Clock::now());
    if (!dispatcher_.Dispatch(exchange)) {
      ++answers;
    }
    return exchange.reply;
  }

  void OnOutcome(Exchange& done) override {
    EXPECT_EQ(&done, &exchange);
    dispatcher_.Answer(exchange);
    ++answers;
  }

  void OnRows(Exchange& /*exchange*/) override { ADD_FAILURE() << "there are no long reads"; }

  Exchange exchange{*this};
  int answers = 0;

 private:
  Dispatcher& dispatcher_;
  std::unique_ptr<ParsedRequest> request_;
};

}  // namespace sqlicorn
