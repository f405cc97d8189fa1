// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// How this process was started, kept so that it can be started again: USR2 runs whatever program
// then stands at the same path, with the same arguments, directory and environment.
struct ProgramStart {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // "NAME=value"
  std::string directory;
  std::string executable;  // the file that runs, for an argv[0] that leads nowhere
  pid_t pid = 0;           // as our starter knows us: not that of the daemon we may become

  // First thing in main: later the arguments are overwritten and the environment has changed. The
  // directory is $PWD where that is the same one, so that a symbolic link to a release stays one.
  [[nodiscard]] static ProgramStart Remember(int argc, char** argv);
};

// The working directory and the environment of the master as the settings want them; its children
// inherit both. One object in a process, and nothing else changes them while it lives.
class Surroundings {
 public:
  // `directory`: where the program was started, and is still.
  explicit Surroundings(std::string directory)
      : start_directory_(std::move(directory)), directory_(start_directory_) {}

  // Goes to server.chdir, or back to the start, and exports server.raw_env in place of what was
  // exported before.
  [[nodiscard]] Status TakeOn(const ServerSettings& settings);

  // The environment as the program found it, until the next TakeOn.
  void RestoreEnvironment();

  [[nodiscard]] const std::string& start_directory() const { return start_directory_; }

 private:
  void Export(const std::string& assignment);

  std::string start_directory_;
  std::string directory_;
  // Name and former value of what was exported; to be undone from the back.
  std::vector<std::pair<std::string, std::optional<std::string>>> former_;
};

// Makes all paths of the settings absolute, so that they mean the same in every working directory:
// relative ones start at server.chdir, which itself starts at `start_directory`. An error when
// server.chdir is no directory one can go to.
[[nodiscard]] Status ResolveServerPaths(const std::string& start_directory,
                                        ServerSettings* settings);

}  // namespace sqlicorn
