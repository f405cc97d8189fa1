// SPDX-License-Identifier: MIT
// The arbiter's part in a change of the program (USR2): a second master is started beside this one
// on the same sockets; when this one has been stopped the second is promoted.
#include <unistd.h>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "master/arbiter.h"
#include "master/fleet/worker_end.h"
#include "master/process/pidfile.h"
#include "master/sockets/inheritance.h"
#include "master/successor.h"

namespace sqlicorn {

void Arbiter::BeginUpgrade() {
  if (successor_pid_ != 0) {
    LogWarning("USR2 signal ignored. Child exists.");
    return;
  }
  if (parent_master_ != 0) {
    LogWarning("USR2 signal ignored. Parent exists.");
    return;
  }
  const auto child = StartSuccessor(start_, *generations_.serving().listeners, signals_);
  if (!child) {
    LogError("USR2: {}", child.error().message);
    return;
  }
  successor_pid_ = *child;
  LogInfo("Second master started (pid:{})", successor_pid_);
}

void Arbiter::OnSuccessorEnd(int status) {
  if (state_ == State::kRunning) {
    LogWarning("The second master (pid:{}) has ended ({}); this one goes on", successor_pid_,
               DescribeEnd(status));
  } else {
    LogInfo("The second master (pid:{}) has ended ({})", successor_pid_, DescribeEnd(status));
  }
  successor_pid_ = 0;
  // It may have been killed and so have left its files.
  const std::string suffix = RoleSuffix(getpid());
  if (!config().server.pidfile.empty()) {
    RemoveStalePidfile(config().server.pidfile + suffix);
  }
  if (control_) {
    control_->RemoveStale(suffix);
  }
}

void Arbiter::CheckPromotion() {
  if (parent_master_ == 0 || getppid() == parent_master_) {
    return;
  }
  parent_master_ = 0;
  LogInfo("Master has been promoted.");
  if (const Status renamed = generations_.PromotePidfiles(); !renamed) {
    LogError("{}", renamed.error().message);
  }
  if (control_) {
    if (const Status promoted = control_->Promote(); !promoted) {
      LogError("{}", promoted.error().message);
    }
  }
  if (notifier_) {
    notifier_->SendMainPid(getpid());
  }
  ShowTitle();
}

void Arbiter::ShowTitle() const {
  SetProcessTitle(fmt::format("sqlicorn: master [{}{}]", config().server.proc_name,
                              RoleSuffix(parent_master_)));
}

// While two masters share the sockets, the file of a unix socket belongs to the one that remains.
void Arbiter::CloseListeners(Listeners& listeners) const {
  const bool alone = successor_pid_ == 0 && parent_master_ == 0;
  listeners.Close(alone ? SocketFiles::kUnlink : SocketFiles::kKeep);
}

}  // namespace sqlicorn
