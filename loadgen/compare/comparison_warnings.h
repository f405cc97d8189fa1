// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// Adds what a reader must know before the numbers of this configuration, a sentence each.
void WarnOf(const ConfigurationNumbers& configuration, std::vector<std::string>* warnings);

// What an audit that is not clean found.
[[nodiscard]] std::string AuditFailure(const std::string& configuration, const Audit& audit);

}  // namespace sqlicorn::loadgen
