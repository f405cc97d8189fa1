// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// Deals users to kinds: first those of fixed number, in the order of the file, then each to the
// kind that has the least for its weight (Sainte-Laguë), so that any number of users is as near to
// the weights as it can be, and one user more or less changes nobody's kind. Where all kinds have
// fixed numbers and there are more users, the numbers are the weights.
class KindDealer {
 public:
  // REQUIRES: one kind has a count or a weight above 0.
  explicit KindDealer(const std::vector<UserKind>& kinds);

  // An index into `kinds`, for the user of that number, from 0.
  [[nodiscard]] std::size_t KindOf(std::size_t user);

  // How many of each kind the first `users` are.
  [[nodiscard]] std::vector<std::uint32_t> Counts(std::size_t users);

 private:
  void DealOne();

  struct Share {
    double weight = 0;
    double dealt = 0;  // without those of fixed number
  };

  std::vector<Share> shares_;
  std::vector<std::size_t> dealt_;  // the kind of each user so far
};

}  // namespace sqlicorn::loadgen
