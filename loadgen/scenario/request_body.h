// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/config/value.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/text_template.h"

// Encodes what a scenario sends. The value of the field named `unique` gets " #" and kUniqueMark at
// its end; "" names none, and a name that is not there changes nothing.
namespace sqlicorn::loadgen {

// `form` holds a table of strings, numbers and booleans.
[[nodiscard]] Status EncodeFormBody(const Value& form, std::string_view unique,
                                    const KnownValues& known, TaskSpec* task);

[[nodiscard]] Status EncodeJsonBody(const Value& json, std::string_view unique,
                                    const KnownValues& known, TaskSpec* task);

// Marks the field in the query of the task's path. False when it is not there.
[[nodiscard]] bool MarkQueryField(std::string_view unique, TaskSpec* task);

[[nodiscard]] bool HasUniqueMark(std::string_view text);

// Compact JSON, without values put in.
[[nodiscard]] std::string ToJsonText(const Value& value);

}  // namespace sqlicorn::loadgen
