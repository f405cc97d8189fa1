// SPDX-License-Identifier: MIT
// Signals that reach a master that has not started to serve yet.
#include <csignal>
#include <cstring>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

struct Early {
  int signal;
  bool (*has_acted)(const ServerProcess& server);

  friend void PrintTo(const Early& self, std::ostream* out) { *out << sigabbrev_np(self.signal); }
};

// Of a server with two workers.
const std::vector<Early> kSignals = {
    {SIGHUP, [](const auto& server) { return server.LogHas("Reload done: 2 workers"); }},
    {SIGTTIN, [](const auto& server) { return server.workers().size() == 3; }},
    {SIGTTOU, [](const auto& server) { return server.workers().size() == 1; }},
    {SIGUSR1, [](const auto& server) { return server.LogHas("Handling signal: usr1"); }},
    {SIGUSR2, [](const auto& server) { return server.LogHas("Second master started"); }},
    {SIGWINCH, [](const auto& server) { return server.LogHas("SIGWINCH ignored"); }},
};

class EarlySignal : public testing::TestWithParam<Early> {
 protected:
  void ExpectToActLater(const ServerProcess& server, const std::function<void()>& let_it_start) {
    server.Signal(GetParam().signal);
    // What is pending for the master is not lost.
    const auto is_pending = [&] {
      const std::string pending = StatusWords(server.pid(), "ShdPnd");
      return !pending.empty() &&
             (std::stoull(pending, nullptr, 16) >> (GetParam().signal - 1) & 1U) != 0;
    };
    EXPECT_TRUE(WaitFor(is_pending, std::chrono::seconds(2)));
    EXPECT_FALSE(server.LogHas("Handling signal"));
    let_it_start();
    EXPECT_TRUE(WaitFor([&] { return GetParam().has_acted(server); })) << server.log();
    EXPECT_TRUE(WaitFor([&] { return RawClient(server.port()).Ask(Get("/count/")).status == 200; }))
        << server.log();
  }

  Site site_;
};

TEST_P(EarlySignal, WaitsWhileTheDatabaseIsPrepared) {
  SqliteFile holder(site_.database_path());
  holder.Run("CREATE TABLE other (id INTEGER); BEGIN EXCLUSIVE");
  const ServerProcess& server =
      site_.Launch({.config = SiteConfig(),
                    .arguments = {"--log-level", "debug", "--set", "database.timeout=20", "--set",
                                  "database.pragmas.journal_mode=delete"}});
  ASSERT_TRUE(WaitFor([&] { return ChildrenOf(server.pid()).size() == 1; })) << server.log();
  ExpectToActLater(server, [&] { holder.Run("COMMIT"); });
}

TEST_P(EarlySignal, WaitsWhileAnAddressIsTaken) {
  auto other = std::make_unique<Site>();
  const int port = other->Start().port();
  const ServerProcess& server = site_.Launch({.config = SiteConfig(),
                                              .arguments = {"--log-level", "debug"},
                                              .bind = fmt::format("127.0.0.1:{}", port)});
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Retrying in 1 second"); })) << server.log();
  ExpectToActLater(server, [&] { other.reset(); });
}

INSTANTIATE_TEST_SUITE_P(Signals, EarlySignal, testing::ValuesIn(kSignals),
                         [](const auto& named) { return sigabbrev_np(named.param.signal); });

}  // namespace
}  // namespace sqlicorn
