// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace sqlicorn
