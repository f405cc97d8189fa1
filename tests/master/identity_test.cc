// SPDX-License-Identifier: MIT
#include "master/process/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "master/process/process_spawner.h"
#include "master/sockets/socket_file.h"
#include "tests/config/config_testing.h"
#include "tests/master/master_testing.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

constexpr uid_t kNobody = 65534;

Result<Identity> Find(const std::string& user, const std::string& group = "") {
  ServerSettings settings;
  settings.user = user;
  settings.group = group;
  return Identity::Of(settings);
}

// As an exit code: 0 when it became `identity` and then `holds`.
int AfterBecoming(const Identity& identity, const std::function<bool()>& holds) {
  return InChild([&] { return identity.Become() && holds() ? 0 : 1; });
}

TEST(Identity, RefusesWhoIsNotThere) {
  EXPECT_EQ(ErrorOf(Find("nobdy")),
            "No such user: 'nobdy'; server.user takes the name of one or a number");
  EXPECT_EQ(ErrorOf(Find("99999999999")),
            "No such user: '99999999999'; server.user takes the name of one or a number");
  EXPECT_EQ(ErrorOf(Find("4294967295")),
            "No such user: '4294967295'; server.user takes the name of one or a number");
  EXPECT_EQ(ErrorOf(Find("nobody", "nogrup")),
            "No such group: 'nogrup'; server.group takes the name of one or a number");
}

TEST(Identity, StaysWhenNothingIsSaid) {
  const auto identity = Find("");
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->owner().set());
  EXPECT_EQ(AfterBecoming(*identity, [user = geteuid()] { return geteuid() == user; }), 0);
}

class RootIdentity : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can become another user";
    }
  }
};

TEST_F(RootIdentity, IsAUserWithItsOwnGroup) {
  for (const char* user : {"nobody", "65534"}) {
    const auto identity = Find(user);
    ASSERT_TRUE(identity) << ErrorOf(identity);
    EXPECT_EQ(identity->owner().uid, kNobody);
    EXPECT_NE(identity->owner().gid, 0U);
    EXPECT_EQ(identity->groups(), std::vector<gid_t>{identity->owner().gid});
  }
}

TEST_F(RootIdentity, TakesTheGroupItIsTold) {
  const auto identity = Find("nobody", "12345");
  ASSERT_TRUE(identity) << ErrorOf(identity);
  EXPECT_EQ(identity->owner().gid, 12345U);
}

TEST_F(RootIdentity, NeedsAGroupForANumberWithoutAnEntry) {
  EXPECT_EQ(ErrorOf(Find("54321")),
            "user 54321 is not in the user database and so has no group: set server.group");
  EXPECT_TRUE(Find("54321", "12345"));
}

TEST_F(RootIdentity, IsBecomeWithNothingOfTheFormer) {
  const auto identity = Find("nobody", "12345");
  ASSERT_TRUE(identity) << ErrorOf(identity);
  EXPECT_EQ(InChild([&] {
              const std::vector<gid_t> groups = {0, 4};
              const bool rich = setgroups(groups.size(), groups.data()) == 0;
              const bool become = rich && identity->Become();
              const bool back = setuid(0) == 0 || setgid(0) == 0;
              gid_t group = 0;
              const bool alone = getgroups(1, &group) == 1 && group == 12345;
              return become && !back && alone && getuid() == kNobody && getgid() == 12345 ? 0 : 1;
            }),
            0);
}

TEST_F(RootIdentity, HasNoOtherGroupsWithoutInitgroups) {
  ServerSettings settings;
  settings.user = "nobody";
  settings.initgroups = false;
  const auto identity = Identity::Of(settings);
  ASSERT_TRUE(identity) << ErrorOf(identity);
  EXPECT_EQ(AfterBecoming(*identity, [] { return getgroups(0, nullptr) == 0; }), 0);
}

TEST_F(RootIdentity, CannotBeHadByAnotherUserThanRoot) {
  const auto nobody = Find("nobody");
  ASSERT_TRUE(nobody);
  EXPECT_EQ(AfterBecoming(*nobody, [] { return !Find("0") && !Find("nobody", "0"); }), 0);
  EXPECT_EQ(AfterBecoming(*nobody, [] { return !Find("", "12345"); }), 0);
  EXPECT_EQ(
      AfterBecoming(*nobody, [&] { return ErrorOf(Find("root")).starts_with("only root can"); }),
      0);
}

TEST_F(RootIdentity, MayBeOnesOwn) {
  const auto nobody = Find("nobody");
  ASSERT_TRUE(nobody);
  const std::string group = std::to_string(nobody->owner().gid);
  EXPECT_EQ(AfterBecoming(*nobody,
                          [&] {
                            const auto own = Find("nobody", group);
                            return own && own->Become() && Find("65534") && Find("", group);
                          }),
            0);
}

TEST_F(RootIdentity, IsThatOfTheChildWhichDiesWithItsMaster) {
  const auto nobody = Find("nobody");
  ASSERT_TRUE(nobody);
  EXPECT_EQ(InChild([&] {
              const auto signals = SignalQueue::Open().value();
              const auto body = [] {
                int signal = 0;
                prctl(PR_GET_PDEATHSIG, &signal);
                return geteuid() == kNobody && signal == SIGQUIT ? ExitCode::kOk : ExitCode::kError;
              };
              const auto child = ProcessSpawner(signals).Spawn(body, *nobody);
              int status = 0;
              return child && waitpid(*child, &status, 0) == *child ? status : -1;
            }),
            0);
}

TEST_F(RootIdentity, ThatCannotBeHadEndsTheChildAsABootFailure) {
  const auto nobody = Find("nobody");
  ASSERT_TRUE(nobody);
  EXPECT_EQ(InChild([&] {
              const auto signals = SignalQueue::Open().value();
              if (setuid(kNobody) != 0) {
                return -1;
              }
              const auto child =
                  ProcessSpawner(signals).Spawn([] { return ExitCode::kOk; }, *nobody);
              int status = 0;
              waitpid(*child, &status, 0);
              return WEXITSTATUS(status);
            }),
            static_cast<int>(ExitCode::kWorkerBoot));
}

TEST_F(RootIdentity, OwnsASocketFileWithItsPermissions) {
  const TempDir directory;
  const std::string path = directory.File("s");
  const UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress address = SocketAddress::Unix(path).value();
  ASSERT_EQ(BindSocketFile(fd.get(), address, {0640, {kNobody, 12345}}), 0);

  struct stat info {};

  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
  EXPECT_EQ(info.st_uid, kNobody);
  EXPECT_EQ(info.st_gid, 12345U);
}

}  // namespace
}  // namespace sqlicorn
