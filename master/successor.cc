// SPDX-License-Identifier: MIT
#include "master/successor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/exit_code.h"
#include "common/base/log.h"
#include "master/service/service_notifier.h"
#include "master/sockets/inheritance.h"

namespace sqlicorn {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Without what told us of our own inheritance, and with what tells the successor of its.
std::vector<std::string> SuccessorEnvironment(const ProgramStart& start, const Listeners& listeners,
                                              std::uint64_t database) {
  std::vector<std::string> environment;
  for (const std::string& variable : start.environment) {
    if (!IsInheritanceVariable(variable) && !ServiceEnvironment::IsOfOneProcess(variable)) {
      environment.push_back(variable);
    }
  }
  environment.push_back(fmt::format("{}={}", kParentVariable, getpid()));
  environment.push_back(fmt::format("{}={}", kDatabaseVariable, database));
  environment.push_back(fmt::format(
      "{}={}", kListenersVariable,
      HandOverText(listeners.fds(), listeners.from_outside() ? Inheritance::From::kOutside
                                                             : Inheritance::From::kMaster)));
  return environment;
}

// The child's side: it must not return.
[[noreturn]] void Become(const ProgramStart& start, std::vector<std::string> environment,
                         const std::vector<int>& listeners) {
  for (const int fd : listeners) {
    fcntl(fd, F_SETFD, 0);  // to survive exec
  }
  if (chdir(start.directory.c_str()) != 0) {
    LogError("USR2: cannot go to '{}'", start.directory);
    _exit(static_cast<int>(ExitCode::kError));
  }
  std::vector<std::string> arguments = start.argv;
  execvpe(arguments[0].c_str(), Pointers(arguments).data(), Pointers(environment).data());
  execve(start.executable.c_str(), Pointers(arguments).data(), Pointers(environment).data());
  LogError("{}", SystemError(fmt::format("USR2: cannot run '{}'", start.argv[0]), errno).message);
  _exit(static_cast<int>(ExitCode::kError));
}

}  // namespace

Result<pid_t> StartSuccessor(const ProgramStart& start, const Listeners& listeners,
                             std::uint64_t database, const SignalQueue& signals) {
  std::vector<std::string> environment = SuccessorEnvironment(start, listeners, database);
  const pid_t child = fork();
  if (child < 0) {
    return SystemError("fork", errno);
  }
  if (child == 0) {
    signals.RestoreInChild();
    Become(start, std::move(environment), listeners.fds());
  }
  return child;
}

}  // namespace sqlicorn
