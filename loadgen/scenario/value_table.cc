// SPDX-License-Identifier: MIT
#include "loadgen/scenario/value_table.h"

namespace sqlicorn::loadgen {

std::optional<std::size_t> ValueTable::Find(std::string_view name) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].name == name) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace sqlicorn::loadgen
