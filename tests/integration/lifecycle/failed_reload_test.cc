// SPDX-License-Identifier: MIT
// A reload that fails changes nothing: neither how many workers there are nor who they are.
#include <csignal>
#include <cstdlib>
#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/control_site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

constexpr const char* kFailed = "Reload failed, the old configuration stays: ";

std::string WithBrokenStatement() {
  std::string config = SiteConfig();
  return config.replace(config.find("FROM note"), 9, "FROM nota");
}

class FailedReload : public testing::Test {
 protected:
  // Until as many workers as that serve, and nobody else.
  void SetWorkers(int total) {
    const int more = total - 2;
    if (more != 0) {
      const std::string command = more > 0 ? "worker add" : "worker remove";
      EXPECT_EQ(control_.Run(fmt::format("{} {}", command, std::abs(more))).exit_code, 0);
    }
    EXPECT_TRUE(WaitFor([&] {
      return server().workers().size() == static_cast<std::size_t>(total) &&
             control_.ReadyWorkers().size() == static_cast<std::size_t>(total);
    }));
  }

  void Hup(const std::string& config) {
    ASSERT_TRUE(WriteFile(control_.site().dir().File("sqlicorn.toml"), config));
    server().Signal(SIGHUP);
    EXPECT_TRUE(WaitFor([&] { return server().LogHas(kFailed); })) << server().log();
  }

  [[nodiscard]] ServerProcess& server() { return control_.server(); }

  ControlSite control_;
};

class FailedReloadOf : public FailedReload, public testing::WithParamInterface<int> {};

// The turn that logs the failure is over when the control socket answers.
TEST_P(FailedReloadOf, LeavesTheNumberOfWorkersAlone) {
  SetWorkers(GetParam());
  const std::vector<pid_t> before = server().workers();
  Hup(WithBrokenStatement());
  EXPECT_EQ(control_.Data("show stats")["workers_target"], GetParam());
  EXPECT_EQ(server().workers(), before);
}

INSTANTIATE_TEST_SUITE_P(Workers, FailedReloadOf, testing::Values(1, 2, 4));

// A mistake that only the preparing child finds.
TEST_F(FailedReload, IsLoggedOnceWithItsReason) {
  const std::string reasons[][2] = {
      {WithBrokenStatement(), "no such table: nota"},
      {SiteConfigWith("accesslog = '/absent/a.log'"), "server.accesslog: cannot open"}};
  std::size_t failures = 0;
  for (const auto& [config, reason] : reasons) {
    SCOPED_TRACE(reason);
    Hup(config);
    ++failures;
    ASSERT_TRUE(WaitFor([&] { return CountOf(server().log(), kFailed) == failures; }));
    EXPECT_EQ(CountOf(server().log(), reason), 1U) << server().log();
    EXPECT_EQ(CountOf(server().log(), "[ERROR]"), failures) << server().log();
  }
  EXPECT_TRUE(server().LogHas(std::string(kFailed) +
                              "the new configuration cannot be served: server.accesslog: "))
      << server().log();
}

// With a rollback journal a worker cannot read the schema while another process holds the lock.
TEST(FailedReplacement, GoesBackToTheWorkersThereWere) {
  ControlSite control({"--set", "database.pragmas.journal_mode=delete", "--set",
                       "database.timeout=0.3", "--spawn-jitter", "0.5"});
  EXPECT_EQ(control.Run("worker add 1").exit_code, 0);
  ASSERT_TRUE(control.BecomesReady(3));
  const std::vector<pid_t> before = control.server().workers();
  std::string config = SiteConfig();
  config.replace(config.find("workers = 2"), 11, "workers = 8");
  ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), config));
  auto waiting = std::async(std::launch::async, [&] { return control.Run("reload --wait"); });
  EXPECT_TRUE(WaitFor([&] { return control.server().workers().size() >= 5; }));
  SqliteFile holder(control.site().database_path());
  holder.Run("BEGIN EXCLUSIVE");
  EXPECT_EQ(waiting.get().exit_code, 1);
  EXPECT_EQ(control.Data("show stats")["workers_target"], 3);
  EXPECT_TRUE(WaitFor([&] { return control.server().workers() == before; }))
      << control.server().log();
}

}  // namespace
}  // namespace sqlicorn
