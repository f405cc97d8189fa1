// SPDX-License-Identifier: MIT
#include "worker/wal/wal_guard.h"

#include "common/base/log.h"

namespace sqlicorn {

bool WalAlarm::IsDue(int pages) {
  if (pages <= policy_.pages) {
    said_ = false;
  }
  if (said_ || pages < policy_.starved_pages) {
    return false;
  }
  said_ = true;
  return true;
}

void WalAlarm::Observe(int pages) {
  if (IsDue(pages)) {
    LogWarning(
        "The write-ahead log has grown to {} pages and starts over only when nobody reads it: look "
        "for a long SELECT, a backup or an open transaction, else readers overlap without a pause",
        pages);
  }
}

WalGuard::WalGuard(Connection& connection, const CheckpointPolicy& policy,
                   const Doorbell* checkpointer)
    : connection_(connection),
      checkpointer_(policy.apart ? checkpointer : nullptr),
      in_turn_from_(std::int64_t{policy.pages} *
                    (checkpointer_ != nullptr ? CheckpointPolicy::kInTurnFactor : 1)),
      ring_from_(policy.pages),
      alarm_(policy) {
  if (policy.pages > 0) {
    connection.OnWalGrowth([this](int pages) { OnGrowth(pages); });
  }
}

WalGuard::~WalGuard() {
  connection_.OnWalGrowth([](int /*pages*/) {});
}

void WalGuard::OnGrowth(int pages) {
  if (checkpointer_ != nullptr && pages >= ring_from_) {
    checkpointer_->Ring();
  }
  if (pages >= in_turn_from_) {
    Checkpoint();
  }
  // Where there is a checkpointer, it speaks for all workers.
  if (checkpointer_ == nullptr) {
    alarm_.Observe(pages);
  }
}

// The commit it belongs to has succeeded whatever becomes of it.
void WalGuard::Checkpoint() {
  const SqlStatus status = connection_.Checkpoint(nullptr);
  const bool failed = !status.ok() && !status.busy();
  if (failed && !failing_) {
    LogError("cannot copy the write-ahead log into the database: {} ({})", status.message(),
             status.name());
  }
  failing_ = failed;
  in_doubt_ = in_doubt_ || status.leaves_doubt();
}

}  // namespace sqlicorn
