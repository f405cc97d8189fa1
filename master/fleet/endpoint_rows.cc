// SPDX-License-Identifier: MIT
#include "master/fleet/endpoint_rows.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ipc/worker_counters.h"

namespace sqlicorn {

std::vector<std::size_t> EndpointRows::RowsOf(const ServerConfig& config) {
  std::vector<std::size_t> rows;
  for (const EndpointSpec& endpoint : config.endpoints) {
    rows.push_back(RowOf(fmt::format("{} {}", fmt::join(endpoint.methods, ","), endpoint.path)));
  }
  return rows;
}

std::size_t EndpointRows::RowOf(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) {
    return static_cast<std::size_t>(found - names_.begin());
  }
  if (names_.size() < kEndpointRows) {
    names_.push_back(names_.size() + 1 < kEndpointRows ? name : "others");
  }
  return names_.size() - 1;
}

}  // namespace sqlicorn
