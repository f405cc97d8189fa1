// SPDX-License-Identifier: MIT
#include "master/start/config_loader.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/config/config_testing.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

class ConfigLoader : public testing::Test {
 protected:
  ConfigLoader() { Write(""); }

  ~ConfigLoader() override {
    for (const char* name : {"SQLICORN_CMD_ARGS", "WEB_CONCURRENCY", "PORT"}) {
      unsetenv(name);
    }
  }

  void Write(std::string_view server) {
    EXPECT_TRUE(WriteFile(path_, fmt::format("database.path = \"x.db\"\n[server]\n{}\n", server)));
  }

  static void Set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }

  Result<ServerConfig> Load(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"-c", path_});
    return LoadConfig(std::get<CommandLine>(ParseCommandLine(arguments)), directory_.path());
  }

  std::int64_t Workers(const std::vector<std::string>& arguments = {}) {
    const auto config = Load(arguments);
    EXPECT_TRUE(config) << ErrorOf(config);
    return config ? config->server.workers : -1;
  }

  TempDir directory_;
  std::string path_ = directory_.File("app.toml");
};

TEST_F(ConfigLoader, TakesTheStrongestSource) {
  EXPECT_EQ(Workers(), 1);
  Set("WEB_CONCURRENCY", "2");
  EXPECT_EQ(Workers(), 2);
  Write("workers = 3");
  EXPECT_EQ(Workers(), 3);
  Set("SQLICORN_CMD_ARGS", "-w 4");
  EXPECT_EQ(Workers(), 4);
  EXPECT_EQ(Workers({"-w", "5"}), 5);
  Set("SQLICORN_CMD_ARGS", "--set server.workers=6");
  EXPECT_EQ(Workers(), 6);
  EXPECT_EQ(Workers({"-w", "5"}), 5);
}

TEST_F(ConfigLoader, TakesThePortOnlyWhereNothingIsBound) {
  Set("PORT", "9000");
  EXPECT_EQ(Load()->server.bind, std::vector<std::string>{"0.0.0.0:9000"});
  EXPECT_EQ(Load({"-b", ":1"})->server.bind, std::vector<std::string>{":1"});
  Write("bind = [\":2\"]");
  EXPECT_EQ(Load()->server.bind, std::vector<std::string>{":2"});
}

TEST_F(ConfigLoader, ReadsTheFileThatTheEnvironmentNames) {
  Set("SQLICORN_CMD_ARGS", fmt::format("-c '{}'", path_));
  const auto config = LoadConfig(CommandLine{}, "/");
  ASSERT_TRUE(config) << ErrorOf(config);
  EXPECT_EQ(config->database.path, directory_.File("x.db"));
}

TEST_F(ConfigLoader, NamesProcessesAfterTheFileUnlessToldOtherwise) {
  EXPECT_EQ(Load()->server.proc_name, "app.toml");
  EXPECT_EQ(Load({"-n", "mine"})->server.proc_name, "mine");
}

TEST_F(ConfigLoader, SaysWhichSourceIsWrong) {
  EXPECT_EQ(ErrorOf(Load({"-w", "-1"})).substr(0, 11), "--workers: ");
  Set("WEB_CONCURRENCY", "x");
  EXPECT_EQ(ErrorOf(Load()).substr(0, 17), "WEB_CONCURRENCY: ");
  Set("SQLICORN_CMD_ARGS", "--nope");
  EXPECT_EQ(ErrorOf(Load()),
            "SQLICORN_CMD_ARGS: unknown flag --nope (did you mean '--name'?) (see --help)");
  Set("SQLICORN_CMD_ARGS", "--help");
  EXPECT_EQ(ErrorOf(Load()), "SQLICORN_CMD_ARGS: --help and --version have no place here");
  Set("SQLICORN_CMD_ARGS", "-n 'a");
  EXPECT_EQ(ErrorOf(Load()),
            "SQLICORN_CMD_ARGS: a quote is not closed, or a backslash stands at the end");
}

TEST_F(ConfigLoader, RefusesNumbersThatAreNone) {
  for (const char* number : {"nan", "inf", "-inf"}) {
    EXPECT_FALSE(Load({"--timeout", number})) << number;
  }
}

TEST_F(ConfigLoader, FindsTheFileFromWhereTheProgramWasStarted) {
  const auto line = std::get<CommandLine>(ParseCommandLine({"-c", "app.toml"}));
  const auto config = LoadConfig(line, directory_.path());
  ASSERT_TRUE(config) << ErrorOf(config);
  EXPECT_EQ(config->database.path, directory_.File("x.db"));
}

TEST_F(ConfigLoader, MakesPathsAbsolute) {
  std::filesystem::create_directory(directory_.File("work"));
  const auto config = Load({"--chdir", "work", "-p", "p", "--log-file", "e", "--access-logfile",
                            "-", "-b", "unix:s", "-b", ":1", "--control-socket", "../c"});
  ASSERT_TRUE(config) << ErrorOf(config);
  const ServerSettings& server = config->server;
  EXPECT_EQ(server.chdir, directory_.File("work"));
  EXPECT_EQ(server.pidfile, directory_.File("work/p"));
  EXPECT_EQ(server.errorlog, directory_.File("work/e"));
  EXPECT_EQ(server.accesslog, "-");
  EXPECT_EQ(server.bind, (std::vector<std::string>{"unix:" + directory_.File("work/s"), ":1"}));
  EXPECT_EQ(server.control_socket, directory_.File("c"));
  EXPECT_EQ(config->database.path, directory_.File("x.db"));
}

TEST_F(ConfigLoader, RefusesADirectoryOneCannotGoTo) {
  EXPECT_EQ(ErrorOf(Load({"--chdir", "/absent"})),
            "can't chdir to '/absent': No such file or directory; make the directory or change "
            "server.chdir");
  EXPECT_EQ(ErrorOf(Load({"--chdir", path_})),
            fmt::format("can't chdir to '{}': Not a directory; make the directory or change "
                        "server.chdir",
                        path_));
}

TEST_F(ConfigLoader, NamesAFileThatIsMissing) {
  std::filesystem::remove(path_);
  EXPECT_EQ(ErrorOf(Load()), fmt::format("cannot read '{}': No such file or directory", path_));
}

}  // namespace
}  // namespace sqlicorn
