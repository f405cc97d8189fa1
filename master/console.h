// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "master/control/control_commands.h"
#include "master/fleet/children.h"
#include "master/fleet/fleet.h"
#include "master/fleet/pulse.h"
#include "master/fleet/server_status.h"
#include "master/fleet/shutdown.h"
#include "master/generations.h"
#include "master/process/events.h"
#include "master/reload.h"
#include "master/service/service_notifier.h"
#include "master/service/service_report.h"
#include "master/upgrade.h"

namespace sqlicorn {

// Those who run the server: operators at the control socket, whoever has launched a daemon and
// waits for it, and the service manager. They are told what one look at the server says, and what
// operators want is done by the fleet or comes back to the master as a signal.
class Console {
 public:
  // All of it outlives this object.
  struct Parts {
    MasterOnly& master;
    Children& children;
    Fleet& fleet;
    const Upgrade& upgrade;
    const Reload& reload;
    const Shutdown& shutdown;
    TimePoint started_at;
    ServiceEnvironment service;
  };

  explicit Console(Parts parts);

  // One look at the whole server: what each of its machines says of itself.
  [[nodiscard]] ServerStatus Describe(const OwnClock& clock) const;

  // Answers operators, as far as that needs no waiting.
  void ServeOperators(const OwnClock& clock);

  // Tells launcher and service manager what has become of the server in this turn.
  void Report(const OwnClock& clock);

  // This master has been promoted, and is the service from now on.
  void TellPromotion();

  // Makes a sleep end when an operator has something to say.
  void AddTo(EventWait& wait) const;

  // When there is something to do here even if nothing happens; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  [[nodiscard]] std::string Answer(std::string_view request, const OwnClock& clock);
  void Apply(const ControlEffect& effect, const OwnClock& clock);
  void ReportLaunch(const OwnClock& clock);
  void NotifyService(const OwnClock& clock);

  Parts parts_;
  std::optional<ServiceNotifier> notifier_;
  ServiceReport report_;
};

}  // namespace sqlicorn
