// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/refusal.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

constexpr uid_t kNobody = 65534;

// A server that is not root, which ignores the mode bits of files.
class WithoutPrivileges : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can become another user";
    }
  }

  void Launch(std::vector<std::string> arguments = {}) {
    site_.Launch({.config = SiteConfig(), .arguments = std::move(arguments), .in_child = [] {
                    if (setgid(kNobody) != 0 || setuid(kNobody) != 0) {
                      _exit(126);
                    }
                  }});
  }

  Site site_;
};

TEST_F(WithoutPrivileges, ServesADatabaseOfItsOwn) {
  ASSERT_EQ(chown(site_.dir().path().c_str(), kNobody, kNobody), 0);
  Launch();
  EXPECT_TRUE(site_.server().WaitUntilReady(2)) << site_.server().log();
}

TEST_F(WithoutPrivileges, RefusesADirectoryItMayNotWrite) {
  Launch();
  ExpectRefusal(site_, "exit 1", "cannot create files in directory.*Permission denied");
}

TEST_F(WithoutPrivileges, RefusesADatabaseItMayNotRead) {
  ASSERT_EQ(chown(site_.dir().path().c_str(), kNobody, kNobody), 0);
  MakeValid(site_);
  ASSERT_EQ(chmod(site_.database_path().c_str(), 0600), 0);
  Launch();
  ExpectRefusal(site_, "exit 1", "test.db.*belongs to uid 0.*chown 65534");
}

TEST_F(WithoutPrivileges, RefusesADatabaseItMayOnlyRead) {
  ASSERT_EQ(chown(site_.dir().path().c_str(), kNobody, kNobody), 0);
  MakeValid(site_);
  ASSERT_EQ(chmod(site_.database_path().c_str(), 0644), 0);
  Launch();
  ExpectRefusal(site_, "exit 1", "test.db.*belongs to uid 0.*chown 65534");
}

TEST_F(WithoutPrivileges, RefusesAPidFileItMayNotCreate) {
  Launch({"-p", site_.dir().File("pid")});
  ExpectRefusal(site_, "exit 1", "server\\.pidfile = .*: Permission denied; allow this user");
}

}  // namespace
}  // namespace sqlicorn
