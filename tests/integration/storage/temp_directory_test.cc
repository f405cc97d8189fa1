// SPDX-License-Identifier: MIT
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/mounts.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

// The second endpoint sorts more than SQLite keeps in memory.
constexpr const char* kConfig = R"toml(
[server]
workers = 2
keepalive = 30

[database]
path = "x"

[statements]
one = "SELECT 1 AS one"
sort = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT i, hex(zeroblob(100)) AS h FROM n ORDER BY h, -i"""

[[endpoint]]
path = "/one/"
steps = ["one"]

[[endpoint]]
path = "/sort/"
steps = ["sort"]
)toml";

constexpr std::string_view kWarning = "[WARNING] SQLite finds no directory for temporary files";

bool Protect(const char* path) {
  return access(path, F_OK) != 0 ||
         (mount(path, path, nullptr, MS_BIND, nullptr) == 0 &&
          mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0);
}

// All that SQLite tries can only be read, as in a read-only container, but for the database's own
// directory.
bool LeaveOnly(const char* own) {
  for (const char* path : {"/var/tmp", "/usr/tmp", "/tmp"}) {
    if (!Protect(path)) {
      return false;
    }
  }
  return mount(own, own, nullptr, MS_BIND, nullptr) == 0 &&
         mount(nullptr, own, nullptr, MS_REMOUNT | MS_BIND, nullptr) == 0 && chdir("/var/tmp") == 0;
}

class WithoutTempDirectory : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayMount()) {
      GTEST_SKIP() << "this process may not mount";
    }
    for (const char* name : {"SQLITE_TMPDIR", "TMPDIR"}) {
      unsetenv(name);
    }
  }

  ServerProcess& Start(const std::vector<std::string>& arguments = {}) {
    const std::string own = site_.dir().path();
    return site_.StartWith({.config = kConfig, .arguments = arguments, .in_child = [&own] {
                              if (unshare(CLONE_NEWNS) != 0 || !LeaveOnly(own.c_str())) {
                                _exit(126);
                              }
                            }});
  }

  Site site_;
};

TEST_F(WithoutTempDirectory, ASortFailsAloneAndNamesTheRemedies) {
  ServerProcess& server = Start();
  EXPECT_TRUE(server.LogHas(kWarning)) << server.log();
  const std::vector<pid_t> workers = server.workers();
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer answer = client.Ask(Get("/sort/"));
    EXPECT_EQ(answer.status, 503);
    for (const char* remedy : {"SQLITE_TMPDIR", "temp_store"}) {
      EXPECT_NE(answer.body.find(remedy), std::string::npos) << answer.body;
    }
    EXPECT_EQ(client.Ask(Get("/one/")).status, 200) << "by the same worker";
  }
  EXPECT_EQ(server.workers(), workers);
  EXPECT_FALSE(server.LogHas("in doubt")) << server.log();
}

TEST_F(WithoutTempDirectory, ASortIsDoneInMemoryWhereTheConfigurationSaysSo) {
  ServerProcess& server = Start({"--set", "database.pragmas.temp_store=memory"});
  EXPECT_FALSE(server.LogHas(kWarning)) << server.log();
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/sort/")).status, 200);
}

TEST_F(WithoutTempDirectory, ASortFindsTheOneThatTheConfigurationNames) {
  ServerProcess& server = Start({"-e", "SQLITE_TMPDIR=" + site_.dir().path()});
  EXPECT_FALSE(server.LogHas(kWarning)) << server.log();
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/sort/")).status, 200);
}

}  // namespace
}  // namespace sqlicorn
