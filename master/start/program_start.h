// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

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

}  // namespace sqlicorn
