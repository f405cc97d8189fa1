// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/http/form.h"
#include "common/http/message.h"

namespace sqlicorn {

// The value of one field as the client sent it: text from a form or query string, a typed value
// from JSON.
using FieldValue = std::variant<std::string_view, const ParamValue*>;

// The named fields of one request: its body (form or JSON object) and its query string; a name that
// is in both has the body's value. Keeps its memory from request to request.
class RequestFields {
 public:
  // The error is one sentence for the client: malformed body or query, unknown kind of body.
  [[nodiscard]] Status Read(const Message& request);

  // False when there is no field of that name. The value lives until the next Read.
  [[nodiscard]] bool Find(std::string_view name, FieldValue* value) const;

 private:
  [[nodiscard]] Status ReadJson(std::string_view body);

  FormDecoder form_;
  std::vector<std::pair<std::string, ParamValue>> json_;
};

}  // namespace sqlicorn
