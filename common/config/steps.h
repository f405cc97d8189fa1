// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/config/server_config.h"
#include "common/config/table_reader.h"

namespace sqlicorn {

// Reads the key `steps` of one [[endpoint]]. REQUIRES: `statements` have been read.
[[nodiscard]] std::vector<StepSpec> ReadSteps(TableReader& endpoint,
                                              const std::vector<StatementSpec>& statements);

// Whether what the steps say only means something where all of them can be undone.
[[nodiscard]] bool NeedTransaction(const std::vector<StepSpec>& steps);

// As TOML, on one line.
[[nodiscard]] std::string PrintStep(const StepSpec& step,
                                    const std::vector<StatementSpec>& statements);

}  // namespace sqlicorn
