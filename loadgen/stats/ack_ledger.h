// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace sqlicorn::loadgen {

// The fate of every unique id that a run sent in a write, for the audit: an acknowledged id must be
// in the table once, an unanswered or failed one may be there or not. Ids count from 1 and take one
// byte each.
class AckLedger {
 public:
  enum class Fate : std::uint8_t { kUnanswered, kAcknowledged, kFailed, kNoWrite };

  // The next id, unanswered until it is settled.
  [[nodiscard]] std::uint64_t Issue();
  void Settle(std::uint64_t id, Fate fate);

  // How many ids were issued; they are 1 to issued().
  [[nodiscard]] std::uint64_t issued() const { return fates_.size(); }

  // REQUIRES: 1 <= id <= issued().
  [[nodiscard]] Fate FateOf(std::uint64_t id) const { return fates_[id - 1]; }

  [[nodiscard]] std::uint64_t Count(Fate fate) const;

  // The ids of one fate, rising.
  [[nodiscard]] std::vector<std::uint64_t> Ids(Fate fate) const;

 private:
  std::vector<Fate> fates_;
};

}  // namespace sqlicorn::loadgen
