// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/config/param_spec.h"

namespace sqlicorn {

// What is wrong with one field of a request, for the client.
struct FieldFault {
  std::string field;   // as the client calls it
  std::string detail;  // "must be an integer"
  ParamSource source = ParamSource::kAny;
};

// Whether one is of the path: then the request is for something that is not there.
[[nodiscard]] bool MissesPath(const std::vector<FieldFault>& faults);

// All of them in one line: "field 'a' must be an integer; field 'b' is missing".
[[nodiscard]] std::string Sentence(const std::vector<FieldFault>& faults);

}  // namespace sqlicorn
