// SPDX-License-Identifier: MIT
#include "worker/wal/checkpoint_policy.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "common/base/parse_whole.h"
#include "worker/sqlite/library.h"

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
  constexpr int kLongest = std::numeric_limits<int>::max() / CheckpointPolicy::kStarvedFactor;
  policy.starved_pages = CheckpointPolicy::kStarvedFactor * std::min(policy.pages, kLongest);
  const bool in_line = Queues(settings.scheduler);
  const bool shared_wal = PragmaOf(settings, "journal_mode") == "wal" &&
                          PragmaOf(settings, "locking_mode") != "exclusive";
  const bool writes = settings.access == DatabaseAccess::kReadWrite;
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

}  // namespace sqlicorn
