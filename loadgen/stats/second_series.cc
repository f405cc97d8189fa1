// SPDX-License-Identifier: MIT
#include "loadgen/stats/second_series.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sqlicorn::loadgen {

void SecondSeries::Span::Merge(const Span& other) {
  requests += other.requests;
  failures += other.failures;
  max_us = std::max(max_us, other.max_us);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] += other.counts[i];
  }
}

double SecondSeries::Span::PercentileUs(double percent) const {
  if (requests == 0) {
    return 0;
  }
  const std::uint64_t rank = PercentileRank(requests, percent);
  const auto index = static_cast<std::size_t>(FindRank(counts, rank) - counts.begin());
  return std::min(kLayout.MiddleOf(index), static_cast<double>(max_us));
}

void SecondSeries::Record(Duration ended, std::uint64_t latency_us, bool failed) {
  const auto second = static_cast<std::size_t>(std::max(0.0, ToSeconds(ended)));
  while (second / span_s_ >= kMaxSpans) {
    Widen();
  }
  const std::size_t at = second / span_s_;
  if (at >= spans_.size()) {
    spans_.resize(at + 1);
  }
  Span& span = spans_[at];
  ++span.requests;
  span.failures += failed ? 1 : 0;
  span.max_us = std::max(span.max_us, latency_us);
  ++span.counts[kLayout.IndexOf(std::min(latency_us, kLayout.greatest_value()))];
}

void SecondSeries::Merge(const SecondSeries& other) {
  SecondSeries same = other;
  while (same.span_s_ < span_s_) {
    same.Widen();
  }
  while (span_s_ < same.span_s_) {
    Widen();
  }
  spans_.resize(std::max(spans_.size(), same.spans_.size()));
  for (std::size_t i = 0; i < same.spans_.size(); ++i) {
    spans_[i].Merge(same.spans_[i]);
  }
}

void SecondSeries::Reset() {
  span_s_ = 1;
  spans_.clear();
}

void SecondSeries::Restore(std::uint32_t span_s, std::vector<Span> spans) {
  span_s_ = std::bit_ceil(std::clamp<std::uint32_t>(span_s, 1, 1U << 20));
  spans_ = std::move(spans);
}

void SecondSeries::Widen() {
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    if (i % 2 == 1) {
      spans_[i / 2].Merge(spans_[i]);
    } else {
      spans_[i / 2] = spans_[i];
    }
  }
  spans_.resize((spans_.size() + 1) / 2);
  span_s_ *= 2;
}

}  // namespace sqlicorn::loadgen
