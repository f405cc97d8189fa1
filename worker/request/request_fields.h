// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/config/endpoint_spec.h"
#include "common/http/message.h"
#include "common/http/multipart.h"
#include "common/http/url.h"
#include "worker/request/body_kind.h"
#include "worker/request/json_fields.h"
#include "worker/request/path_values.h"

namespace sqlicorn {

// What an endpoint asks its requests for, so that no more of them is read than that.
struct FieldWants {
  bool message = true;             // query and body have fields
  bool json_texts = false;         // values of a JSON body as they stand in it
  const ParamSpec* raw = nullptr;  // the field that is the whole body
  bool each = false;               // the body is an array of objects
};

[[nodiscard]] FieldWants WantsOf(const EndpointSpec& endpoint);

// A value as it stands in a JSON body.
struct JsonText {
  std::string_view text;
};

// The text of a header field or a cookie, which nobody has looked at yet.
struct UncheckedText {
  std::string_view text;
};

// A part of a multipart form, or a whole body: octets, or text that nobody has looked at yet.
struct Octets {
  std::string_view octets;
};

// The value of one field as the client sent it: text from a form, query string or path, a typed
// value or what is none from JSON.
using FieldValue =
    std::variant<std::string_view, const ParamValue*, Nested, JsonText, UncheckedText, Octets>;

// The named fields of one request: its body (form, JSON object or file), query string, header,
// cookies, and what its path has for the variables of the endpoint. The first field of a name
// counts, and of a param that names no place the body goes before the query. There are at most
// 1,000 values, and a field that nobody asks for may hold anything. GET and HEAD have no body: a
// cache in front knows them by their path and query alone. Keeps its memory from request to
// request.
class RequestFields {
 public:
  using Form = std::span<const FormDecoder::Field>;

  // The fault is an answer to the client: 400 for a malformed body or query, 415 for a kind or a
  // coding of body that is not read. Leaves `path` alone. REQUIRES: both live until the next Read.
  [[nodiscard]] Fault Read(const Message& request, const FieldWants& wants);

  [[nodiscard]] Fault Read(const Message& request) { return Read(request, FieldWants()); }

  // Neither query nor body hold any.
  [[nodiscard]] bool empty() const {
    return json_.fields.empty() && form_.fields().empty() && parts_.empty();
  }

  // Drops what has been made of large fields, and lets the request go.
  void Release();

  // Asks for one field after the other. Where a client sends them in the order in which they are
  // asked for, none is searched for. `object`: of a body that is an array, which one is its body.
  class Search {
   public:
    explicit Search(const RequestFields& fields, std::size_t object = 0)
        : fields_(fields), json_(fields.json(object)) {}

    // False when there is no field of that name in body or query. The value lives until the next
    // Read. REQUIRES: it has not been asked for before.
    [[nodiscard]] bool Find(std::string_view name, FieldValue* value);

    // The same by the name and in the place of a param; json comes as its text.
    [[nodiscard]] bool Find(const ParamSpec& param, FieldValue* value);

   private:
    [[nodiscard]] bool FindJson(const ParamSpec& param, FieldValue* value) const;
    [[nodiscard]] bool FindJsonText(std::string_view name, FieldValue* value) const;

    const RequestFields& fields_;
    std::span<const JsonField> json_;
    // Those before have been found, each under a name of its own.
    std::size_t json_from_ = 0;
    std::size_t form_from_ = 0;
  };

  // How often the endpoint is asked for: by each object of an array, else once.
  [[nodiscard]] std::size_t objects() const { return each_ ? json_.objects.size() : 1; }

  // The fields of a JSON body, or of one object of it. REQUIRES: object < objects().
  [[nodiscard]] std::span<const JsonField> json(std::size_t object) const;

  [[nodiscard]] const std::vector<FormPart>& parts() const { return parts_; }

  [[nodiscard]] Form body_form() const { return Form(form_.fields()).first(body_fields_); }

  [[nodiscard]] Form query() const { return Form(form_.fields()).subspan(body_fields_); }

  // Keeps what has been made of a field until the next Read.
  [[nodiscard]] std::string& Own(std::string text) { return owned_.emplace_front(std::move(text)); }

  PathValues path;  // set by the router

 private:
  [[nodiscard]] Fault ReadBody();
  [[nodiscard]] Fault ReadParts();
  [[nodiscard]] Fault ReadObjects(BodyKind kind);
  [[nodiscard]] bool HasRaw() const;
  [[nodiscard]] bool FindForm(std::string_view name, FieldValue* value) const;
  [[nodiscard]] bool FindElsewhere(const ParamSpec& param, FieldValue* value) const;
  [[nodiscard]] bool FindWordOfFile(const ParamSpec& param, FieldValue* value) const;
  [[nodiscard]] const FormPart* PartOf(std::string_view name) const;

  const Message* request_ = nullptr;
  const ParamSpec* raw_ = nullptr;
  bool json_texts_ = false;
  bool each_ = false;
  FormDecoder form_;
  std::size_t body_fields_ = 0;  // of form_: those of the query come behind them
  JsonFields json_;
  std::vector<FormPart> parts_;
  std::forward_list<std::string> owned_;
};

}  // namespace sqlicorn
