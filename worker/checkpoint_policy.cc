// SPDX-License-Identifier: MIT
#include "worker/checkpoint_policy.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "worker/sqlite/library.h"

namespace sqlicorn {
namespace {

std::string_view PragmaOf(const DatabaseSettings& settings, std::string_view name) {
  const auto found = std::find_if(settings.pragmas.begin(), settings.pragmas.end(),
                                  [name](const PragmaSpec& p) { return p.name == name; });
  return found == settings.pragmas.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace

CheckpointPolicy CheckpointPolicyOf(const DatabaseSettings& settings, int library_version) {
  CheckpointPolicy policy;
  const std::string_view pages = PragmaOf(settings, "wal_autocheckpoint");
  std::from_chars(pages.data(), pages.data() + pages.size(), policy.pages);
  const bool in_line =
      settings.scheduler == SchedulerKind::kFifo || settings.scheduler == SchedulerKind::kGroup;
  policy.apart = settings.checkpointer == CheckpointerKind::kAuto && in_line && policy.pages > 0 &&
                 PragmaOf(settings, "journal_mode") == "wal" &&
                 PragmaOf(settings, "locking_mode") != "exclusive" &&
                 !HasWalResetBug(library_version);
  return policy;
}

}  // namespace sqlicorn
