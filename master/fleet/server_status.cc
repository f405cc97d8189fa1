// SPDX-License-Identifier: MIT
#include "master/fleet/server_status.h"

#include <sys/socket.h>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/socket_address.h"
#include "common/ipc/worker_counters.h"

namespace sqlicorn {
namespace {

// A worker that has been told to go may not have heard it yet.
WorkerState StateOf(const WorkerRecord& worker, const WorkerSlot& slot) {
  if (worker.leaving()) {
    return WorkerState::kStopping;
  }
  if (!worker.ready) {
    return WorkerState::kBooting;
  }
  return slot.state == WorkerState::kStopping ? WorkerState::kStopping : WorkerState::kReady;
}

const char* TypeOf(int family) {
  switch (family) {
    case AF_INET:
      return "tcp";
    case AF_INET6:
      return "tcp6";
    default:
      return "unix";
  }
}

}  // namespace

void ServerCounters::OnWorkerEnd(const WorkerRecord& worker, const WorkerSlot& slot, bool badly) {
  ++ended.at(static_cast<std::size_t>(worker.end_cause));
  crashed += badly && !worker.leaving() ? 1 : 0;
  requests += ReadCount(slot.requests);
  busy += ReadCount(slot.busy);
}

// A hung worker is ready for its table still, and answers nobody.
std::size_t ServerStatus::CountServing() const {
  return static_cast<std::size_t>(
      std::count_if(workers.begin(), workers.end(), [](const WorkerStatus& worker) {
        return worker.state == WorkerState::kReady && !worker.hung;
      }));
}

std::size_t ServerStatus::Count(WorkerState state) const {
  return static_cast<std::size_t>(
      std::count_if(workers.begin(), workers.end(),
                    [state](const WorkerStatus& worker) { return worker.state == state; }));
}

WorkerStatus StatusOf(const WorkerRecord& worker, const WorkerSlot& slot, const OwnClock& clock) {
  WorkerStatus status{.pid = worker.pid,
                      .slot = worker.slot,
                      .ordinal = worker.ordinal,
                      .generation = worker.generation,
                      .age = clock.real_now() - worker.spawned_at,
                      .state = StateOf(worker, slot),
                      .hung = worker.pulse.Overdue(clock.now()),
                      .connections = slot.ReadConnections(),
                      .requests = ReadCount(slot.requests),
                      .busy = ReadCount(slot.busy)};
  if (worker.ready && worker.pulse.beats()) {
    status.heartbeat_age = worker.pulse.Silence(clock.now());
  }
  return status;
}

ListenerStatus DescribeListener(int fd) {
  const SocketAddress address = SocketAddress::LocalOf(fd);
  return {.address = address.ToString(), .fd = fd, .type = TypeOf(address.family())};
}

std::string DescribeRoom(std::size_t room) {
  return fmt::format(
      "this master has room for {} workers; for more raise server.workers, then USR2 or a restart "
      "brings a master with more room",
      room);
}

std::vector<std::size_t> EndpointRows::RowsOf(const ServerConfig& config) {
  std::vector<std::size_t> rows;
  for (const EndpointSpec& endpoint : config.endpoints) {
    rows.push_back(RowOf(fmt::format("{} {}", fmt::join(endpoint.methods, ","), endpoint.path)));
  }
  return rows;
}

std::size_t EndpointRows::RowOf(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) {
    return static_cast<std::size_t>(found - names_.begin());
  }
  // The last row is taken by a name that says so, and all that come later share it.
  if (names_.size() < kEndpointRows) {
    names_.push_back(names_.size() + 1 < kEndpointRows ? name : "others");
  }
  return names_.size() - 1;
}

}  // namespace sqlicorn
