// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "common/config/table_reader.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {

[[nodiscard]] bool IsHeaderName(std::string_view text);

// Reads `expect`: status, contains, equals, json.
void ReadExpectation(TableReader& reader, Expectation* expect);

// Reads `take`: `name = { json = "/pointer" }` or `{ header = "Name" }`.
[[nodiscard]] std::vector<TakenFrom> ReadTake(TableReader& reader, ValueTable* values);

}  // namespace sqlicorn::loadgen
