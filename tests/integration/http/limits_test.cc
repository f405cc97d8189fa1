// SPDX-License-Identifier: MIT
// What the system refuses: processes and memory. Descriptors and disk: see storage_test.cc.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

constexpr uid_t kLonelyUser = 54321;  // whose processes are the server's alone
constexpr rlim_t kMiB = 1U << 20U;

// A process of that user which is not the server's, until End.
class Lodger {
 public:
  Lodger() : pid_(fork()) {
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const bool moved_in = setuid(kLonelyUser) == 0;
      while (moved_in) {
        pause();
      }
      _exit(1);
    }
    EXPECT_TRUE(WaitFor([this] {
      struct stat info {};

      return stat(fmt::format("/proc/{}", pid_).c_str(), &info) == 0 && info.st_uid == kLonelyUser;
    }));
  }

  ~Lodger() { End(); }

  Lodger(const Lodger&) = delete;
  Lodger& operator=(const Lodger&) = delete;

  void End() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(std::exchange(pid_, 0), nullptr, 0);
    }
  }

 private:
  pid_t pid_;
};

TEST(ProcessLimit, LeavesTheWorkersThatCouldBeHadAndIsTriedAgainSlowly) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can become another user";
  }
  Site site;
  Lodger lodger;
  ASSERT_EQ(chown(site.dir().path().c_str(), kLonelyUser, kLonelyUser), 0);
  ServerProcess& server =
      site.Launch({.config = SiteConfig(), .arguments = {"-w", "3"}, .in_child = [] {
                     const rlimit four{4, 4};  // the lodger, the master and two workers
                     if (setrlimit(RLIMIT_NPROC, &four) != 0 || setgid(kLonelyUser) != 0 ||
                         setuid(kLonelyUser) != 0) {
                       _exit(126);
                     }
                   }});
  const TimePoint start = Clock::now();
  const auto refusals = [&] { return CountOf(server.log(), "cannot start a worker: fork"); };
  ASSERT_TRUE(WaitFor([&] { return refusals() >= 4; })) << server.log();
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(100 + 200 + 400));
  EXPECT_EQ(ServingWorkersOf(server.pid()).size(), 2U);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  lodger.End();
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 3; }));
}

TEST(MemoryLimit, EndsOneRequestOrOneWorkerAndTheServerGoesOn) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer needs more than any limit";
#endif
  Site site;
  ServerProcess& server = site.StartWith({.arguments = {}, .in_child = [] {
                                            const rlimit limit{256 * kMiB, 256 * kMiB};
                                            setrlimit(RLIMIT_AS, &limit);
                                          }});
  RawClient writer(server.port());
  ASSERT_EQ(writer.Ask(PostForm("/add/", "name=before")).status, 200);
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer answer = RawClient(server.port()).Ask(Get("/big/?bytes=400000000"));
    EXPECT_TRUE(answer.status == 500 || answer.status == 503 || answer.status == 0)
        << answer.status;
  }
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 2; }));
  EXPECT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=after")).status, 200);
  EXPECT_EQ(site.Ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"), "2");
}

}  // namespace
}  // namespace sqlicorn
