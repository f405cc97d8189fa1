// SPDX-License-Identifier: MIT
#pragma once

#include "master/fleet/server_status.h"

namespace sqlicorn {

inline WorkerStatus Worker(pid_t pid, WorkerState state) {
  return {.pid = pid,
          .slot = 0,
          .ordinal = 1,
          .generation = 1,
          .age = std::chrono::seconds(5),
          .state = state};
}

// A running server with so many ready workers, pids from 101, all of them wanted.
inline ServerStatus StatusWith(std::size_t ready) {
  static const ServerConfig config;
  ServerStatus status{.pid = 100, .wanted = ready, .room = 15, .config = &config};
  for (std::size_t i = 0; i < ready; ++i) {
    status.workers.push_back(Worker(static_cast<pid_t>(101 + i), WorkerState::kReady));
  }
  return status;
}

}  // namespace sqlicorn
