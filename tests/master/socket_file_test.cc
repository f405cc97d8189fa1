// SPDX-License-Identifier: MIT
#include "master/sockets/socket_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

class UnixListenerTest : public testing::Test {
 protected:
  Result<UnixListener> Listen() const { return UnixListener::Listen(path_, {0600}); }

  [[nodiscard]] std::string Refusal() const {
    const auto listener = Listen();
    return listener ? "" : listener.error().message;
  }

  [[nodiscard]] bool Answers() const {
    const UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress address = SocketAddress::Unix(path_).value();
    return connect(fd.get(), address.raw(), address.length()) == 0;
  }

  // A socket of another program at the path.
  [[nodiscard]] UniqueFd Other(int type) const {
    UniqueFd fd(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    const SocketAddress address = SocketAddress::Unix(path_).value();
    EXPECT_EQ(bind(fd.get(), address.raw(), address.length()), 0);
    return fd;
  }

  TempDir dir_;
  std::string path_ = dir_.File("s.sock");
};

TEST_F(UnixListenerTest, MakesNoSocketBehindALinkOfAnotherUser) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root looks at links";
  }
  const TempDir theirs;
  const TempDir roots;
  fs::create_directory_symlink(roots.path(), theirs.File("link"));
  ASSERT_EQ(chown(theirs.path().c_str(), 65534, 65534), 0);
  const auto listener = UnixListener::Listen(theirs.File("link/s"), {0600});
  ASSERT_FALSE(listener);
  EXPECT_NE(listener.error().message.find("root does not follow it"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(roots.path()));
}

TEST_F(UnixListenerTest, AnswersUntilItIsGone) {
  {
    const auto listener = Listen();
    ASSERT_TRUE(listener) << listener.error().message;
    EXPECT_TRUE(Answers());
    EXPECT_NE(fcntl(listener->fd(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(fcntl(listener->fd(), F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(UnixListenerTest, HasThePermissionsItWasToldWhateverTheUmask) {
  for (const mode_t mode : {0600U, 0660U, 0777U}) {
    const mode_t former = umask(0077);
    {
      const auto listener = UnixListener::Listen(path_, {mode});
      ASSERT_TRUE(listener);

      struct stat info {};

      ASSERT_EQ(stat(path_.c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 0777U, mode);
    }
    EXPECT_EQ(umask(former), 0077U);
  }
}

TEST_F(UnixListenerTest, TakesThePlaceOfASocketWhoseOwnerIsGone) {
  Other(SOCK_STREAM).Reset();
  const auto listener = Listen();
  ASSERT_TRUE(listener) << listener.error().message;
  EXPECT_TRUE(Answers());
}

TEST_F(UnixListenerTest, LeavesALivingOwnerAlone) {
  const UniqueFd owner = Other(SOCK_STREAM);
  ASSERT_EQ(listen(owner.get(), 0), 0);
  // The second and third find a queue that is full.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Refusal(), "cannot listen at unix:" + path_ + ": another process listens there");
  }
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(UnixListenerTest, LeavesAnythingElseAlone) {
  ASSERT_TRUE(WriteFile(path_, "precious"));
  EXPECT_EQ(Refusal(), "cannot listen at unix:" + path_ + ": the file exists and is not a socket");
  EXPECT_EQ(ReadFile(path_).value(), "precious");
  fs::remove(path_);
  const UniqueFd datagrams = Other(SOCK_DGRAM);
  EXPECT_NE(Refusal(), "");
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(UnixListenerTest, SaysWhatIsWrongWithThePath) {
  path_ = dir_.File("nowhere/s.sock");
  EXPECT_EQ(Refusal(), "cannot listen at unix:" + path_ + ": No such file or directory");
  path_ = dir_.File(std::string(200, 'x'));
  EXPECT_NE(Refusal().find("1 to 107 bytes"), std::string::npos);
}

TEST_F(UnixListenerTest, LeavesTheFileOfASuccessorAlone) {
  {
    const auto listener = Listen();
    ASSERT_TRUE(listener);
    fs::remove(path_);
    Other(SOCK_STREAM).Reset();
  }
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(UnixListenerTest, IsRenamedOverTheFileOfAPredecessor) {
  const std::string second = path_ + ".2";
  {
    std::optional<UnixListener> predecessor(*Listen());
    auto successor = UnixListener::Listen(second, {0600});
    ASSERT_TRUE(successor);
    ASSERT_TRUE(successor->Rename(path_));
    predecessor.reset();
    EXPECT_TRUE(Answers());
    EXPECT_FALSE(fs::exists(second));
  }
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(UnixListenerTest, LeavesTheFileToTheMasterInAChild) {
  {
    auto listener = Listen();
    ASSERT_TRUE(listener);
    listener->LeaveInChild();
    EXPECT_FALSE(Answers());
  }
  EXPECT_TRUE(fs::exists(path_));
}

}  // namespace
}  // namespace sqlicorn
