// SPDX-License-Identifier: MIT
#include "master/start/shared_state.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "common/base/log.h"
#include "master/start/setting_checks.h"
#include "worker/run_query.h"

namespace sqlicorn {
namespace {

// The queue of the schedulers fifo and group. A system that refuses it does not keep us from
// serving: workers without a queue retry. It must not take the descriptors that workers need.
std::optional<SharedWriteQueue> MakeQueue(const ServerSettings& settings, std::size_t slots) {
  const Status room = CheckDescriptorsBeside(settings, slots);
  auto queue = room ? SharedWriteQueue::Create(slots) : room.error();
  if (!queue) {
    LogWarning("the write queue cannot be had ({}): fifo and group become retry{}",
               queue.error().message,
               VersionHasWalResetBug()
                   ? ", which with this version of SQLite can, rarely, corrupt a WAL database: "
                     "https://sqlite.org/wal.html#walresetbug"
                   : "");
    return std::nullopt;
  }
  return std::move(*queue);
}

// Room for a second generation beside the first during a reload, and for TTIN; and one more slot,
// so that a worker can be replaced when all of the others are taken.
std::size_t SlotsFor(const ServerSettings& settings) {
  return std::max<std::size_t>(16, static_cast<std::size_t>(settings.workers) * 2 + 8) + 1;
}

}  // namespace

Result<SharedState> SharedState::Make(const ServerSettings& settings) {
  const std::size_t slots = SlotsFor(settings);
  auto scoreboard = Scoreboard::Create(slots + 1);
  if (!scoreboard) {
    return scoreboard.error();
  }
  auto doorbell = Doorbell::Create();
  if (!doorbell) {
    return doorbell.error();
  }
  auto checkpoint_bell = Doorbell::Create();
  return SharedState{
      *std::move(scoreboard), *std::move(doorbell),
      checkpoint_bell ? std::make_optional(*std::move(checkpoint_bell)) : std::nullopt,
      MakeQueue(settings, slots)};
}

}  // namespace sqlicorn
