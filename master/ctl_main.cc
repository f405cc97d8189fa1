// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/exit_code.h"
#include "master/control_client.h"
#include "master/control_protocol.h"
#include "master/control_tables.h"

namespace sqlicorn {
namespace {

constexpr const char* kAbout = "Talks to a running sqlicorn over its control socket.";
constexpr const char* kExamples =
    "Commands: show workers|stats|histograms|config|listeners|all, worker add [N],\n"
    "worker remove [N], worker kill PID, reload, reopen, shutdown [graceful|quick], help\n"
    "Exit codes: 0 done, 1 refused or no server, 2 wrong usage, 130 interrupted";

struct Call {
  std::string socket;  // "" = the default
  std::vector<std::string> words;
  bool json = false;
};

void OnInterrupt(int /*signal*/) {
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

ExitCode Fail(const Error& error) {
  fmt::print(stderr, "Error: {}\n", error.message);
  return ExitCode::kError;
}

ExitCode Run(const Call& call) {
  const auto getenv = [](const char* name) { return std::getenv(name); };
  auto client =
      ControlClient::Connect(call.socket.empty() ? DefaultControlSocket(getenv) : call.socket);
  if (!client) {
    return Fail(client.error());
  }
  const auto reply = client->Ask(call.words);
  if (!reply) {
    return Fail(reply.error());
  }
  const auto data = ParseControlReply(*reply);
  if (!data) {
    return Fail(data.error());
  }
  fmt::print("{}", call.json ? DumpControlData(*data) + "\n" : RenderForPeople(*data));
  return ExitCode::kOk;
}

ExitCode Main(int argc, char** argv) {
  std::signal(SIGINT, OnInterrupt);
  CLI::App app(kAbout, "sqlicornctl");
  Call call;
  app.add_option("-s,--socket", call.socket,
                 "Control socket; default: $SQLICORN_CONTROL_SOCKET, ./sqlicorn.ctl, "
                 "$RUNTIME_DIRECTORY/sqlicorn.ctl or /run/sqlicorn/sqlicorn.ctl");
  app.add_flag("-j,--json", call.json, "Print the data as JSON, on one line");
  app.set_version_flag("-v,--version", "sqlicornctl (version " SQLICORN_VERSION ")");
  app.add_option("COMMAND", call.words, "What to do; see below")->required();
  app.footer(kExamples);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return ExitCode::kOk;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "Error: {} (see --help)\n", error.what());
    return ExitCode::kUsage;
  }
  return Run(call);
}

}  // namespace
}  // namespace sqlicorn

int main(int argc, char** argv) {
  try {
    return static_cast<int>(sqlicorn::Main(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
