// SPDX-License-Identifier: MIT
#include "loadgen/stats/time_series.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sqlicorn::loadgen {

void TimeSeries::Span::Merge(const Span& other) {
  requests += other.requests;
  failures += other.failures;
  max_us = std::max(max_us, other.max_us);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] += other.counts[i];
  }
}

double TimeSeries::Span::PercentileUs(double percent) const {
  if (requests == 0) {
    return 0;
  }
  const std::uint64_t rank = PercentileRank(requests, percent);
  const auto index = static_cast<std::size_t>(FindRank(counts, rank) - counts.begin());
  return std::min(kLayout.MiddleOf(index), static_cast<double>(max_us));
}

void TimeSeries::Record(Duration ended, std::uint64_t latency_us, bool failed) {
  const auto since = std::max(ended, Duration::zero());
  const auto ms = static_cast<std::size_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  while (ms / span_ms_ >= kMaxSpans) {
    Widen();
  }
  const std::size_t at = ms / span_ms_;
  if (at >= spans_.size()) {
    spans_.resize(at + 1);
  }
  Span& span = spans_[at];
  ++span.requests;
  span.failures += failed ? 1 : 0;
  span.max_us = std::max(span.max_us, latency_us);
  ++span.counts[kLayout.IndexOf(std::min(latency_us, kLayout.greatest_value()))];
}

void TimeSeries::Merge(const TimeSeries& other) {
  TimeSeries same = other;
  while (same.span_ms_ < span_ms_) {
    same.Widen();
  }
  while (span_ms_ < same.span_ms_) {
    Widen();
  }
  spans_.resize(std::max(spans_.size(), same.spans_.size()));
  for (std::size_t i = 0; i < same.spans_.size(); ++i) {
    spans_[i].Merge(same.spans_[i]);
  }
}

void TimeSeries::Reset() {
  span_ms_ = kLeastSpanMs;
  spans_.clear();
}

void TimeSeries::Restore(std::uint32_t span_ms, std::vector<Span> spans) {
  const std::uint32_t doublings = std::clamp<std::uint32_t>(span_ms / kLeastSpanMs, 1, 1U << 20);
  span_ms_ = kLeastSpanMs * std::bit_ceil(doublings);
  spans_ = std::move(spans);
}

void TimeSeries::Widen() {
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    if (i % 2 == 1) {
      spans_[i / 2].Merge(spans_[i]);
    } else {
      spans_[i / 2] = spans_[i];
    }
  }
  spans_.resize((spans_.size() + 1) / 2);
  span_ms_ *= 2;
}

}  // namespace sqlicorn::loadgen
