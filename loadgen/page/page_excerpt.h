// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// How much of each a page shows.
struct PageLimits {
  std::size_t configurations = 40;
  std::size_t endpoints = 100;
  std::size_t endpoint_rows = 300;  // of all endpoints and configurations
  std::size_t rows = 100;           // of any other list

  // Half of each, but never nothing.
  [[nodiscard]] PageLimits Halved() const;
};

// What is most important of a comparison, and what was left out.
struct PageExcerpt {
  Comparison shown;
  std::vector<std::string> left_out;  // "100 of 20,000 endpoints: …"
};

// Of configurations the first stays, those whose audit failed, and the fastest; of endpoints those
// with failures, and the most requested; of all else what comes first. What is shown keeps its
// order.
[[nodiscard]] PageExcerpt ExcerptOf(const Comparison& comparison, const PageLimits& limits);

}  // namespace sqlicorn::loadgen
