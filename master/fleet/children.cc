// SPDX-License-Identifier: MIT
#include "master/fleet/children.h"

#include <sys/wait.h>

#include <cctype>
#include <csignal>
#include <cstring>

#include "common/base/log.h"

namespace sqlicorn {
namespace {

const char* Describe(EndCause cause) {
  switch (cause) {
    case EndCause::kHeartbeat:
      return "by the master: it had been silent for longer than timeout";
    case EndCause::kGraceful:
      return "by the master: graceful_timeout was over";
    case EndCause::kShutdown:
      return "by the master: shutdown";
    case EndCause::kReload:
      return "by the master: a new configuration has taken over";
    case EndCause::kCommand:
      return "by the master: worker kill";
    case EndCause::kSurplus:
      return "by the master: fewer workers wanted";
    case EndCause::kRecycled:
      return "by the master: its successor serves";
    case EndCause::kGivenUp:
      return "by the master: its configuration was given up";
    case EndCause::kNone:
      return "not by the master";
  }
  return "";
}

void LogSignalled(const WorkerRecord& worker, int status) {
  const int signal = WTERMSIG(status);
  if (signal == SIGKILL && worker.end_cause == EndCause::kNone) {
    LogError("Worker (pid:{}) was sent SIGKILL! Perhaps out of memory?", worker.pid);
    return;
  }
  const char* const core = WCOREDUMP(status) ? " Its core was dumped." : "";
  LogWarning("Worker (pid:{}) was sent {}, {}.{}", worker.pid, SignalName(signal),
             Describe(worker.end_cause), core);
}

}  // namespace

bool ExitedWith(int status, ExitCode code) {
  return WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(code);
}

std::optional<BootFailure> BootFailureOf(int status) {
  if (ExitedWith(status, ExitCode::kWorkerBoot)) {
    return BootFailure{ExitCode::kWorkerBoot, "Worker failed to boot."};
  }
  if (ExitedWith(status, ExitCode::kAppLoad)) {
    return BootFailure{ExitCode::kAppLoad, "App failed to load."};
  }
  return std::nullopt;
}

bool EndedBadly(int status) {
  return !ExitedWith(status, ExitCode::kOk);
}

void LogWorkerEnd(const WorkerRecord& worker, int status) {
  if (WIFSIGNALED(status)) {
    LogSignalled(worker, status);
  } else if (EndedBadly(status) && worker.end_cause != EndCause::kNone) {
    LogError("Worker (pid:{}) exited with code {}, ended {}.", worker.pid, WEXITSTATUS(status),
             Describe(worker.end_cause));
  } else if (EndedBadly(status)) {
    LogError("Worker (pid:{}) exited with code {}.", worker.pid, WEXITSTATUS(status));
  } else {
    LogInfo("Worker (pid:{}) has ended, {}.", worker.pid, Describe(worker.end_cause));
  }
}

std::string DescribeEnd(int status) {
  return WIFSIGNALED(status) ? SignalName(WTERMSIG(status))
                             : "exit code " + std::to_string(WEXITSTATUS(status));
}

std::string SignalName(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

std::string LowerCaseName(int signal) {
  const char* abbreviation = sigabbrev_np(signal);
  std::string name = abbreviation == nullptr ? std::to_string(signal) : abbreviation;
  for (char& c : name) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

}  // namespace sqlicorn
