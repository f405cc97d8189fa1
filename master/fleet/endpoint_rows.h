// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/config/server_config.h"

namespace sqlicorn {

// Which row of the counters is which endpoint's. An endpoint keeps its row through every reload for
// the life of the master, so counts of old and new workers add up; what comes when the rows are
// used up shares the last one.
class EndpointRows {
 public:
  // Of the endpoints of `config`, in their order; new ones get the next free rows.
  [[nodiscard]] std::vector<std::size_t> RowsOf(const ServerConfig& config);

  // By row: "GET,POST /path/", and "others" for the last one.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] std::size_t RowOf(const std::string& name);

  std::vector<std::string> names_;
};

}  // namespace sqlicorn
