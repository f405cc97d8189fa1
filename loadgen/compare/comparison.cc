// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

Histogram LatencyOf(const Distribution& distribution, Scope scope) {
  Histogram sum;
  for (const EndpointStats& endpoint : distribution.endpoints) {
    if (scope == Scope::kAll || endpoint.writes == (scope == Scope::kWrites)) {
      sum.Merge(endpoint.latency);
    }
  }
  return sum;
}

bool IsRun(const Comparison& comparison) {
  return comparison.provenance.plan.empty() && comparison.configurations.size() == 1 &&
         !comparison.control;
}

}  // namespace sqlicorn::loadgen
