// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/config/param_spec.h"
#include "worker/request/field_fault.h"
#include "worker/request/request_fields.h"

namespace sqlicorn {

// The fields of body and query that none of `params` asks for.

// `object`: RequestFields::json.

// Adds a fault for each name, twenty at most.
void RefuseUnknown(std::span<const ParamSpec> params, const RequestFields& fields,
                   std::size_t object, std::vector<FieldFault>* faults);

// As one JSON object, the first value of a name: JSON as it was sent, from a form or query a
// string. Files are left out. REQUIRES: `fields` were read with FieldWants::json_texts.
[[nodiscard]] std::string CollectUnknown(std::span<const ParamSpec> params,
                                         const RequestFields& fields, std::size_t object);

}  // namespace sqlicorn
