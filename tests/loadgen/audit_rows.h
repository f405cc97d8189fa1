// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/compare/audit.h"

// Rows and fates for the tests of the audit.
namespace sqlicorn::loadgen {

using Fate = AckLedger::Fate;

inline AckLedger Ledger(const std::vector<Fate>& fates) {
  AckLedger ledger;
  for (const Fate fate : fates) {
    ledger.Settle(ledger.Issue(), fate);
  }
  return ledger;
}

// The value of the unique column of a row, as the scenario makes it.
inline std::string RowOf(int id) {
  std::string digits = std::to_string(id);
  return "Name 0 #0123abcd-" + std::string(10 - digits.size(), '0') + digits;
}

// acknowledged, rows, lost, duplicates, unexplained, unacknowledged
using Verdict = std::vector<std::uint64_t>;

}  // namespace sqlicorn::loadgen
