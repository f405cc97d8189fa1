// SPDX-License-Identifier: MIT
#include "loadgen/run/max_search.h"

#include <algorithm>
#include <cmath>

#include "common/base/numbers.h"
#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kLeast = 0.5;  // per second
constexpr double kMost = 1'000'000;

constexpr std::uint32_t kMissesNeeded = 2;
constexpr std::uint32_t kMostUntold = 3;  // tries
constexpr Duration kLeastAgain = std::chrono::seconds(2);
constexpr Duration kMostTime = std::chrono::seconds(60);  // unless what is usual is longer
constexpr double kMargin = 1.2;                           // a longer try shall be long enough

}  // namespace

MaxSearch::MaxSearch(double first, double precision, Duration usual)
    : rate_(first), precision_(precision), usual_(usual), time_(usual) {
  CHECK(first > 0);
}

void MaxSearch::Tell(StepVerdict verdict, double lacking) {
  switch (verdict) {
    case StepVerdict::kMet:
      Settle(true);
      return;
    case StepVerdict::kMissed:
      if (++missed_tries_ == kMissesNeeded) {
        Settle(false);
      } else {
        TryAgain(1);
      }
      return;
    case StepVerdict::kTooFew:
    case StepVerdict::kUntold:
      const bool longest = verdict == StepVerdict::kTooFew && time_ >= std::max(usual_, kMostTime);
      if (++untold_tries_ == kMostUntold || longest) {
        untold_ = rate_;
        done_ = true;
      } else {
        TryAgain(verdict == StepVerdict::kTooFew ? lacking * kMargin : 1);
      }
  }
}

void MaxSearch::TryAgain(double longer) {
  const double most_s = ToSeconds(std::max(usual_, kMostTime));
  time_ = std::max({time_, kLeastAgain, FromSeconds(std::min(ToSeconds(time_) * longer, most_s))});
}

void MaxSearch::Settle(bool met) {
  missed_tries_ = untold_tries_ = 0;
  time_ = usual_;
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
