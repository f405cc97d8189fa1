// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "common/base/clock.h"
#include "common/base/histogram.h"

namespace sqlicorn::loadgen {

// How a run went second by second, for charts over time. Times are known to 3 %, the greatest of
// each second exactly. A long run is kept in at most 300 spans: when there would be more, each two
// become one of twice the length.
class SecondSeries {
 public:
  static constexpr LogBuckets kLayout{4, 36};
  static constexpr std::size_t kMaxSpans = 300;

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

  // Second by second: another run of the same kind.
  void Merge(const SecondSeries& other);

  void Reset();

  // What another had.
  void Restore(std::uint32_t span_s, std::vector<Span> spans);

  // How many seconds a span is; a power of two.
  [[nodiscard]] std::uint32_t span_s() const { return span_s_; }

  // From the start on, without a gap.
  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }

 private:
  void Widen();

  std::uint32_t span_s_ = 1;
  std::vector<Span> spans_;
};

}  // namespace sqlicorn::loadgen
