// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// To whom a file is given. The default leaves it to whoever made it.
struct FileOwner {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);

  [[nodiscard]] bool set() const { return uid != static_cast<uid_t>(-1); }
};

// Gives the file of a descriptor away, which may be an O_PATH one. 0, or an errno.
[[nodiscard]] int GiveAway(int fd, const FileOwner& owner);

// Who the processes that touch the database are: server.user, server.group and the user's other
// groups, looked up once by the master, which itself stays who it is. The default stays too.
class Identity {
 public:
  // Errors: no such user or group; another user than ours without being root. Without a group it is
  // the user's own one.
  [[nodiscard]] static Result<Identity> Of(const ServerSettings& settings);

  // For good, in the calling process; reads back what it has become. This clears
  // PR_SET_PDEATHSIG.
  [[nodiscard]] Status Become() const;

  // Of files that the master makes for its workers.
  [[nodiscard]] FileOwner owner() const;

  [[nodiscard]] const std::vector<gid_t>& groups() const { return groups_; }

 private:
  [[nodiscard]] Status Verify() const;

  bool changes_ = false;  // the rest counts only then
  uid_t uid_ = 0;
  gid_t gid_ = 0;
  std::vector<gid_t> groups_;  // in ascending order
};

}  // namespace sqlicorn
