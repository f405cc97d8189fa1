// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace sqlicorn::loadgen {

// The key under which locust counts a response time, in milliseconds: whole milliseconds below 100,
// then two significant digits up to 10 s, then whole seconds, halves to even.
[[nodiscard]] std::uint64_t LocustKeyMs(std::uint64_t us);

// Response times counted by locust's keys, from which locust takes its medians and percentiles.
// Kept beside the histogram so that its tables come out digit for digit.
class RoundedTimes {
 public:
  RoundedTimes();

  void Record(std::uint64_t us);
  // `count` times one of locust's keys.
  void Add(std::uint64_t key_ms, std::uint64_t count);
  void Merge(const RoundedTimes& other);
  // What was recorded since `earlier`, a copy of this object made before.
  [[nodiscard]] RoundedTimes Since(const RoundedTimes& earlier) const;
  void Reset();

  [[nodiscard]] std::uint64_t count() const { return count_; }

  // The keys that occurred, rising, and how often.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> Counts() const;

  // Locust's percentile: the key at rank floor(count * fraction), from 0. 0 when empty.
  [[nodiscard]] std::uint64_t PercentileMs(double fraction) const;
  // Locust's median: the lower of the two middle keys. 0 when empty.
  [[nodiscard]] std::uint64_t MedianMs() const;

 private:
  [[nodiscard]] std::uint64_t KeyAt(std::uint64_t rank) const;

  std::vector<std::uint64_t> counts_;  // by position of the key; grows past half a minute only
  std::uint64_t count_ = 0;
};

}  // namespace sqlicorn::loadgen
