// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/directory.h"
#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "tests/support/matches.h"
#include "tests/support/temp_file.h"
#include "tests/support/wait_for.h"

namespace sqlicorn::loadgen {

// A site with two endpoints over one table, and a plan of two configurations.
class CompareProgram : public ::testing::Test {
 protected:
  CompareProgram() {
    Write("server.toml", R"toml(
[server]
workers = 2
graceful_timeout = 2
pidfile = "never-made.pid"
[database]
path = "never-made.db"
schema = ["schema.sql"]
[statements]
read = "SELECT count(*) FROM note"
write = "INSERT INTO note (text) VALUES (:text)"
[params.note]
text = { type = "text" }
[[endpoint]]
path = "/read/"
transaction = "none"
steps = ["read"]
[[endpoint]]
path = "/write/"
methods = ["POST"]
params = "note"
transaction = "immediate"
steps = ["write"]
)toml");
    Write("schema.sql",
          "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT "
          "NULL);\n"
          "INSERT OR IGNORE INTO note VALUES (1, 'there before');\n");
    Write("load.toml",
          "[[task]]\npath = '/read/'\n[[task]]\nmethod = 'POST'\npath = '/write/'\n"
          "form = { text = 'a note' }\nunique = 'text'\nwrites = true\n");
    Write("plan.toml", R"toml(
server = "server.toml"
scenario = "load.toml"
users = 4
duration = "300ms"
warmup = "50ms"
rounds = 2
aa = false
seed = 1
audit = "SELECT text AS id FROM note"
[[configuration]]
name = "defaults"
[[configuration]]
name = "wal"
set = { database.pragmas.journal_mode = "wal", database.pragmas.synchronous = "normal" }
)toml");
  }

  // A busy disk that takes a second for a flush is no fault of the server.
  void KeepDatabasesInMemory() { work_ = memory_.File("work"); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name)) << text;
  }

  void Append(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name), std::ios::app) << text;
  }

  [[nodiscard]] std::string Command(const std::string& arguments) const {
    const bool server = arguments.find("--server") == std::string::npos;
    return LOADGEN_PROGRAM " compare " + dir_.File("plan.toml") + " --directory " + work_ +
           (server ? " --server " SERVER_PROGRAM " " : " ") + arguments;
  }

  // `arguments` begin with a file of the directory.
  int Tune(const std::string& arguments) {
    return RunCommand(LOADGEN_PROGRAM " tune " + dir_.File(arguments) + " --directory " + work_ +
                      " --server " SERVER_PROGRAM);
  }

  // Returns the exit code; the text of both outputs is in out_ and err_.
  int Run(const std::string& arguments = "") { return RunCommand(Command(arguments)); }

  int RunCommand(const std::string& line) {
    const std::string command =
        "timeout 100 " + line + " >" + dir_.File("out") + " 2>" + dir_.File("err");
    const int status = std::system(command.c_str());
    out_ = testing::ReadAll(dir_.File("out"));
    err_ = testing::ReadAll(dir_.File("err"));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // What a comparison left in its directory.
  [[nodiscard]] bool LeftNothing() const {
    return !std::filesystem::exists(work_) || std::filesystem::is_empty(work_);
  }

  // A file of the only run in the only directory that was kept; "" where there is none.
  [[nodiscard]] std::string Kept(const std::string& name) const {
    std::error_code error;
    std::filesystem::recursive_directory_iterator at(work_, error);
    // Not by a range: what is removed meanwhile would throw.
    for (; !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
      if (at->path().filename() == name) {
        return at->path().string();
      }
    }
    return "";
  }

  // Servers and their workers write to a log in the directory.
  // A process whose parent was killed lives a moment longer.
  [[nodiscard]] bool ServersAreGone() const {
    return WaitFor([this] { return NoServerLogs(); });
  }

  [[nodiscard]] bool NoServerLogs() const { return Writers("").empty(); }

  // The folders of /proc of all processes that write to a log in the directory, whose path ends so.
  [[nodiscard]] std::vector<std::string> Writers(const std::string& end) const {
    std::error_code error;
    std::vector<std::string> servers;
    for (const std::string& name : NamesIn("/proc")) {
      const std::string process = "/proc/" + name;
      const std::string path = std::filesystem::read_symlink(process + "/fd/2", error).string();
      if (path.starts_with(work_) && path.ends_with(end)) {
        servers.push_back(process);
      }
    }
    return servers;
  }

  // Runs the program on a loop of our own; `look` is called every 50 ms, once it has made `file` in
  // its directory.
  ProcessExit RunAndLook(const std::string& arguments, const std::string& file,
                         const std::function<void(ChildProcess&)>& look) {
    Loop loop;
    ProcessExit ended;
    auto child = ChildProcess::Start(
        loop, {{"/bin/sh", "-c", "exec " + Command(arguments)}, dir_.File("out"), dir_.File("err")},
        [&](ProcessExit exit) {
          ended = exit;
          loop.Stop();
        });
    EXPECT_TRUE(child);
    Timer tick(loop, [&] {
      if (Made(file)) {
        look(**child);
      }
    });
    tick.Start(Duration::zero(), std::chrono::milliseconds(50));
    loop.Run();
    out_ = testing::ReadAll(dir_.File("out"));
    err_ = testing::ReadAll(dir_.File("err"));
    return ended;
  }

  [[nodiscard]] bool Made(const std::string& file) const { return !Kept(file).empty(); }

  TempDir dir_;
  TempDir memory_{MemoryDirectory()};
  std::string work_ = dir_.File("work");
  std::string out_;
  std::string err_;
};

// The command line of our own server as that of another one: TOML strings.
inline const std::string kOwnServer =
    R"("SERVER", "-c", "server.toml", "-b", "127.0.0.1:{port}", "--set", )"
    R"("database.path=\"{database}\"", "--set", "server.pidfile=\"\"")";

inline std::string OwnServer(const std::string& file = "server.toml") {
  std::string text = kOwnServer;
  text.replace(text.find("SERVER"), 6, SERVER_PROGRAM);
  return text.replace(text.find("server.toml"), 11, file);
}

}  // namespace sqlicorn::loadgen
