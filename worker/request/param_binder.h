// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/config/endpoint_spec.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/field_fault.h"
#include "worker/request/request_fields.h"

namespace sqlicorn {

// Turns request fields into the typed parameters that an endpoint asks for: replaces *params, in
// the order of its fields; where the body is an array of objects, those of one behind those of the
// other. Text points into `fields`, the request or the endpoint. The faults, all that there are up
// to kMostFaults, name the fields that are missing, of the wrong type, beyond their limits or not
// known, those of the third object as "[2].name": then *params is of no use.
[[nodiscard]] std::vector<FieldFault> BindParams(const EndpointSpec& endpoint,
                                                 RequestFields& fields,
                                                 std::vector<BoundParam>* params);

constexpr std::size_t kMostFaults = 100;

// What BindParams makes of a request whose query and body have no field; nothing where that would
// be an error or depends on the rest of the request. Text points into the specs.
[[nodiscard]] std::optional<std::vector<BoundParam>> DefaultsOf(std::span<const ParamSpec> specs);

}  // namespace sqlicorn
