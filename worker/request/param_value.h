// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "common/config/param_spec.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/request_fields.h"

namespace sqlicorn {

// One field as the parameter that its param asks for; nothing where it is of another type. The
// limits are not looked at. What is made in between, as the octets of base64, `fields` keeps.
[[nodiscard]] std::optional<BoundParam> Convert(const ParamSpec& param, const FieldValue& field,
                                                RequestFields& fields);

// Why Convert had nothing: "must be an integer".
[[nodiscard]] std::string Complaint(const ParamSpec& param, const FieldValue& field);

// What a converted value must be to keep to the param's limits; "" when it does.
[[nodiscard]] std::string MisfitOf(const ParamSpec& param, const BoundParam& value);

}  // namespace sqlicorn
