// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/http/message.h"
#include "common/http/url.h"

namespace sqlicorn {

// What a field of a JSON object may hold in place of one value. Only whoever wants the field minds.
enum class Nested { kArray, kObject };

struct JsonField {
  std::string name;
  ParamValue value;
  std::optional<Nested> nested = {};
};

// The fields of a JSON object, in the order of the text, repeated names too.
struct JsonFields {
  std::vector<JsonField> fields;
  std::size_t values = 0;  // at every depth

  void Clear() {
    fields.clear();
    values = 0;
  }
};

constexpr std::size_t kMaxJsonValues = 1000;

// Replaces *result. Ends at the first octet that is no JSON, at a NUL character and at more than
// kMaxJsonValues values, so that nesting costs no more than that. The error is one sentence for the
// client.
[[nodiscard]] Status ReadJson(std::string_view body, JsonFields* result);

// The value of one field as the client sent it: text from a form or query string, a typed value or
// what is none from JSON.
using FieldValue = std::variant<std::string_view, const ParamValue*, Nested>;

// The named fields of one request: its body (form or JSON object) and its query string. Whatever
// they come by, the first field of a name counts, the body before the query; there are at most
// 1,000 values; and a field that nobody asks for may hold anything. GET and HEAD have a query only:
// a cache in front knows them by nothing else. Keeps its memory from request to request.
class RequestFields {
 public:
  // The fault is an answer to the client: 400 for a malformed body or query, 415 for a kind or a
  // coding of body that is not read.
  [[nodiscard]] Fault Read(const Message& request);

  [[nodiscard]] bool empty() const { return json_.fields.empty() && form_.fields().empty(); }

  // Asks for one field after the other. Where a client sends them in the order in which they are
  // asked for, none is searched for.
  class Search {
   public:
    explicit Search(const RequestFields& fields) : fields_(fields) {}

    // False when there is no field of that name. The value lives until the next Read. REQUIRES: it
    // has not been asked for before.
    [[nodiscard]] bool Find(std::string_view name, FieldValue* value);

   private:
    const RequestFields& fields_;
    // Those before have been found, each under a name of its own.
    std::size_t json_from_ = 0;
    std::size_t form_from_ = 0;
  };

 private:
  [[nodiscard]] Fault ReadBody(const Message& request);

  FormDecoder form_;
  JsonFields json_;
};

}  // namespace sqlicorn
