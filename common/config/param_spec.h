// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/config/pattern.h"
#include "common/config/value.h"

namespace sqlicorn {

// What SQL gets for each: boolean is 0 or 1, json, date and timestamp are text that has been
// checked, blob is a BLOB.
enum class ParamType { kText, kInteger, kReal, kBoolean, kBlob, kJson, kDate, kTimestamp };

// Where a request is searched for a field.
enum class ParamSource {
  kAny,       // the body, form or JSON, and then the query
  kPath,      // a {variable} of the endpoint's path
  kQuery,     // the query string
  kForm,      // an urlencoded or multipart body
  kJson,      // a JSON body
  kBody,      // either body
  kRaw,       // it is the whole body, of whatever type
  kHeader,    // a header field
  kCookie,    // a cookie
  kUnknown,   // all fields that no other one asks for, as a JSON object
  kFileName,  // what a multipart form says of the file in the field `outside`
  kFileType,  // the same; of a raw body its Content-Type
};

using ParamValue = std::variant<std::monostate, std::int64_t, double, std::string>;  // NULL first

// What a value has to keep to beside its type. What the type has no use for is not set.
struct ParamLimits {
  ParamValue min = {};  // of the type, inclusive; monostate = none
  ParamValue max = {};
  std::optional<std::int64_t> min_length = {};  // characters of text, octets of blob and json
  std::optional<std::int64_t> max_length = {};
  std::optional<Pattern> pattern = {};
  std::vector<ParamValue> choices = {};  // empty = any value
};

// One request field. Without a default and not nullable it is required: its absence is a 400.
struct ParamSpec {
  std::string name;  // :name of the statements
  ParamType type = ParamType::kText;
  bool required = true;
  ParamValue default_value = {};  // used when !required; monostate = NULL
  ParamSource source = ParamSource::kAny;
  std::string outside = {};  // what clients call it where that is not `name`
  std::optional<ParamLimits> limits = {};
  std::size_t variable = 0;  // kPath, of an endpoint: the first, second … of its path
  Place place = {};

  [[nodiscard]] const std::string& client_name() const { return outside.empty() ? name : outside; }
};

struct ParamSetSpec {
  std::string name;
  std::vector<ParamSpec> params;
};

// What becomes of fields in query and body that no param of the endpoint asks for.
enum class UnknownFields { kIgnore, kRefuse, kCollect };

}  // namespace sqlicorn
