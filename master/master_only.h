// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "master/control/control_server.h"
#include "master/generations.h"
#include "master/process/last_words.h"
#include "master/start/daemon.h"

namespace sqlicorn {

// What the master alone may hold open: pid files, the control socket and its clients, the reading
// end of its children's last words, the launcher's pipe, sockets of generations that do not serve.
// A forked child gives it up first, because each of these tells others by its end that the master
// has ended. One object in the master; it outlives the arbiter, which changes what is in it.
struct MasterOnly {
  Generations generations;
  LastWords last_words = {};
  std::optional<ControlServer> control = std::nullopt;
  LaunchReport* launch = nullptr;  // until the launcher knows; null in the foreground

  // In a forked child.
  void LeaveInChild();
};

}  // namespace sqlicorn
