// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn {

inline constexpr const char* kParentVariable = "SQLICORN_PID";
inline constexpr const char* kListenersVariable = "SQLICORN_FD";

// What a master finds in its environment: listening sockets that are open already.
struct Inheritance {
  enum class From {
    kNobody,
    kSystemd,  // socket activation: LISTEN_PID, LISTEN_FDS (sd_listen_fds(3))
    kMaster,   // the master we are to replace (USR2)
  };

  From from = From::kNobody;
  std::vector<int> listeners = {};
  pid_t parent = 0;  // kMaster: its pid
};

// Reads and checks the variables; `getenv` and `self` (our pid) are given so that it can be tested.
// An error for descriptors that are no listening sockets.
[[nodiscard]] Result<Inheritance> ReadInheritance(
    const std::function<const char*(const char*)>& getenv, pid_t self);

// While the master we are to replace lives (`parent`, 0 = there is none), names that must be unique
// end in this: ".2", else "".
[[nodiscard]] const char* RoleSuffix(pid_t parent);

// Removes the variables from the environment: they are not for our children.
void ForgetInheritance();

// Whether "NAME=value" is one of them.
[[nodiscard]] bool IsInheritanceVariable(std::string_view variable);

}  // namespace sqlicorn
