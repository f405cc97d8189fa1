// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "loadgen/compare/audit.h"
#include "loadgen/results/json_reader.h"

// An audit in a result file.
namespace sqlicorn::loadgen {

[[nodiscard]] nlohmann::ordered_json AuditJson(const Audit& audit);
[[nodiscard]] Audit ReadAudit(const JsonPlace& from);

// A list of texts.
[[nodiscard]] std::vector<std::string> ReadTexts(const JsonPlace& from);

}  // namespace sqlicorn::loadgen
