// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/param_spec.h"

namespace sqlicorn {

// What a field of a JSON object may hold in place of one value. Only whoever wants the field minds.
enum class Nested { kArray, kObject };

struct JsonField {
  std::string name;
  ParamValue value;
  std::optional<Nested> nested = {};
  std::string_view text = {};  // of the value, in the body: set by MarkTexts
};

// What a body has to be.
enum class JsonShape { kObject, kArrayOfObjects };

// The fields of a JSON object, or of those of an array one behind the other, in the order of the
// text, repeated names too.
struct JsonFields {
  std::vector<JsonField> fields;
  std::vector<std::size_t> objects;  // of an array: where the fields of each begin
  std::size_t values = 0;            // at every depth

  void Clear() {
    fields.clear();
    objects.clear();
    values = 0;
  }
};

constexpr std::size_t kMaxJsonValues = 1000;

// Replaces *result. Ends at the first octet that is no JSON, at a NUL character and at more than
// kMaxJsonValues values, so that nesting costs no more than that. The error is one sentence for the
// client.
[[nodiscard]] Status ReadJson(std::string_view body, JsonFields* result,
                              JsonShape shape = JsonShape::kObject);

// Notes where the value of each field stands in the body. REQUIRES: ReadJson has read both.
void MarkTexts(std::string_view body, JsonFields* fields);

// Whether the text is one JSON value of any kind, by the same limits.
[[nodiscard]] bool IsJson(std::string_view text);

}  // namespace sqlicorn
