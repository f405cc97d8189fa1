// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/request_fields.h"

namespace sqlicorn {

// Turns request fields into the typed parameters a param set asks for: replaces *params, in the
// order of the set; text points into `fields` or `set`. Fields the set does not name are ignored.
// The error is one sentence for the client: a field that is missing or has the wrong type.
[[nodiscard]] Status BindParams(const ParamSetSpec& set, const RequestFields& fields,
                                std::vector<BoundParam>* params);

// What BindParams makes of a request without any field; nothing where it would be an error. Text
// points into `set`.
[[nodiscard]] std::optional<std::vector<BoundParam>> DefaultsOf(const ParamSetSpec& set);

}  // namespace sqlicorn
