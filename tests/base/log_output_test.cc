// SPDX-License-Identifier: MIT
#include "common/base/log_output.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include <climits>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

struct Pair {
  UniqueFd reader;
  UniqueFd writer;
};

Pair MakePipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Pair MakeSockets() {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// What can be read without waiting.
std::string Drain(int fd) {
  fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t got = 0; (got = read(fd, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

const std::string kLine = std::string(99, 'x') + "\n";

// Fills the output until it takes no more; the number of lines that were taken.
std::size_t Fill(LogOutput& output) {
  std::size_t taken = 0;
  while (output.Write(kLine) == 0) {
    ++taken;
  }
  return taken;
}

// The same holds for everything that can be full.
struct Kind {
  const char* name;
  Pair (*make)();
  LogOutput (*open)(int fd);
};

const std::array<Kind, 3> kKinds = {{
    {"PipeOpenedAnew", MakePipe, [](int fd) { return LogOutput::Open("-", fd).value(); }},
    {"SharedPipe", MakePipe, [](int fd) { return LogOutput(fd); }},
    {"Socket", MakeSockets, [](int fd) { return LogOutput::Open("-", fd).value(); }},
}};

class FullOutput : public testing::TestWithParam<Kind> {
 protected:
  Pair pair_ = GetParam().make();
  LogOutput output_ = GetParam().open(pair_.writer.get());
};

TEST_P(FullOutput, LosesWholeLinesAndBlocksNobody) {
  std::size_t written = Fill(output_);
  EXPECT_EQ(output_.Write(kLine + kLine), 2U);
  std::string text = Drain(pair_.reader.get());
  EXPECT_EQ(output_.Write("next\n"), 0U);
  text += Drain(pair_.reader.get());
  ASSERT_TRUE(text.ends_with("\nnext\n"));
  text.resize(text.size() - 5);
  // A line of which the beginning was taken is finished later.
  EXPECT_EQ(text.size() % kLine.size(), 0U);
  EXPECT_GE(text.size() / kLine.size(), written);
  EXPECT_LE(text.size() / kLine.size(), written + 1);
}

TEST_P(FullOutput, TakesLongTextInPieces) {
  std::string lines;
  while (lines.size() < 3 * PIPE_BUF) {
    lines += kLine;
  }
  EXPECT_EQ(output_.Write(lines), 0U);
  EXPECT_EQ(Drain(pair_.reader.get()), lines);
}

TEST_P(FullOutput, LeavesTheModeOfTheDescriptorAlone) {
  EXPECT_EQ(output_.Write(kLine), 0U);
  EXPECT_EQ(fcntl(pair_.writer.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_P(FullOutput, LosesLinesWhenTheReaderHasGone) {
  std::signal(SIGPIPE, SIG_IGN);
  pair_.reader.Reset();
  EXPECT_EQ(output_.Write(kLine + kLine), 2U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, FullOutput, testing::ValuesIn(kKinds),
                         [](const auto& named) { return named.param.name; });

TEST(LogOutput, LosesLinesOnAFullDisk) {
  auto output = LogOutput::Open("/dev/full", STDERR_FILENO);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->Write(kLine + kLine), 2U);
}

TEST(LogOutput, OfAFifoWithoutAReaderIsAnErrorAndDoesNotWait) {
  const TempDir dir;
  const std::string path = dir.File("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto output = LogOutput::Open(path, STDERR_FILENO);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().message, "'" + path + "': No such device or address");
}

TEST(LogOutput, WritesToTheNewFileOnceReopened) {
  const TempDir dir;
  const std::string path = dir.File("log");
  auto output = LogOutput::Open(path, STDERR_FILENO);
  ASSERT_TRUE(output);
  EXPECT_FALSE(output->Moved());
  ASSERT_EQ(std::rename(path.c_str(), dir.File("old").c_str()), 0);
  EXPECT_TRUE(output->Moved());
  EXPECT_EQ(output->Write("one\n"), 0U);
  ASSERT_TRUE(output->Reopen());
  EXPECT_EQ(output->Write("two\n"), 0U);
  EXPECT_EQ(ReadFile(dir.File("old")).value(), "one\n");
  EXPECT_EQ(ReadFile(path).value(), "two\n");
}

TEST(LogOutput, KeepsTheOldFileWhenItCannotReopen) {
  const TempDir dir;
  const std::string path = dir.File("log");
  auto output = LogOutput::Open(path, STDERR_FILENO);
  ASSERT_EQ(std::rename(path.c_str(), dir.File("old").c_str()), 0);
  ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
  EXPECT_FALSE(output->Reopen());
  EXPECT_EQ(output->Write("one\n"), 0U);
  EXPECT_EQ(ReadFile(dir.File("old")).value(), "one\n");
}

}  // namespace
}  // namespace sqlicorn
