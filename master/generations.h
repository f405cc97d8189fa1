// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/config/server_config.h"
#include "master/control/control_server.h"
#include "master/process/identity.h"
#include "master/process/pidfile.h"
#include "master/process/process_spawner.h"
#include "master/sockets/listeners.h"
#include "master/start/daemon.h"

namespace sqlicorn {

// One configuration, the sockets its workers listen on, the pid file that names their master, and
// who they are. Two generations share the sockets while one replaces the other and `bind` is the
// same; and so the pid file.
struct Generation {
  ServerConfig config;
  std::shared_ptr<Listeners> listeners = nullptr;
  std::shared_ptr<Pidfile> pidfile = nullptr;  // null when none is wanted
  Identity identity = {};
  std::uint64_t database = 0;  // FileKeyOf what was prepared: all it serves
  std::uint64_t number = 0;    // given by Generations
};

// Which configuration serves while another one tries to take over. Bookkeeping only.
//
//   serving -Propose-> preparing -Start-> replacing -Settle-> serving (the new one)
//                          |                  |
//                          +----Abandon-------+-----------> serving (the old one)
class Generations {
 public:
  explicit Generations(Generation first);

  // Whose workers are wanted now.
  [[nodiscard]] const Generation& serving() const { return *serving_; }

  // The one a failed replacement goes back to; null unless replacing.
  [[nodiscard]] const Generation* former() const { return former_.get(); }

  // The one that is tried on its database; null unless preparing.
  [[nodiscard]] const Generation* candidate() const { return candidate_.get(); }

  [[nodiscard]] bool preparing() const { return candidate_ != nullptr; }

  [[nodiscard]] bool replacing() const { return former_ != nullptr; }

  // REQUIRES: neither preparing nor replacing.
  void Propose(Generation candidate);
  // The candidate's workers are wanted from now on. REQUIRES: preparing.
  void Start();

  // What the serving generation has found prepared.
  void SetDatabase(std::uint64_t key) { serving_->database = key; }

  // No worker of the former generation is left in service.
  void Settle() { former_.reset(); }

  void Abandon();

  // Renames the pid files to what the configurations say, once there is no other master. The first
  // error.
  [[nodiscard]] Status PromotePidfiles() const;

  // In a forked child: only the master holds the pid files, and the sockets that the serving
  // generation has not; a worker with those would keep an address alive that nobody serves.
  void LeaveInChild() const;

 private:
  // Those that have a pid file.
  [[nodiscard]] std::vector<const Generation*> WithPidfile() const;
  // The sockets of the others that the serving one has not.
  [[nodiscard]] std::vector<int> ListenersOfOthers() const;

  std::unique_ptr<Generation> candidate_;
  std::unique_ptr<Generation> serving_;
  std::unique_ptr<Generation> former_;
  std::uint64_t last_number_ = 0;
};

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
