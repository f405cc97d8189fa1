// SPDX-License-Identifier: MIT
// The program itself: flags, exit codes, what it writes where.
#include "tests/loadgen/program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

TEST(Program, RefusesFlagsItDoesNotKnowAndBadValues) {
  for (const char* arguments : {"run --no-such-flag",
                                "run -u 0",
                                "run -u x",
                                "run -r 0",
                                "run -t 5x",
                                "run -L loud",
                                "run --csv-full-history",
                                "run --rate 0",
                                "run --rate 5..9",
                                "run --find-max 'p99 < 5'",
                                "run --find-max 'p99 > 5ms'",
                                "run --find-max 'p99 < 5ms' --html-file x",
                                "run --find-max 'p99 < 5ms' --csv x",
                                "run --find-max 'p99 < 5ms' --fail-if 'p99 > 1s'",
                                "run --exit-code-on-error 256",
                                "run --seed -1",
                                "run --seed 1.5",
                                "run -u 010x",
                                "run -u 0x10",
                                "run -t 0",
                                "run -t 0s",
                                "run -t 1h1h",
                                "run -t 20s3m",
                                "run --timeout -1s",
                                "compare p --seed -1",
                                "tune p --seed -1",
                                "compare p --rounds 0x2",
                                "compare p -u -1",
                                "run --exit-code-on-error -1",
                                "no-such-command",
                                ""}) {
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments << outcome.out;
    EXPECT_FALSE(outcome.out.empty()) << arguments;
  }
}

TEST(Program, SaysWhatIsWrongWithANumberOrATime) {
  const std::pair<const char*, const char*> rows[] = {
      {"run --seed -1", "--seed: '-1' is not a whole number from 0 to 18446744073709551615"},
      {"compare p --rounds 1001", "--rounds: '1001' is not a whole number from 1 to 1000"},
      {"run -u 0", "--users: '0' is not a whole number from 1 to 1000000"},
      {"run --find-max 'p99(/nowhere/) < 1s'",
       "--find-max 'p99(/nowhere/) < 1s': there is no '/nowhere/' in this load; there are GET"},
      {"run -t 0", "--run-time: in no time nothing is measured: leave it out to run until"},
      {"run -t 1h1h", "--run-time: '1h1h' is not a time such as 20, 20s, 3m or 1h20m"}};
  for (const auto& [arguments, complaint] : rows) {
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_TRUE(Contains(outcome.out, complaint)) << outcome.out;
  }
}

TEST(Program, HelpsAndNamesItsVersion) {
  const Outcome help = RunProgram("run --help");
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(Contains(help.out, "--stop-timeout")) << help.out;
  EXPECT_TRUE(Contains(help.out, "\n  6    a report file could not be written")) << help.out;
  EXPECT_EQ(RunProgram("--version").out, "sqlicorn-loadgen " SQLICORN_VERSION "\n");
}

TEST(Program, SaysWhatOnlyTakes) {
  const Outcome help = RunProgram("compare --help");
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(Contains(help.out, "--only NAME")) << help.out;
  EXPECT_TRUE(Contains(help.out, "[[configuration]]")) << help.out;
  EXPECT_TRUE(Contains(help.out, "repeat the flag")) << help.out;
}

TEST(Program, NamesThePlaceInAMalformedScenario) {
  const testing::TempFile file("bad.toml", "users = 1\n[[task]\n");
  const Outcome outcome = RunProgram("run --scenario " + file.path());
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.out, file.path() + ":2:")) << outcome.out;
}

TEST(Program, RefusesAHostThatIsNoUrl) {
  for (const char* host : {"nonsense", "https://127.0.0.1:1", "http://a b"}) {
    const Outcome outcome = RunProgram(std::string("run -t 1 -H '") + host + "'");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(outcome.out.starts_with(std::string("sqlicorn-loadgen: --host: '") + host + "'"))
        << outcome.out;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
  }
}

TEST(Program, SpeaksLikeLocust) {
  const Outcome outcome = RunProgram("run --headless -t 200ms --only-summary" + DeadHost());
  for (const char* part :
       {"/INFO/sqlicorn.loadgen.main: Starting sqlicorn-loadgen ",
        "/INFO/sqlicorn.loadgen.main: Run time limit set to 0.2 seconds\n",
        "/INFO/sqlicorn.loadgen.runners: Ramping to 1 users at a rate of 1.00 per second\n",
        "/INFO/sqlicorn.loadgen.runners: All users spawned: {\"User\": 1} (1 total users)\n",
        "/INFO/sqlicorn.loadgen.main: --run-time limit reached, shutting down\n",
        "/INFO/sqlicorn.loadgen.main: Shutting down (exit code 4)\nType     Name",
        "\n\nResponse time percentiles (approximated)\n", "\n\nError report\n",
        ": ConnectionRefusedError(111, 'Connection refused')"}) {
    EXPECT_TRUE(Contains(outcome.out, part)) << part << "\n" << outcome.out;
  }
}

// A server that nobody reaches was not measured, whatever failures may end with.
TEST(Program, EndsWith4WhereEveryRequestFailed) {
  for (const char* flags :
       {"", " --exit-code-on-error 0", " --exit-code-on-error 7", " --fail-if 'failures > 0'"}) {
    EXPECT_EQ(RunProgram(std::string("run -t 50ms --only-summary") + flags + DeadHost()).code, 4)
        << flags;
  }
}

TEST(Program, WritesJsonToTheFileAsNamed) {
  const TempDir dir;
  const std::string path = dir.File("numbers");
  const Outcome outcome = RunProgram("run -t 50ms --numbers-file " + path + " --json-file " +
                                     dir.File("out") + DeadHost());
  EXPECT_TRUE(Contains(testing::ReadAll(path), "ConnectionRefusedError"));
  EXPECT_TRUE(Contains(testing::ReadAll(dir.File("out.json")), "\"num_none_requests\": 0"));
  EXPECT_TRUE(Contains(outcome.out, "Error report")) << "the tables stay";
}

TEST(Program, TakesAHostWithItsPortAsHttp) {
  const Outcome outcome = RunProgram("run -t 50ms --only-summary -H 127.0.0.1:" +
                                     std::to_string(testing::UnusedPort()));
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(Contains(outcome.out, "ConnectionRefusedError")) << outcome.out;
}

TEST(Program, ReportsAgainFromWhatItSaved) {
  const TempDir dir;
  const std::string saved = dir.File("saved.json");
  const Outcome run = RunProgram("run -t 50ms --only-summary --save " + saved + " --numbers-file " +
                                 dir.File("run.json") + DeadHost());
  const Outcome again = RunProgram("report " + saved);
  EXPECT_EQ(again.code, 4) << "as the run did, of which nothing succeeded";
  EXPECT_TRUE(Contains(again.out, "Aggregated")) << again.out;
  EXPECT_TRUE(Contains(run.out, again.out)) << run.out << again.out;
  EXPECT_EQ(RunProgram("report --json-file " + dir.File("again.json") + " " + saved).code, 4);
  EXPECT_EQ(testing::ReadAll(dir.File("again.json")), testing::ReadAll(dir.File("run.json")));
  std::filesystem::copy(saved, dir.File("copy.json"));
  const Outcome two = RunProgram("report " + saved + " " + dir.File("copy.json"));
  EXPECT_EQ(two.code, 4);
  EXPECT_TRUE(Contains(two.out, "were not measured side by side")) << two.out;
}

TEST(Program, ShowsHowItGoesOnATerminal) {
  const std::string out =
      RunCommandLine("LC_ALL=C.UTF-8 timeout 60 script -qec '" LOADGEN_PROGRAM " run -t 1" +
                     DeadHost() + "' /dev/null </dev/null")
          .out;
  EXPECT_TRUE(Contains(out, "ETA 1s")) << out;
  EXPECT_TRUE(Contains(out, "  ok/s          0.0 \xE2\x96\x81")) << out;
  EXPECT_TRUE(Contains(out, "x GET /read")) << out;
  EXPECT_TRUE(Contains(out, "\r\x1b[K\x1b[A\r\x1b[K")) << "what was shown is erased";
}

TEST(Program, TellsEveryThreshold) {
  const TempDir dir;
  const std::string saved = " --save " + dir.File("saved.json") + " ";
  const Outcome run = RunProgram(
      "run -t 50ms --only-summary --fail-if 'failure_ratio > 1%' --fail-if 'max > 1h' "
      "--fail-if 'p99 > 1h'" +
      saved + DeadHost());
  EXPECT_TRUE(Contains(run.out, "\nFAILED --fail-if 'failure_ratio > 1%': run: 100 %\n"))
      << run.out;
  EXPECT_TRUE(Contains(run.out, "\npassed --fail-if 'max > 1h': run: ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "\nFAILED --fail-if 'p99 > 1h': run: not measured: ")) << run.out;
  const Outcome again =
      RunProgram("report " + dir.File("saved.json") + " --fail-if 'failures < 0'");
  EXPECT_TRUE(Contains(again.out, "passed --fail-if 'failures < 0': run: ")) << again.out;
}

TEST(Program, RefusesThresholdsThatItCannotJudge) {
  for (const char* limit :
       {"p99(/nowhere/) > 1s", "p99", "speed > 1", "ratio(ok_rps) < 0.95", "cpu > 1ms"}) {
    const Outcome outcome =
        RunProgram("run -t 50ms --fail-if '" + std::string(limit) + "'" + DeadHost());
    EXPECT_EQ(outcome.code, 2) << limit << outcome.out;
    EXPECT_FALSE(Contains(outcome.out, "Ramping")) << outcome.out;
  }
}

TEST(Program, WritesEveryFormatOfARun) {
  const TempDir dir;
  const std::string to = dir.File("r");
  const Outcome run =
      RunProgram("run -t 50ms --only-summary --bars --html-file " + to + ".html --markdown-file " +
                 to + ".md --junit-file " + to + ".xml --prometheus-file " + to +
                 ".prom --hdr-log " + to + ".hlog --hgrm " + to + DeadHost());
  EXPECT_EQ(run.code, 4);
  EXPECT_TRUE(Contains(testing::ReadAll(to + ".html"), "<h1>Load test of http://127.0.0.1"));
  EXPECT_TRUE(Contains(testing::ReadAll(to + ".md"), "| run |"));
  EXPECT_TRUE(Contains(testing::ReadAll(to + ".xml"), "<testsuites "));
  EXPECT_TRUE(Contains(testing::ReadAll(to + ".prom"), "sqlicorn_loadgen_failures_total{"));
  EXPECT_TRUE(Contains(testing::ReadAll(to + ".hlog"), "Tag=run:"));
  EXPECT_TRUE(Contains(testing::ReadAll(to + "_run.hgrm"), "#[Max     ="));
  EXPECT_TRUE(Contains(run.out, "run, reads (requests")) << run.out;
}

// Starts the program against a server in this process and signals it while it is running.
class SignalledProgram {
 public:
  // Sends `signals` when the first request has come, which is never answered.
  SignalledProgram(const std::vector<int>& signals, const std::string& stop_timeout)
      : server_(loop_, [&](const auto&, std::size_t number) {
          if (number == 0) {
            for (const int signal : signals) {
              child_->Kill(signal);
            }
          }
          return testing::Reply();
        }) {
    ChildProcess::Command command;
    command.argv = {LOADGEN_PROGRAM, "run", "--only-summary", "-H",
                    server_.url(),   "-s",  stop_timeout};
    command.stderr_path = dir_.File("stderr");
    Timer deadline(loop_, [this] { loop_.Stop(); });
    deadline.Start(std::chrono::seconds(30));
    child_ = ChildProcess::Start(loop_, command, [this](ProcessExit exit) {
               exit_ = exit;
               loop_.Stop();
             }).value();
    loop_.Run();
    output_ = testing::ReadAll(command.stderr_path);
  }

  [[nodiscard]] const std::optional<ProcessExit>& exit() const { return exit_; }

  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  TempDir dir_;
  Loop loop_;
  std::unique_ptr<ChildProcess> child_;
  testing::ScriptedServer server_;
  std::optional<ProcessExit> exit_;
  std::string output_;
};

TEST(Program, WaitsForOpenRequestsAndEndsWithItsTablesOnASignal) {
  for (const auto& [signal, name] :
       {std::pair{SIGINT, "Got SIGINT"}, {SIGTERM, "Got SIGTERM"}, {SIGHUP, "Got SIGHUP"}}) {
    const SignalledProgram program({signal}, "200ms");
    ASSERT_TRUE(program.exit().has_value());
    EXPECT_EQ(program.exit()->status, 4) << "nothing was measured";
    EXPECT_TRUE(Contains(program.output(), name));
    EXPECT_TRUE(Contains(program.output(), "INVALID measurement: no request ended"));
    EXPECT_TRUE(Contains(program.output(), "WARNING")) << "the request that was not answered";
    EXPECT_TRUE(Contains(program.output(), "Aggregated"));
  }
}

TEST(Program, EndsAtOnceOnTheSecondSignal) {
  const SignalledProgram program({SIGINT, SIGTERM}, "10m");
  EXPECT_TRUE(program.exit().has_value()) << "before the deadline of this test";
  EXPECT_TRUE(Contains(program.output(), "Aggregated"));
}

TEST(Program, RefusesASpawnRateThatIsNone) {
  for (const char* rate : {"nan", "inf", "0", "-1", "1e7", "x"}) {
    const Outcome outcome = RunProgram(std::string("run -t 50ms -r ") + rate + DeadHost());
    EXPECT_EQ(outcome.code, 2) << rate << outcome.out;
    EXPECT_TRUE(Contains(outcome.out, "is not a number of users")) << outcome.out;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
