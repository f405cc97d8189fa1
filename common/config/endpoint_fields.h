// SPDX-License-Identifier: MIT
#pragma once

#include "common/config/endpoint_spec.h"
#include "common/config/path_pattern.h"
#include "common/config/value.h"

namespace sqlicorn {

// What the requests of an endpoint are asked for, into endpoint->fields: the fields of its param
// set, those of its path (a variable that the set does not name is required text), for each field
// that a form may bring as a file NAME_filename and NAME_type, and `unknown_fields` where they are
// collected. `set` is null where the endpoint has none. Adds to `faults` what does not go together,
// at the place of the endpoint.
// REQUIRES: the rest of *endpoint has been read, `path` is its path.
void CollectFields(const ParamSetSpec* set, const PathPattern& path, EndpointSpec* endpoint,
                   Faults* faults);

}  // namespace sqlicorn
