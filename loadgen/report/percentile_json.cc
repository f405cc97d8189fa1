// SPDX-License-Identifier: MIT
#include "loadgen/report/percentile_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sqlicorn::loadgen {

void AddPercentiles(const LatencySummary& latency, nlohmann::ordered_json* json) {
  using Json = nlohmann::ordered_json;
  Json percentiles = Json::object();
  Json too_few = Json::array();
  for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
    const std::string name = fmt::format("{}", kReportPercents[i]);
    percentiles[name] = latency.percentiles_ms[i];
    if (!latency.carried[i]) {
      too_few.push_back(name);
    }
  }
  (*json)["percentiles_ms"] = std::move(percentiles);
  (*json)["too_few_requests_for"] = std::move(too_few);
}

}  // namespace sqlicorn::loadgen
