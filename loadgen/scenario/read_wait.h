// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/config/table_reader.h"
#include "loadgen/scenario/wait.h"

namespace sqlicorn::loadgen {

// "2s", or a table of one of uniform = ["1s", "3s"], exponential = "2s", pace = "5s". False when
// the key is absent or wrong, which the reader remembers.
bool ReadWait(TableReader& reader, std::string_view key, Wait* wait);

}  // namespace sqlicorn::loadgen
