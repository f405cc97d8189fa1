// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/integration/site.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {

// What sqlicornctl said.
struct Said {
  int exit_code = -1;
  std::string text;  // both streams
};

inline Said RunControl(const std::string& arguments) {
  // Arguments may direct the streams elsewhere.
  const std::string command =
      fmt::format("exec 2>&1; exec '{}' {}", SQLICORNCTL_PROGRAM, arguments);
  FILE* pipe = popen(command.c_str(), "r");
  Said said;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) {
    said.text.push_back(static_cast<char>(c));
  }
  const int status = pclose(pipe);
  said.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

// A site whose server listens at a control socket.
class ControlSite {
 public:
  explicit ControlSite(std::vector<std::string> arguments = {})
      : path_(site_.dir().File("ctl")), arguments_(std::move(arguments)) {
    arguments_.insert(arguments_.end(), {"--control-socket", path_});
    Start();
  }

  // The server is started without its path; USR2 looks for it in $PATH.
  void Start() {
    site_.StartWith({.arguments = arguments_, .in_child = [] {
                       const std::string program = SQLICORNCTL_PROGRAM;
                       setenv("PATH", program.substr(0, program.rfind('/')).c_str(), 1);
                     }});
  }

  [[nodiscard]] Said Run(const std::string& command) const {
    return RunControl(fmt::format("-s {} {}", path_, command));
  }

  // The data of a command that works.
  [[nodiscard]] nlohmann::json Data(const std::string& command) const {
    const Said said = Run("--json " + command);
    EXPECT_EQ(said.exit_code, 0) << said.text;
    return JsonOf(said.text);
  }

  [[nodiscard]] std::set<pid_t> ReadyWorkers() const {
    std::set<pid_t> pids;
    const nlohmann::json data = Data("show workers");
    for (const nlohmann::json& worker : data["workers"]) {
      if (worker["state"] == "ready") {
        pids.insert(worker["pid"].get<pid_t>());
      }
    }
    return pids;
  }

  [[nodiscard]] bool BecomesReady(std::size_t workers) const {
    return WaitFor([&] { return ReadyWorkers().size() == workers; });
  }

  [[nodiscard]] Site& site() { return site_; }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Site site_;
  std::string path_;
  std::vector<std::string> arguments_;
};

}  // namespace sqlicorn
