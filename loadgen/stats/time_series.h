// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "common/base/clock.h"
#include "common/base/histogram.h"

namespace sqlicorn::loadgen {

// How a run went tenth by tenth of a second, for charts over time. Times are known to 3 %, the
// greatest of each span exactly. A long run is kept in at most 300 spans: when there would be more,
// each two become one of twice the length.
class TimeSeries {
 public:
  static constexpr LogBuckets kLayout{4, 36};
  static constexpr std::size_t kMaxSpans = 300;
  static constexpr std::uint32_t kLeastSpanMs = 100;

  struct Span {
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;  // among them
    std::uint64_t max_us = 0;
    std::array<std::uint32_t, kLayout.count()> counts{};

    void Merge(const Span& other);

    // 0 without a request.
    [[nodiscard]] double PercentileUs(double percent) const;
  };

  // `ended`: when the answer came, from the start of the run.
  void Record(Duration ended, std::uint64_t latency_us, bool failed);

  // Span by span: another run of the same kind.
  void Merge(const TimeSeries& other);

  void Reset();

  // What another had.
  void Restore(std::uint32_t span_ms, std::vector<Span> spans);

  // How long a span is: 100 times a power of two.
  [[nodiscard]] std::uint32_t span_ms() const { return span_ms_; }

  // From the start on, without a gap.
  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }

  // Makes each two spans one.
  void Widen();

 private:
  std::uint32_t span_ms_ = kLeastSpanMs;
  std::vector<Span> spans_;
};

}  // namespace sqlicorn::loadgen
