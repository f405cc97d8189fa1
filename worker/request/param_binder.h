// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "common/config/param_spec.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/field_fault.h"
#include "worker/request/request_fields.h"

namespace sqlicorn {

// Turns request fields into the typed parameters that an endpoint asks for: replaces *params, in
// the order of the specs; text points into `fields`, the request or the specs. The faults, all that
// there are, name the fields that are missing, of the wrong type or beyond their limits: then
// *params is of no use.
[[nodiscard]] std::vector<FieldFault> BindParams(std::span<const ParamSpec> specs,
                                                 RequestFields& fields,
                                                 std::vector<BoundParam>* params);

// What BindParams makes of a request whose query and body have no field; nothing where that would
// be an error or depends on the rest of the request. Text points into the specs.
[[nodiscard]] std::optional<std::vector<BoundParam>> DefaultsOf(std::span<const ParamSpec> specs);

}  // namespace sqlicorn
