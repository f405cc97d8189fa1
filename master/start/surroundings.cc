// SPDX-License-Identifier: MIT
#include "master/start/surroundings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/config/bind_address.h"
#include "master/control/control_server.h"

namespace sqlicorn {
namespace {

Error CannotEnter(const std::string& directory, int errno_value) {
  const std::string what =
      SystemError(fmt::format("can't chdir to '{}'", directory), errno_value).message;
  return Error{what + "; make the directory or change server.chdir"};
}

Status CheckDirectory(const std::string& directory) {
  struct stat info {};

  if (stat(directory.c_str(), &info) != 0) {
    return CannotEnter(directory, errno);
  }
  if (!S_ISDIR(info.st_mode)) {
    return CannotEnter(directory, ENOTDIR);
  }
  const bool may = faccessat(AT_FDCWD, directory.c_str(), X_OK, AT_EACCESS) == 0;
  return may ? Status() : CannotEnter(directory, errno);
}

// "" is no file and "-" a standard stream.
void Resolve(const std::string& directory, std::string* path) {
  if (!path->empty() && *path != "-") {
    *path = ResolvePath(directory, *path);
  }
}

}  // namespace

ProgramStart ProgramStart::Remember(int argc, char** argv) {
  ProgramStart start;
  start.pid = getpid();
  start.argv.assign(argv, argv + argc);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    start.environment.emplace_back(*variable);
  }
  std::error_code error;
  start.directory = std::filesystem::current_path(error).string();
  start.executable = std::filesystem::read_symlink("/proc/self/exe", error).string();
  const char* const logical = std::getenv("PWD");
  if (logical != nullptr && std::filesystem::equivalent(logical, start.directory, error)) {
    start.directory = logical;
  }
  return start;
}

Status Surroundings::TakeOn(const ServerSettings& settings) {
  const std::string& wanted = settings.chdir.empty() ? start_directory_ : settings.chdir;
  if (wanted != directory_ && chdir(wanted.c_str()) != 0) {
    return CannotEnter(wanted, errno);
  }
  directory_ = wanted;
  RestoreEnvironment();
  for (const std::string& assignment : settings.raw_env) {
    Export(assignment);
  }
  tzset();  // localtime_r does not look at TZ again
  return {};
}

void Surroundings::Export(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string name = assignment.substr(0, equals);
  const char* const value = std::getenv(name.c_str());
  former_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
  setenv(name.c_str(), assignment.substr(equals + 1).c_str(), 1);
}

void Surroundings::RestoreEnvironment() {
  for (; !former_.empty(); former_.pop_back()) {
    const auto& [name, value] = former_.back();
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
}

Status ResolveServerPaths(const std::string& start_directory, ServerSettings* settings) {
  std::string directory = start_directory;
  if (!settings->chdir.empty()) {
    settings->chdir = ResolvePath(start_directory, settings->chdir);
    directory = settings->chdir;
    if (Status enterable = CheckDirectory(directory); !enterable) {
      return enterable;
    }
  }
  for (std::string* path : {&settings->pidfile, &settings->accesslog, &settings->errorlog}) {
    Resolve(directory, path);
  }
  if (!settings->control_socket.empty()) {
    const std::string path =
        ControlSocketPath(settings->control_socket, std::getenv("RUNTIME_DIRECTORY"));
    settings->control_socket = ResolvePath(directory, path);
  }
  for (std::string& bind : settings->bind) {
    const auto address = ParseBindAddress(bind);
    if (address && address->kind == BindKind::kUnix) {
      bind = "unix:" + ResolvePath(directory, address->path);
    }
  }
  return {};
}

}  // namespace sqlicorn
