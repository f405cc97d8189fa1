// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn {

// Exit codes of the server and of sqlicornctl; those of the load generator are in loadgen/ending.h.
// 3 and 4 are gunicorn's sentinels: a worker that ends with one of them before it was ready will
// not do better next time, so the master halts instead of respawning it.
enum class ExitCode : int {
  kOk = 0,
  kError = 1,          // bad configuration, bind failure
  kUsage = 2,          // unknown flag, malformed flag value
  kWorkerBoot = 3,     // a worker could not start
  kAppLoad = 4,        // the database or a statement of the configuration is unusable
  kConfig = 78,        // wrong configuration, told to a service manager (EX_CONFIG of sysexits.h)
  kTimeout = 124,      // sqlicornctl reload --wait: not done in time (the code of timeout(1))
  kInterrupted = 130,  // ^C
};

// Remembers where the kernel keeps the argument vector. Call once, first thing in main.
void InitProcessTitle(int argc, char** argv);

// What ps shows: "sqlicorn: worker [NAME]". Overwrites the argument vector, cut to its length, and
// sets the 15-character thread name. Arguments must not be read through argv afterwards.
void SetProcessTitle(std::string_view title);

// From here on TellStarter writes to this non-blocking pipe, in this process and those it forks;
// -1 = nowhere.
void SetStarterPipe(int fd);

// Tells whoever started this process why it cannot do what it was started for: the message and a
// NUL, cut so that one write holds both. Never blocks; nobody need listen.
void TellStarter(std::string_view message);

// There is nothing more to tell: closes this process's end.
void LeaveStarter();

}  // namespace sqlicorn
