// SPDX-License-Identifier: MIT
#include "loadgen/run/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// What a process needs beside its users' connections: files, pipes, the loop's own.
constexpr std::uint64_t kSpareDescriptors = 64;

}  // namespace

Status AllowDescriptors(std::uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return SystemError("getrlimit", errno);
  }
  if (limit.rlim_cur >= needed) {
    return {};
  }
  const rlimit raised{needed, std::max<rlim_t>(needed, limit.rlim_max)};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
    return {};
  }
  return Error{
      fmt::format("the users need {} open descriptors and the limit is {}: fewer users (-u), or a "
                  "higher limit (ulimit -Hn)",
                  needed, limit.rlim_max)};
}

Status AllowUsers(std::uint64_t users) {
  return AllowDescriptors(users + kSpareDescriptors);
}

}  // namespace sqlicorn::loadgen
