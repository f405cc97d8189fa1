// SPDX-License-Identifier: MIT
#include "master/upgrade.h"

#include <unistd.h>

#include <string>

#include "common/base/log.h"
#include "master/fleet/children.h"
#include "master/process/pidfile.h"
#include "master/sockets/inheritance.h"

namespace sqlicorn {

Upgrade::Upgrade(Children& children, MasterOnly& master, pid_t parent_master)
    : children_(children),
      master_(master),
      role_(parent_master == 0 ? Role::kAlone : Role::kSecond),
      other_(parent_master) {}

// There are names and sockets for two, and a third would meet those of the second.
void Upgrade::Begin() {
  if (role_ == Role::kFirst) {
    LogWarning("USR2 signal ignored. Child exists.");
    return;
  }
  if (role_ == Role::kSecond) {
    LogWarning("USR2 signal ignored. Parent exists.");
    return;
  }
  const auto child = children_.StartSuccessor();
  if (!child) {
    LogError("USR2: {}", child.error().message);
    return;
  }
  role_ = Role::kFirst;
  other_ = *child;
  LogInfo("Second master started (pid:{})", other_);
}

// A second master that ends by itself takes its files away; one that was killed could not.
bool Upgrade::OnEnd(const ChildEnd& end, bool stopping) {
  if (role_ != Role::kFirst || end.pid != other_) {
    return false;
  }
  if (stopping) {
    LogInfo("The second master (pid:{}) has ended ({})", other_, DescribeEnd(end.status));
  } else {
    LogWarning("The second master (pid:{}) has ended ({}); this one goes on", other_,
               DescribeEnd(end.status));
  }
  role_ = Role::kAlone;
  // What it was called is told by who its parent is: us.
  const std::string its_suffix = RoleSuffix(getpid());
  const std::string& pidfile = master_.generations.serving().config.server.pidfile;
  if (!pidfile.empty()) {
    RemoveStalePidfile(pidfile + its_suffix);
  }
  if (master_.control) {
    master_.control->RemoveStale(its_suffix);
  }
  return true;
}

// The parent is looked at, not waited for: no signal tells the master of its end, and the new
// parent may be any subreaper. Until then the names without suffix are the other's.
bool Upgrade::CheckPromotion() {
  if (role_ != Role::kSecond || children_.Parent() == other_) {
    return false;
  }
  role_ = Role::kAlone;
  LogInfo("Master has been promoted.");
  // What cannot be had is told, and no more than that: clients are served all the same.
  if (const Status renamed = master_.generations.PromotePidfiles(); !renamed) {
    LogError("{}", renamed.error().message);
  }
  if (master_.control) {
    if (const Status promoted = master_.control->Promote(); !promoted) {
      LogError("{}", promoted.error().message);
    }
  }
  return true;
}

const char* Upgrade::suffix() const {
  return RoleSuffix(second() ? other_ : 0);
}

void Upgrade::Describe(ServerStatus* status) const {
  status->successor = role_ == Role::kFirst ? other_ : 0;
}

// Each master holds the sockets by descriptors of its own, which a close takes from nobody; only
// the file of a unix socket is one for both.
void Upgrade::Close(Listeners& listeners) const {
  listeners.Close(alone() ? SocketFiles::kUnlink : SocketFiles::kKeep);
}

}  // namespace sqlicorn
