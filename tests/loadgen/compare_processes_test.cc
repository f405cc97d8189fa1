// SPDX-License-Identifier: MIT
// What `sqlicorn-loadgen compare` leaves of the processes of a server: nothing.
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "loadgen/server/keeper.h"
#include "tests/loadgen/compare_program.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

class ProcessesOfAServer : public CompareProgram {
 protected:
  // `script` gets the command line of a server of ours.
  void Configure(const std::string& script, const std::string& more = "") {
    Write("start.sh", script);
    Append("plan.toml", "[[configuration]]\nname = 'other'\ncommand = ['/bin/sh', 'start.sh', " +
                            OwnServer() + "]\nenvironment = { PID_FILE = '" + dir_.File("pid") +
                            "' }\n" + more);
  }

  // Whether the process whose number is in the file "pid" lives.
  [[nodiscard]] bool Lives() const {
    const std::string pid = testing::ReadAll(dir_.File("pid"));
    return !pid.empty() &&
           std::filesystem::exists("/proc/" + pid.substr(0, pid.find('\n')) + "/exe");
  }

  [[nodiscard]] bool HasGone() const {
    return std::filesystem::exists(dir_.File("pid")) && WaitFor([this] { return !Lives(); });
  }
};

// TERM ends the shell alone.
TEST_F(ProcessesOfAServer, EndWithTheShellThatStartedThem) {
  Configure("\"$@\" &\necho $! >\"$PID_FILE\"\nwait\n");
  EXPECT_EQ(Run("--rounds 2 --only other"), 0) << err_;
  EXPECT_TRUE(HasGone());
  EXPECT_TRUE(ServersAreGone());
  EXPECT_FALSE(Contains(out_, "did not stop")) << out_;
}

// A session of its own, other outputs, and init for a parent: nothing of it is the shell's any
// more.
TEST_F(ProcessesOfAServer, AreFoundWhereTheyHaveLeftIt) {
  Configure(
      "setsid sh -c 'echo $$ >\"$PID_FILE\"; exec \"$@\"' sh \"$@\" >/dev/null 2>&1 "
      "</dev/null &\nexit 0\n");
  EXPECT_EQ(Run("--rounds 2 --only other"), 0) << err_;
  EXPECT_TRUE(HasGone());
  EXPECT_TRUE(Contains(out_, "\nother ")) << out_;
}

TEST_F(ProcessesOfAServer, EndWithAShellThatFails) {
  Configure("\"$@\" &\necho $! >\"$PID_FILE\"\nexit 7\n");
  EXPECT_EQ(Run("--rounds 1 --only other"), 1) << err_;
  EXPECT_TRUE(Contains(err_, "it ended with exit status 7")) << err_;
  EXPECT_TRUE(HasGone());
}

// It will not hear of TERM, and the comparison cannot send it anything any more.
TEST_F(ProcessesOfAServer, AreKilledWhereTheComparisonWasKilled) {
  Configure("trap '' TERM\n\"$@\" &\necho $$ >\"$PID_FILE\"\nwhile :; do sleep 0.05; done\n");
  const ProcessExit ended = RunAndLook("--duration 20s --only other", "rows-before.json",
                                       [](ChildProcess& program) { program.Kill(SIGKILL); });
  EXPECT_EQ(ended.signal, SIGKILL);
  EXPECT_TRUE(HasGone());
  EXPECT_TRUE(ServersAreGone());
  EXPECT_TRUE(WaitFor([this] { return LeftNothing(); }));
}

TEST_F(ProcessesOfAServer, AreStartedOnlyWhereThePortIsFree) {
  Loop loop;
  const testing::ScriptedServer other(loop, [](const std::string&, std::size_t) {
    return testing::Reply{"", testing::Reply::Then::kClose};
  });
  const std::string port = std::to_string(other.port());
  Configure("exec \"$@\"\n", "url = 'http://127.0.0.1:" + port + "'\n");
  EXPECT_EQ(Run("--rounds 1 --only other"), 1) << err_;
  EXPECT_TRUE(Contains(err_, "other FAILED: port " + port + " is taken already, by ")) << err_;
  EXPECT_TRUE(Contains(err_, "(pid " + std::to_string(getpid()) + ")")) << err_;
}

// A keeper of this process.
class KeptCommand : public ProcessesOfAServer {
 protected:
  // Sends the signal as soon as the script has made the file "pid".
  ProcessExit Keep(const std::string& script, int signal) {
    Loop loop;
    ProcessExit ended;
    const std::string in = "cd " + dir_.File("") + "; ";
    auto keeper = ChildProcess::Start(loop,
                                      {{LOADGEN_PROGRAM, kKeeperWord, std::to_string(getpid()), "",
                                        std::to_string(SIGINT), "/bin/sh", "-c", in + script},
                                       dir_.File("log"),
                                       dir_.File("log")},
                                      [&](ProcessExit exit) {
                                        ended = exit;
                                        loop.Stop();
                                      });
    EXPECT_TRUE(keeper);
    Timer tick(loop, [&] {
      if (std::filesystem::exists(dir_.File("pid"))) {
        (*keeper)->Kill(signal);
      }
    });
    tick.Start(Duration::zero(), std::chrono::milliseconds(20));
    loop.Run();
    return ended;
  }
};

TEST_F(KeptCommand, IsStoppedByTheSignalThatItWants) {
  const ProcessExit ended =
      Keep("trap 'exit 5' INT; echo $$ >pid; while :; do sleep 0.01; done", SIGTERM);
  EXPECT_EQ(ended.status, 5);
}

TEST_F(KeptCommand, IsKilledWithAllThatIsItsOwn) {
  const ProcessExit ended = Keep(
      "trap '' INT TERM; setsid sh -c 'trap \"\" INT TERM; echo $$ >pid; sleep 60; exit' & "
      "while :; do sleep 0.01; done",
      kKillWord);
  EXPECT_EQ(ended.signal, SIGKILL);
  EXPECT_TRUE(HasGone());
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("log")), "killed: sh (pid "));
}

TEST_F(KeptCommand, EndsByItself) {
  EXPECT_EQ(Keep("exit 3", SIGTERM).status, 3);
  EXPECT_EQ(Keep("kill -9 $$", SIGTERM).signal, SIGKILL);
}

}  // namespace
}  // namespace sqlicorn::loadgen
