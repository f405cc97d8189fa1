// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loadgen/stats/sample.h"

namespace sqlicorn::loadgen {

// One kind of failure of one endpoint.
struct ErrorStats {
  std::size_t endpoint = 0;  // index into RunStats::endpoints()
  std::string error;         // in locust's words
  std::string cause;         // SQLite's symbolic name, "" = none told
  std::uint64_t occurrences = 0;
  std::int64_t first_seen_us = 0;  // unix time
  std::int64_t last_seen_us = 0;
};

// Counts failures by kind: endpoint, status, SQLite's cause, and the text but for what varies in
// it. A server that puts something new into each failure makes neither the list long nor the
// counting slow.
class ErrorKinds {
 public:
  static constexpr std::size_t kMax = 100;  // beyond it one "others" for each endpoint

  ErrorKinds() = default;

  // What was counted elsewhere; it is not counted on.
  explicit ErrorKinds(std::vector<ErrorStats> list) : list_(std::move(list)) {}

  void Count(std::size_t endpoint, const Sample& sample, std::string_view error,
             std::int64_t unix_us);
  void Clear();

  // In the order of first occurrence. A text is as it was written where all of a kind had the same,
  // else without what varied.
  [[nodiscard]] const std::vector<ErrorStats>& list() const { return list_; }

 private:
  struct Kind {
    std::size_t at = 0;  // in list_
    bool varies = false;
  };

  std::vector<ErrorStats> list_;
  std::unordered_map<std::string, Kind> kinds_;
};

// `error` with '#' for each word that contains a digit, but for the first that is
// `kept`, and of a bounded length.
[[nodiscard]] std::string WithoutNumbers(std::string_view error, std::string_view kept);

}  // namespace sqlicorn::loadgen
