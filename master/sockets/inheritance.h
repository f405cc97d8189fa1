// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn {

inline constexpr const char* kParentVariable = "SQLICORN_PID";
inline constexpr const char* kListenersVariable = "SQLICORN_FD";
inline constexpr const char* kDatabaseVariable = "SQLICORN_DATABASE";

// The listening sockets that are open already when a master starts.
struct Inheritance {
  // Whose they are: who bound them unlinks their files.
  enum class From {
    kNobody,
    kOutside,  // socket activation (LISTEN_PID, LISTEN_FDS: sd_listen_fds(3)) or bind = fd://N
    kMaster,   // the master we are to replace (USR2)
  };

  From from = From::kNobody;
  std::vector<int> listeners = {};
  pid_t parent = 0;            // the master we are to replace; 0 = none
  std::uint64_t database = 0;  // FileKeyOf what that one serves; 0 = not known
};

// The first that is there: what the master before us hands over, activation, the descriptors of
// `bind`. `getenv` and `self` (the pid we were started with) are given so that it can be tested. An
// error for descriptors that are no listening sockets. Changes none of them.
[[nodiscard]] Result<Inheritance> ReadInheritance(
    const std::function<const char*(const char*)>& getenv, pid_t self,
    const std::vector<std::string>& bind);

// What of `bind` is not listened at because of the inheritance. The default of bind is nobody's
// wish and does not count.
[[nodiscard]] std::vector<std::string> IgnoredBinds(const Inheritance& inheritance,
                                                    const std::vector<std::string>& bind);

// The value of SQLICORN_FD: "3,4", or "outside:3,4".
[[nodiscard]] std::string HandOverText(const std::vector<int>& listeners, Inheritance::From from);

// While the master we are to replace lives (`parent`, 0 = there is none), names that must be unique
// end in this: ".2", else "".
[[nodiscard]] const char* RoleSuffix(pid_t parent);

// Removes the variables from the environment: they are not for our children.
void ForgetInheritance();

// Whether "NAME=value" is one of them.
[[nodiscard]] bool IsInheritanceVariable(std::string_view variable);

}  // namespace sqlicorn
