// SPDX-License-Identifier: MIT
#include "master/process/identity.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "common/base/numbers.h"

namespace sqlicorn {
namespace {

struct User {
  uid_t uid = 0;
  std::optional<gid_t> group;  // none and no name: a number that the user database does not have
  std::string name;
};

// The greatest number means "leave it as it is" to chown and setresuid, and is nobody's.
std::optional<id_t> ParseId(std::string_view text) {
  const auto id = ParseWhole<id_t>(text);
  return id == static_cast<id_t>(-1) ? std::nullopt : id;
}

// The database answers "not there" in several ways; getpwnam(3) lists them.
Error NotFound(std::string_view kind, const std::string& name, int errno_value) {
  const std::string what = fmt::format("No such {}: '{}'", kind, name);
  const bool absent = errno_value == 0 || errno_value == ENOENT || errno_value == ESRCH;
  return absent ? Error{fmt::format("{}; server.{} takes the name of one or a number", what, kind)}
                : SystemError(what, errno_value);
}

Result<User> FindUser(const std::string& name) {
  const auto id = ParseId(name);
  errno = 0;
  const passwd* entry = id ? getpwuid(*id) : getpwnam(name.c_str());
  if (entry != nullptr) {
    return User{entry->pw_uid, entry->pw_gid, entry->pw_name};
  }
  // A container often runs as a number that its user database has never heard of.
  if (id) {
    return User{*id, std::nullopt, ""};
  }
  return NotFound("user", name, errno);
}

Result<gid_t> FindGroup(const std::string& name, const User& user) {
  if (name.empty() && user.group) {
    return *user.group;
  }
  if (name.empty()) {
    return Error{fmt::format(
        "user {} is not in the user database and so has no group: set server.group", user.uid)};
  }
  if (const auto id = ParseId(name)) {
    return *id;
  }
  errno = 0;
  const group* entry = getgrnam(name.c_str());
  if (entry == nullptr) {
    return NotFound("group", name, errno);
  }
  return entry->gr_gid;
}

// Sorted, to be compared with what the process has become.
std::vector<gid_t> GroupsOf(const std::string& user, gid_t gid) {
  if (user.empty()) {
    return {gid};
  }
  std::vector<gid_t> groups(32);
  auto count = static_cast<int>(groups.size());
  while (getgrouplist(user.c_str(), gid, groups.data(), &count) < 0) {
    groups.resize(groups.size() * 2);
    count = static_cast<int>(groups.size());
  }
  groups.resize(static_cast<std::size_t>(count));
  std::sort(groups.begin(), groups.end());
  return groups;
}

Error OnlyRoot() {
  return Error{
      "only root can give the workers another user or group than its own: start as root, or "
      "leave server.user and server.group out"};
}

}  // namespace

// By descriptor and not by name: what stands at a name may be a link of somebody else's by now.
// fchown does not take the O_PATH descriptor that a socket file is opened with.
int GiveAway(int fd, const FileOwner& owner) {
  return fchownat(fd, "", owner.uid, owner.gid, AT_EMPTY_PATH) == 0 ? 0 : errno;
}

Result<Identity> Identity::Of(const ServerSettings& settings) {
  Identity identity;
  if (settings.user.empty() && settings.group.empty()) {
    return identity;
  }
  const auto user = FindUser(settings.user.empty() ? std::to_string(geteuid()) : settings.user);
  if (!user) {
    return user.error();
  }
  // Whoever is that user already may say so: a configuration for root works without root too.
  const bool may_change = geteuid() == 0;
  if (!may_change && user->uid == geteuid() && settings.group.empty()) {
    return identity;
  }
  const auto gid = FindGroup(settings.group, *user);
  if (!gid) {
    return gid.error();
  }
  if (!may_change) {
    const bool same = user->uid == geteuid() && *gid == getegid();
    return same ? Result<Identity>(identity) : OnlyRoot();
  }
  identity.changes_ = true;
  identity.uid_ = user->uid;
  identity.gid_ = *gid;
  if (settings.initgroups) {
    identity.groups_ = GroupsOf(user->name, *gid);
  }
  return identity;
}

// Groups first: after setuid nothing else is allowed. All three of each kind, as the saved one
// would let the process go back.
Status Identity::Become() const {
  if (!changes_) {
    return {};
  }
  const std::string what = fmt::format("cannot become user {}, group {}", uid_, gid_);
  if (setgroups(groups_.size(), groups_.data()) != 0) {
    return SystemError(what + ": setgroups", errno);
  }
  if (setresgid(gid_, gid_, gid_) != 0) {
    return SystemError(what + ": setgid", errno);
  }
  if (setresuid(uid_, uid_, uid_) != 0) {
    return SystemError(what + ": setuid", errno);
  }
  const Status verified = Verify();
  return verified ? Status() : verified.error().In(what);
}

// What the calls have answered is not believed: whoever serves clients with root's rights left over
// does not notice it by anything else.
Status Identity::Verify() const {
  const std::vector<uid_t> wanted_users(3, uid_);
  std::vector<uid_t> users(3);
  getresuid(&users[0], &users[1], &users[2]);
  const std::vector<gid_t> wanted_group(3, gid_);
  std::vector<gid_t> group(3);
  getresgid(&group[0], &group[1], &group[2]);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, getgroups(0, nullptr))));
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(0, count)));
  std::sort(groups.begin(), groups.end());
  if (users != wanted_users || group != wanted_group || groups != groups_) {
    return Error{"the system kept some of the former user's rights"};
  }
  return {};
}

FileOwner Identity::owner() const {
  return changes_ ? FileOwner{uid_, gid_} : FileOwner{};
}

}  // namespace sqlicorn
