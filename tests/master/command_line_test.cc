// SPDX-License-Identifier: MIT
#include "master/start/command_line.h"

#include <gtest/gtest.h>

#include "common/config/server_setting_table.h"
#include "common/config/server_settings.h"
#include "master/start/config_loader.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

using Words = std::vector<std::string>;

CommandLine Parse(const Words& words) {
  auto parsed = ParseCommandLine(words);
  const auto* end = std::get_if<CommandLineEnd>(&parsed);
  EXPECT_EQ(end, nullptr) << end->text;
  return end == nullptr ? std::get<CommandLine>(std::move(parsed)) : CommandLine{};
}

CommandLineEnd End(const Words& words) {
  auto parsed = ParseCommandLine(words);
  EXPECT_TRUE(std::holds_alternative<CommandLineEnd>(parsed));
  const auto* end = std::get_if<CommandLineEnd>(&parsed);
  return end != nullptr ? *end : CommandLineEnd{};
}

std::string Show(const CommandLine& line) {
  std::string text;
  for (const auto& [key, value] : line.overrides) {
    text += fmt::format("{} = {}\n", key, Describe(value));
  }
  return text;
}

TEST(CommandLine, IsServeWithNothing) {
  const CommandLine line = Parse({});
  EXPECT_EQ(line.action, Action::kServe);
  EXPECT_EQ(line.config_path, "");
  EXPECT_TRUE(line.overrides.empty());
}

TEST(CommandLine, KnowsItsActions) {
  EXPECT_EQ(Parse({"--check-config"}).action, Action::kCheckConfig);
  EXPECT_EQ(Parse({"--print-config"}).action, Action::kPrintConfig);
  EXPECT_EQ(Parse({"--print-pragmas"}).action, Action::kPrintPragmas);
  EXPECT_EQ(Parse({"--query", "SELECT 1"}).action, Action::kQuery);
  EXPECT_EQ(Parse({"--query", ""}).action, Action::kQuery);
  EXPECT_EQ(Parse({"-c", "x.toml"}).config_path, "x.toml");
  EXPECT_EQ(Parse({"-c", "x.toml", "-c", "y.toml"}).config_path, "y.toml");
}

TEST(CommandLine, TakesTheLastOfAFlagAndAllOfAList) {
  const CommandLine line = Parse({"-w", "2", "--workers=3", "-b", ":1", "-b", ":2", "-t", "1.5"});
  EXPECT_EQ(Show(line),
            "server.bind = a list\nserver.workers = the integer 3\n"
            "server.timeout = the number 1.5\n");
  EXPECT_EQ(std::get<Array>(line.overrides[0].second.data).size(), 2U);
  EXPECT_EQ(line.overrides[1].second.place.ToString(), "--workers");
}

TEST(CommandLine, SwitchesOnAndOff) {
  EXPECT_EQ(Show(Parse({"-D"})), "server.daemon = the boolean true\n");
  EXPECT_EQ(Show(Parse({"--daemon", "--no-daemon"})), "server.daemon = the boolean false\n");
  EXPECT_EQ(Show(Parse({"--no-daemon", "--daemon"})), "server.daemon = the boolean true\n");
}

TEST(CommandLine, AppliesSetsAfterFlagsInTheirOrder) {
  EXPECT_EQ(Show(Parse({"--set", "server.workers=9", "--set", "a.b=x=y", "-w", "2"})),
            "server.workers = the integer 2\nserver.workers = the integer 9\n"
            "a.b = the string \"x=y\"\n");
}

TEST(CommandLine, TakesAutoForTheNumberOfWorkers) {
  EXPECT_EQ(Show(Parse({"-w", "auto"})), "server.workers = the string \"auto\"\n");
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  const struct {
    Words words;
    const char* complaint;
  } cases[] = {
      {{"--xyzzy"}, "unknown flag --xyzzy (see --help)"},
      {{"--wrokers=3"}, "unknown flag --wrokers (did you mean '--workers'?) (see --help)"},
      {{"--no-demon"}, "unknown flag --no-demon (did you mean '--no-daemon'?) (see --help)"},
      {{"--treads", "2"}, "unknown flag --treads (see --help)"},
      {{"-x"}, "unknown flag -x (see --help)"},
      {{"-R=foo"}, "'=foo' does not go with a flag of one letter (see --help)"},
      {{"x.toml"}, "'x.toml' is not expected: the configuration file goes with -c (see --help)"},
      {{"-k", "gevent"},
       "--worker-class is a setting of gunicorn without a meaning here: there is one kind of "
       "worker, an event loop in a process of its own; leave it out"},
      {{"--threads=4"},
       "--threads is a setting of gunicorn without a meaning here: a worker is one thread; use "
       "workers"},
      {{"--preload"},
       "--preload is a setting of gunicorn without a meaning here: the configuration is always "
       "checked before workers are forked; leave it out"},
      {{"--statsd-host", "h:8125"},
       "--statsd-host is a setting of gunicorn without a meaning here: there is no statsd; "
       "sqlicornctl show stats has the numbers"},
      {{"-w", "many"}, "--workers: must be a number or auto, not 'many' (see --help)"},
      {{"-t", "auto"}, "--timeout: must be a number, not 'auto' (see --help)"},
      {{"--workers"}, "--workers: 1 required NUMBER missing (see --help)"},
      {{"--set", "x"}, "--set x: write KEY=VALUE, such as database.timeout=2.5"},
      {{"--set", "=x"}, "--set =x: write KEY=VALUE, such as database.timeout=2.5"},
  };

  for (const auto& c : cases) {
    const CommandLineEnd end = End(c.words);
    EXPECT_EQ(end.exit_code, ExitCode::kUsage);
    EXPECT_EQ(end.text, c.complaint);
  }
}

TEST(CommandLine, TakesFlagsOfGunicornThatAskForWhatIsDoneAnyway) {
  EXPECT_EQ(Show(Parse({"-k", "sync", "--threads", "1", "--worker-tmp-dir", "/dev/shm",
                        "--no-sendfile", "--worker-connections", "5"})),
            "server.worker_connections = the integer 5\n");
}

TEST(CommandLine, NoControlSocketIsTheLastWord) {
  EXPECT_EQ(Show(Parse({"--no-control-socket", "--control-socket", "a", "--set",
                        "server.control_socket=b"})),
            "server.control_socket = the string \"a\"\nserver.control_socket = the string \"b\"\n"
            "server.control_socket = the string \"\"\n");
}

TEST(CommandLine, HelpTellsEveryDefaultAndNoForeignFlag) {
  const std::string help = End({"--help"}).text;
  for (const ServerSetting& setting : ServerSettingTable()) {
    EXPECT_NE(help.find(fmt::format("{} [{}]\n", setting.help, DefaultText(setting))),
              std::string::npos)
        << setting.name;
  }
  EXPECT_EQ(help.find("{false}"), std::string::npos);
  EXPECT_EQ(help.find("--worker-class"), std::string::npos);
}

TEST(CommandLine, HelpMentionsEverySetting) {
  const CommandLineEnd end = End({"--help"});
  EXPECT_EQ(end.exit_code, ExitCode::kOk);
  for (const ServerSetting& setting : ServerSettingTable()) {
    const std::string flags = setting.flags;
    EXPECT_NE(end.text.find(flags.substr(flags.rfind(',') + 1)), std::string::npos) << flags;
  }
  for (const char* flag : {"--config", "--set", "--check-config", "--print-config",
                           "--print-pragmas", "--query", "--version", "--no-control-socket"}) {
    EXPECT_NE(end.text.find(flag), std::string::npos) << flag;
  }
}

TEST(CommandLine, VersionNamesSqlite) {
  const CommandLineEnd end = End({"--version"});
  EXPECT_EQ(end.exit_code, ExitCode::kOk);
  EXPECT_TRUE(end.text.starts_with("sqlicorn (version ")) << end.text;
  EXPECT_NE(end.text.find(", SQLite 3."), std::string::npos) << end.text;
}

TEST(SplitArguments, SplitsAsAShellDoes) {
  const struct {
    const char* text;
    Words words;
  } cases[] = {
      {"", {}},
      {"  \t\n", {}},
      {" -w 3\t--set a=b \n", {"-w", "3", "--set", "a=b"}},
      {"'a b' \"c d\"", {"a b", "c d"}},
      {"--set x=\"/my dir/a.db\"", {"--set", "x=/my dir/a.db"}},
      {"a'b c'd\"e f\"g", {"ab cde fg"}},
      {"'' \"\"", {"", ""}},
      {R"(a\ b \' \\)", {"a b", "'", "\\"}},
      {R"("a\"b\\c\d")", {R"(a"b\c\d)"}},
      {R"('a\b"c')", {R"(a\b"c)"}},
      {"`a b`", {"`a", "b`"}},
  };

  for (const auto& c : cases) {
    const auto words = SplitArguments(c.text);
    ASSERT_TRUE(words) << c.text;
    EXPECT_EQ(*words, c.words) << c.text;
  }
}

TEST(SplitArguments, RefusesWhatIsLeftOpen) {
  for (const char* text : {"'a", "\"a", "a\"b c", "\"a\\\"", "a\\"}) {
    EXPECT_EQ(ErrorOf(SplitArguments(text)),
              "a quote is not closed, or a backslash stands at the end")
        << text;
  }
}

}  // namespace
}  // namespace sqlicorn
