// SPDX-License-Identifier: MIT
#include "loadgen/compare/durability.h"

#include <algorithm>
#include <array>

#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kNothing = "nothing";
constexpr std::string_view kDatabase = "the database";
constexpr std::string_view kLastWrites = "the last writes";
constexpr std::string_view kLastWrite = "the last write";

std::string_view ValueOf(const Pragmas& pragmas, std::string_view name) {
  const auto found = std::find_if(pragmas.begin(), pragmas.end(),
                                  [name](const auto& pragma) { return pragma.first == name; });
  return found == pragmas.end() ? std::string_view() : std::string_view(found->second);
}

struct Rule {
  std::string_view journal_mode;  // "" = any
  std::string_view synchronous;   // "" = any
  std::string_view crash;
  std::string_view power_cut;
};

// The first that fits. Without a journal on the disk a transaction cut in half stays so. A log that
// is not flushed at each commit comes back to its last checkpoint or flush, whole; a database
// written in place without flushes comes back in any state. In the modes that delete the journal,
// only EXTRA flushes the directory, so that a commit may be undone by a journal that is there
// again.
constexpr std::array<Rule, 10> kRules = {{
    {"off", "", kDatabase, kDatabase},
    {"memory", "", kDatabase, kDatabase},
    {"", "off", kNothing, kDatabase},
    {"wal", "normal", kNothing, kLastWrites},
    {"wal", "full", kNothing, kNothing},
    {"wal", "extra", kNothing, kNothing},
    {"", "normal", kNothing, kDatabase},
    {"delete", "full", kNothing, kLastWrite},
    {"", "full", kNothing, kNothing},
    {"", "extra", kNothing, kNothing},
}};

bool Fits(const Rule& rule, std::string_view journal_mode, std::string_view synchronous) {
  return (rule.journal_mode.empty() || rule.journal_mode == journal_mode) &&
         (rule.synchronous.empty() || rule.synchronous == synchronous);
}

}  // namespace

Durability DurabilityOf(const Pragmas& pragmas, std::string_view file_system) {
  const std::string_view journal_mode = ValueOf(pragmas, "journal_mode");
  const std::string_view synchronous = ValueOf(pragmas, "synchronous");
  for (const Rule& rule : kRules) {
    if (journal_mode.empty() || synchronous.empty() || !Fits(rule, journal_mode, synchronous)) {
      continue;
    }
    const bool lasting = !IsVolatile(file_system);
    const std::string_view power_cut = lasting ? rule.power_cut : "all of it (in memory)";
    return {std::string(rule.crash), std::string(power_cut),
            rule.crash == kNothing && power_cut == kNothing};
  }
  return {"unknown", "unknown", false};
}

}  // namespace sqlicorn::loadgen
