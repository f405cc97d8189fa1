// SPDX-License-Identifier: MIT
#include "loadgen/run/max_search.h"

#include <cmath>

#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kLeast = 0.5;  // per second
constexpr double kMost = 1'000'000;

}  // namespace

MaxSearch::MaxSearch(double first, double precision) : rate_(first), precision_(precision) {
  CHECK(first > 0);
}

void MaxSearch::Tell(bool met) {
  (met ? met_ : missed_) = rate_;
  if (!missed_) {
    done_ = rate_ >= kMost;
    rate_ = std::min(rate_ * 2, kMost);
  } else if (!met_) {
    done_ = rate_ <= kLeast;
    rate_ = std::max(rate_ / 2, kLeast);
  } else {
    done_ = *missed_ <= *met_ * (1 + precision_);
    rate_ = std::sqrt(*met_ * *missed_);
  }
}

}  // namespace sqlicorn::loadgen
