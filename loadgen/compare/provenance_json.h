// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// When, where and how it was measured, as all JSON of a comparison has it.
[[nodiscard]] nlohmann::ordered_json ProvenanceJson(const Provenance& from);

}  // namespace sqlicorn::loadgen
