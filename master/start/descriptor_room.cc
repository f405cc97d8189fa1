// SPDX-License-Identifier: MIT
#include "master/start/descriptor_room.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr std::size_t kDatabase = 4;     // its file, -wal, -shm and one for a moment
constexpr std::size_t kLoop = 8;         // as Worker::Create makes sure
constexpr std::size_t kConnections = 4;  // fewer are no service
constexpr std::size_t kLastWords = 1;
constexpr std::size_t kBells = 4;    // two pipes
constexpr std::size_t kControl = 2;  // the socket, and a descriptor in reserve
constexpr std::size_t kAccessLog = 1;

std::size_t NeedOfWorker(const ServerSettings& settings) {
  return kLastWords + kDatabase + kLoop + kConnections +
         (settings.accesslog.empty() ? 0 : kAccessLog);
}

// The lowest limit that leaves room for `need` descriptors more.
rlim_t LimitFor(std::size_t need) {
  int fd = 0;
  for (; need > 0; ++fd) {
    need -= fcntl(fd, F_GETFD) < 0 ? 1 : 0;
  }
  return static_cast<rlim_t>(fd);
}

Status CheckLimit(std::size_t need) {
  rlimit limit{};
  const rlim_t enough = LimitFor(need);
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= enough) {
    return {};
  }
  return Error{
      fmt::format("a process may have {} open files (ulimit -n), and these settings need {}; "
                  "raise it: ulimit -n {}, or LimitNOFILE={} of the service",
                  limit.rlim_cur, enough, enough, enough)};
}

}  // namespace

Status CheckDescriptorLimit(const ServerSettings& settings) {
  return CheckLimit(settings.bind.size() + kBells +
                    (settings.control_socket.empty() ? 0 : kControl) + NeedOfWorker(settings));
}

Status CheckDescriptorsBeside(const ServerSettings& settings, std::size_t more) {
  return CheckLimit(more + NeedOfWorker(settings));
}

}  // namespace sqlicorn
