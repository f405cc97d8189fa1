// SPDX-License-Identifier: MIT
#pragma once

#include "common/config/table_reader.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {

// Reads what a request is and what becomes of its answer: all of a [[task]] but its weight.
// `forms` is the file's [forms] table, or nullptr. What it takes is entered into `values`, and
// known afterwards.
[[nodiscard]] TaskSpec ReadRequest(TableReader& reader, const Value* forms, ValueTable* values,
                                   KnownValues* known);

}  // namespace sqlicorn::loadgen
