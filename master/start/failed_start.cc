// SPDX-License-Identifier: MIT
#include "master/start/failed_start.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "common/base/log.h"

namespace sqlicorn {

bool BindPatience::Wait(std::string_view obstacle) {
  LogError("{}", obstacle);
  if (tries_left_ == 0) {
    return false;
  }
  --tries_left_;
  LogDebug("Retrying in 1 second.");
  const TimePoint deadline = Clock::now() + pause_;
  while (!interrupted_ && Clock::now() < deadline) {
    interrupted_ = signals_.AwaitStop(deadline);
  }
  return !interrupted_;
}

ExitCode FailStart(const Error& error) {
  ReportFatal(error.message);
  return FailedStartCode(error.lasting);
}

ExitCode FailStartForGood(Error error) {
  error.lasting = true;
  return FailStart(error);
}

ExitCode FailedStartCode(bool lasting) {
  const char* const started = std::getenv("SYSTEMD_EXEC_PID");
  const bool managed = std::getenv("NOTIFY_SOCKET") != nullptr ||
                       (started != nullptr && started == std::to_string(getpid()));
  return lasting && managed ? ExitCode::kConfig : ExitCode::kError;
}

}  // namespace sqlicorn
