// SPDX-License-Identifier: MIT
#include "tests/support/server_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/unique_fd.h"
#include "tests/support/processes.h"
#include "tests/support/raw_client.h"

namespace sqlicorn {
namespace {

constexpr const char* kShippedConfig = SQLICORN_SOURCE_DIR "/etc/sqlicorn.toml";

std::vector<std::string> CommandLineOf(const TempDir& directory, const ServerOptions& options) {
  std::string config = kShippedConfig;
  if (!options.config.empty()) {
    config = directory.File("sqlicorn.toml");
    EXPECT_TRUE(WriteFile(config, options.config));
  }
  std::vector<std::string> line = {"sqlicorn", "-c", config, "--set",
                                   "database.path=" + directory.File("test.db")};
  if (!options.bind.empty()) {
    line.insert(line.end(), {"-b", options.bind});
  }
  line.insert(line.end(), options.arguments.begin(), options.arguments.end());
  return line;
}

std::string DescribeEnd(int status) {
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit {}", WEXITSTATUS(status));
}

}  // namespace

ServerProcess::ServerProcess(const TempDir& directory, const ServerOptions& options)
    : log_path_(directory.File("stderr.log")) {
  const std::vector<std::string> line = CommandLineOf(directory, options);
  // Opened here, so that a child without privileges needs no way to it, and out of the way of the
  // descriptors that a test hands over.
  const UniqueFd file(open(SQLICORN_PROGRAM, O_RDONLY | O_CLOEXEC));
  const UniqueFd program(fcntl(file.get(), F_DUPFD_CLOEXEC, 64));
  std::ofstream(log_path_, std::ios::trunc).close();
  pid_ = fork();
  EXPECT_GE(pid_, 0);
  if (pid_ == 0) {
    Exec(line, options, program.get());
  }
  setpgid(pid_, pid_);  // as the child does, whoever is first
}

void ServerProcess::Exec(std::vector<std::string> arguments, const ServerOptions& options,
                         int program) const {
  setpgid(0, 0);
  const int log = open(log_path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  // The sanitizers would turn a SIGSEGV into an exit code, and keep freed memory resident.
  setenv("ASAN_OPTIONS", "handle_segv=0:handle_abort=0:quarantine_size_mb=1", 1);
  if (options.in_child) {
    options.in_child();
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // after a change of user, which clears it
  std::vector<char*> argv;
  for (std::string& argument : arguments) {
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);
  fexecve(program, argv.data(), environ);
  _exit(127);
}

ServerProcess::~ServerProcess() {
  kill(-pid_, SIGKILL);
  static_cast<void>(WaitForEnd());
  EXPECT_TRUE(WaitFor([this] { return alive().empty(); })) << "processes are left";
}

bool ServerProcess::WaitUntilReady(std::size_t workers_wanted) {
  const bool settled =
      WaitFor([&] { return WaitForEnd(Duration::zero()) != "running" || IsReady(workers_wanted); });
  return settled && end_.empty();
}

bool ServerProcess::IsReady(std::size_t workers_wanted) const {
  const std::vector<pid_t> now = workers();
  return port() != 0 && now.size() == workers_wanted &&
         std::all_of(now.begin(), now.end(), [](pid_t pid) { return Catches(pid, SIGTERM); }) &&
         (now.empty() || RawClient(port()).Ask(Get("/")).status != 0);
}

int ServerProcess::port() const {
  constexpr std::string_view kBefore = "Listening at: http://127.0.0.1:";
  const std::string text = log();
  const std::size_t at = text.rfind(kBefore);
  return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + kBefore.size());
}

std::vector<pid_t> ServerProcess::alive() const {
  std::vector<pid_t> pids;
  for (const ProcessInfo& info :
       FindProcesses([this](const ProcessInfo& p) { return p.group == pid_; })) {
    pids.push_back(info.pid);
  }
  return pids;
}

std::size_t ServerProcess::CountWorkersOfAll() const {
  std::vector<pid_t> pids = alive();
  std::erase_if(pids, [](pid_t pid) { return !TitleOf(pid).starts_with("sqlicorn: worker"); });
  return pids.size();
}

std::string ServerProcess::log() const {
  std::ostringstream text;
  text << std::ifstream(log_path_).rdbuf();
  return text.str();
}

bool ServerProcess::LogHas(std::string_view text) const {
  return log().find(text) != std::string::npos;
}

void ServerProcess::Signal(int signal) const {
  kill(pid_, signal);
}

std::string ServerProcess::WaitForEnd(Duration limit) {
  if (end_.empty()) {
    int status = 0;
    const bool ended = WaitFor([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }, limit);
    if (!ended) {
      return "running";
    }
    end_ = DescribeEnd(status);
  }
  return end_;
}

}  // namespace sqlicorn
