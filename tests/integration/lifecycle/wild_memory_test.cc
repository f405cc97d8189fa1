// SPDX-License-Identifier: MIT
// A worker that writes anything into the memory it shares with its master.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "tests/integration/control_site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

// The memory that a server made for its processes, as one of its workers sees it.
class SharedWords {
 public:
  explicit SharedWords(pid_t worker)
      : memory_(open(fmt::format("/proc/{}/mem", worker).c_str(), O_WRONLY | O_CLOEXEC)) {
    std::ifstream maps(fmt::format("/proc/{}/maps", worker));
    for (std::string line; std::getline(maps, line);) {
      unsigned long begin = 0;
      unsigned long end = 0;
      if (line.find(" rw-s ") != std::string::npos &&
          line.find("/dev/zero (deleted)") != std::string::npos &&
          std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) == 2) {
        pieces_.emplace_back(begin, (end - begin) / 8);
      }
    }
  }

  [[nodiscard]] std::size_t pieces() const { return pieces_.size(); }

  // Some words of each piece; false when the worker has gone.
  bool Scribble(std::mt19937_64& random) const {
    for (const auto& [begin, words] : pieces_) {
      for (int i = 0; i < 200; ++i) {
        // The beginning, where little is unused, as often as all the rest.
        const std::size_t most = random() % 2 == 0 ? words : std::min<std::size_t>(words, 512);
        const std::uint64_t value = random() >> (random() % 64);
        if (pwrite(memory_.get(), &value, sizeof(value),
                   static_cast<off_t>(begin + random() % most * 8)) != sizeof(value)) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  UniqueFd memory_;
  std::vector<std::pair<std::size_t, std::size_t>> pieces_;
};

class WildMemory : public testing::Test {
 protected:
  [[nodiscard]] ServerProcess& server() { return control_.server(); }

  [[nodiscard]] bool Writes() {
    return RawClient(server().port()).Ask(PostForm("/add_immediate/", "name=x")).status == 200;
  }

  // While requests come, workers die and configurations change.
  void ScribbleWhileItServes() {
    std::mt19937_64 random(std::random_device{}());
    for (int round = 0; round < 12; ++round) {
      std::vector<pid_t> workers;
      ASSERT_TRUE(WaitFor([&] {
        workers = server().workers();
        return !workers.empty();
      })) << server().log();
      const SharedWords words(workers.back());
      RawClient client(server().port());
      client.Send(PostForm("/add_immediate/", "name=wild"));
      for (int i = 0; i < 20 && words.Scribble(random); ++i) {
        if (i % 10 == 0) {
          EXPECT_TRUE(control_.Data("show stats").is_object());
          EXPECT_TRUE(control_.Data("show workers").is_object());
        }
      }
      EXPECT_TRUE(control_.Data("show histograms").is_object());
      if (round % 3 == 0) {
        kill(workers.front(), SIGKILL);
      } else if (round % 3 == 1) {
        server().Signal(SIGHUP);
      }
    }
  }

  ControlSite control_{{"--set", "database.scheduler=group", "--set", "database.timeout=1"}};
};

TEST_F(WildMemory, DoesNotEndTheMasterAndIsForgottenSoon) {
  const std::vector<pid_t> workers = server().workers();
  ASSERT_GE(SharedWords(workers.front()).pieces(), 1U) << "nothing to write into";
  ScribbleWhileItServes();
  EXPECT_EQ(server().WaitForEnd(Duration::zero()), "running") << server().log();
  EXPECT_FALSE(server().LogHas("WORKER TIMEOUT")) << server().log();
  EXPECT_TRUE(WaitFor([&] { return Writes(); })) << server().log();
  EXPECT_TRUE(WaitFor([&] { return control_.Run("reload --wait").exit_code == 0; }))
      << server().log();
  EXPECT_TRUE(control_.BecomesReady(2)) << server().log();
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(Writes());
  }
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
}

}  // namespace
}  // namespace sqlicorn
