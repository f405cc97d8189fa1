// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include "master/fleet/children.h"
#include "master/fleet/server_status.h"
#include "master/generations.h"

namespace sqlicorn {

// The change of the program (USR2): a second master is started beside this one on the same sockets
// and, when this one has been stopped, promoted. Knows which of the two this master is.
//
//   alone -Begin-> first (a second one is tried out) -it ends-> alone
//   second (started by the master it is to replace) -that one has gone-> alone
class Upgrade {
 public:
  // `parent_master`: the master we are to replace, 0 = there is none. The rest outlives this.
  Upgrade(Children& children, MasterOnly& master, pid_t parent_master);

  // USR2.
  void Begin();

  // False when it is not the second master that has ended. It may have been killed and so have left
  // its files, which are removed. `stopping` decides how loud that is said.
  bool OnEnd(const ChildEnd& end, bool stopping);

  // True once, when the master we were to replace has gone: then the names of files are ours.
  [[nodiscard]] bool CheckPromotion();

  // No other master shares the sockets.
  [[nodiscard]] bool alone() const { return role_ == Role::kAlone; }

  // There is a master that we are to replace, and it speaks for the service.
  [[nodiscard]] bool second() const { return role_ == Role::kSecond; }

  // What names end in that must be unique while there are two: ".2" or "".
  [[nodiscard]] const char* suffix() const;

  void Describe(ServerStatus* status) const;

  // While two masters share the sockets, the file of a unix socket belongs to the one that remains.
  void Close(Listeners& listeners) const;

 private:
  enum class Role { kAlone, kFirst, kSecond };

  Children& children_;
  MasterOnly& master_;
  Role role_;
  pid_t other_;  // the other master, unless alone
};

}  // namespace sqlicorn
