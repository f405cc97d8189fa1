// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>

#include "common/base/clock.h"
#include "common/base/process.h"
#include "common/config/server_config.h"
#include "master/console.h"
#include "master/fleet/checkpointer_keeper.h"
#include "master/fleet/children.h"
#include "master/fleet/fleet.h"
#include "master/fleet/pulse.h"
#include "master/fleet/server_status.h"
#include "master/fleet/shutdown.h"
#include "master/generations.h"
#include "master/process/events.h"
#include "master/recipe.h"
#include "master/reload.h"
#include "master/service/service_notifier.h"
#include "master/start/shared_state.h"
#include "master/start/surroundings.h"
#include "master/upgrade.h"

namespace sqlicorn {

// The master: keeps the wanted number of workers alive over one set of listening sockets. Owns no
// SQLite handle, no libuv loop and no thread, so that forking stays safe, and never touches a
// client connection. Has no state of its own: it tells its machines, one turn after another, what
// has happened and when, and they act through `Children`.
class Arbiter {
 public:
  // All of it outlives the arbiter.
  struct Parts {
    MasterOnly& master;
    Children& children;
    const SharedState& shared;
    Surroundings& surroundings;
    LoadGeneration load;      // all sources anew, for a reload
    pid_t parent_master = 0;  // the master we are to replace, 0 = none
    ServiceEnvironment service{};
    TimePoint now;  // that of the start
  };

  explicit Arbiter(Parts parts);

  // One turn after another until the server has stopped.
  [[nodiscard]] ExitCode Run(SignalQueue& signals);

  // What there is to do at this instant; `signal` has come. Never waits.
  void Turn(TimePoint now, std::optional<int> signal);

  // When the next turn has something to do even if nothing happens.
  [[nodiscard]] TimePoint next_deadline() const;

  [[nodiscard]] bool stopped() const { return shutdown_.stopped(); }

  [[nodiscard]] ExitCode exit_code() const { return shutdown_.exit_code(); }

  // As of the last turn.
  [[nodiscard]] ServerStatus Describe() const { return console_.Describe(clock_); }

 private:
  void Observe();
  void ReapAll();
  void CheckPromotion();
  void HandleSignal(int signal);
  void CheckHeartbeats();
  void AdjustWorkforce();
  void CheckStop();
  void Sleep(const SignalQueue& signals) const;

  void OnEnd(const ChildEnd& end);
  void OnBootFailure(int status);
  void OnSignal(int signal);
  void DismissAll();
  void ReopenLogs();
  void KeepCheckpointer();
  void BeginStop(Shutdown::Kind kind);
  [[nodiscard]] bool CloseDatabase();

  [[nodiscard]] const Generation& serving() const { return master_.generations.serving(); }

  [[nodiscard]] const ServerConfig& config() const { return serving().config; }

  MasterOnly& master_;
  Children& children_;
  const Doorbell& doorbell_;
  OwnClock clock_;  // of all deadlines of children
  MasterSettings settings_;

  Shutdown shutdown_;
  Upgrade upgrade_;
  Fleet fleet_;
  CheckpointerKeeper checkpointer_;
  Reload reload_;
  Console console_;
};

}  // namespace sqlicorn
