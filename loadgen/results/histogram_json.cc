// SPDX-License-Identifier: MIT
#include "loadgen/results/histogram_json.h"

#include <nlohmann/json.hpp>

namespace sqlicorn::loadgen {

using Json = nlohmann::ordered_json;

nlohmann::ordered_json FlatJson(const Pairs& pairs) {
  Json flat = Json::array();
  for (const auto& [value, count] : pairs) {
    flat.push_back(value);
    flat.push_back(count);
  }
  return flat;
}

Pairs ReadFlat(const JsonPlace& from) {
  Pairs pairs;
  const std::size_t size = from.size();
  if (size % 2 != 0) {
    from.Refuse("is no list of values, each with its count");
    return pairs;
  }
  pairs.reserve(size / 2);
  for (std::size_t i = 0; i < size; i += 2) {
    pairs.emplace_back(from.At(i).As<std::uint64_t>(), from.At(i + 1).As<std::uint64_t>());
  }
  return pairs;
}

nlohmann::ordered_json HistogramJson(const Histogram& histogram) {
  const Histogram::Content content = histogram.content();
  return {{"sum_us", content.sum_us},
          {"min_us", content.min_us},
          {"max_us", content.max_us},
          {"us_counts", FlatJson(content.counts)}};
}

Histogram ReadHistogram(const JsonPlace& from) {
  Histogram histogram({ReadFlat(from["us_counts"]), from["sum_us"].As<std::uint64_t>(),
                       from["min_us"].As<std::uint64_t>(), from["max_us"].As<std::uint64_t>()});
  if (histogram.min_us() > histogram.max_us()) {
    from["min_us"].Refuse("is more than max_us");
  }
  return histogram;
}

}  // namespace sqlicorn::loadgen
