// SPDX-License-Identifier: MIT
#include "worker/wal/checkpoints.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "common/base/log.h"
#include "common/base/numbers.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kPages = "wal_autocheckpoint";

std::string_view PragmaOf(const DatabaseSettings& settings, std::string_view name) {
  const auto found = std::find_if(settings.pragmas.begin(), settings.pragmas.end(),
                                  [name](const PragmaSpec& p) { return p.name == name; });
  return found == settings.pragmas.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace

CheckpointPolicy CheckpointPolicyOf(const DatabaseSettings& settings, int library_version) {
  CheckpointPolicy policy;
  const std::string_view pages = PragmaOf(settings, kPages);
  policy.pages = ParseWhole<int>(pages).value_or(policy.pages);
  // The setting may be as large as an int, and a multiple of it is asked for.
  constexpr int kLongest = std::numeric_limits<int>::max() / CheckpointPolicy::kStarvedFactor;
  policy.starved_pages = CheckpointPolicy::kStarvedFactor * std::min(policy.pages, kLongest);
  const bool in_line = Queues(settings.scheduler);
  // With an exclusive lock the index of the log is in the memory of its one process: no other could
  // copy it.
  const bool shared_wal = PragmaOf(settings, "journal_mode") == "wal" &&
                          PragmaOf(settings, "locking_mode") != "exclusive";
  const bool writes = settings.access == DatabaseAccess::kReadWrite;
  // A checkpointer copies while workers commit: exactly what versions with the bug must never do.
  policy.apart = writes && settings.checkpointer == CheckpointerKind::kAuto && in_line &&
                 policy.pages > 0 && shared_wal && !HasWalResetBug(library_version);
  if (pages.empty() && writes && in_line && shared_wal && !policy.apart) {
    policy.pages = CheckpointPolicy::kPagesWithinATurn;
  }
  return policy;
}

std::vector<PragmaSpec> PragmasInForce(const DatabaseSettings& settings, int library_version) {
  std::vector<PragmaSpec> pragmas = settings.pragmas;
  const int pages = CheckpointPolicyOf(settings, library_version).pages;
  if (PragmaOf(settings, kPages).empty() && pages != CheckpointPolicy().pages) {
    pragmas.push_back({.name = std::string(kPages), .value = std::to_string(pages), .place = {}});
  }
  return pragmas;
}

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
  // With 0 pages nobody wants a checkpoint, and SQLite, whose pragma says the same, makes none.
  if (policy.pages > 0) {
    connection.OnWalGrowth([this](int pages) { OnGrowth(pages); });
  }
}

// The connection lives longer, and the hook in it would call us.
WalGuard::~WalGuard() {
  connection_.OnWalGrowth([](int /*pages*/) {});
}

// Within the COMMIT, and so within the turn, where there are turns: what takes long here keeps all
// who write waiting. Rung again and again, as a ring may come while the checkpointer is at it and
// does not reach the end.
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
