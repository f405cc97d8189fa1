// SPDX-License-Identifier: MIT
#include "common/config/endpoint_fields.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/config/choices.h"

namespace sqlicorn {
namespace {

bool IsOfBody(ParamSource source) {
  return source == ParamSource::kForm || source == ParamSource::kJson ||
         source == ParamSource::kBody || source == ParamSource::kRaw;
}

bool MayBeFile(const ParamSpec& param) {
  return param.type == ParamType::kBlob &&
         (param.source == ParamSource::kAny || param.source == ParamSource::kForm ||
          param.source == ParamSource::kBody || param.source == ParamSource::kRaw);
}

// Whether a header of the answer holds a value of the request or of a row.
bool HasValues(const AnswerSpec& answer) {
  const auto has_name = [](const HeaderTemplate& header) {
    return std::any_of(header.parts.begin(), header.parts.end(),
                       [](const TemplatePart& part) { return !part.name.empty(); });
  };
  return !answer.etag.empty() || !answer.page.limit.empty() ||
         std::any_of(answer.headers.begin(), answer.headers.end(), has_name);
}

class FieldCollector {
 public:
  FieldCollector(EndpointSpec& endpoint, Faults& faults) : endpoint_(endpoint), faults_(faults) {}

  void Collect(const ParamSetSpec* set, const std::vector<std::string>& variables) {
    if (set != nullptr) {
      endpoint_.fields = set->params;
    }
    TakeFromPath(variables);
    AddWordsOfFiles();
    if (endpoint_.unknown_fields == UnknownFields::kCollect) {
      AddUnlessThere(
          {.name = "unknown_fields", .type = ParamType::kJson, .source = ParamSource::kUnknown});
    }
    CheckNames();
    CheckBody();
    if (endpoint_.each) {
      CheckEach();
    }
  }

 private:
  std::vector<ParamSpec>& fields() { return endpoint_.fields; }

  void Fail(std::string_view what) {
    faults_.Add(endpoint_.place, fmt::format("endpoint '{}': {}", endpoint_.path, what));
  }

  ParamSpec* Find(std::string_view name) {
    const auto found = std::find_if(fields().begin(), fields().end(),
                                    [name](const ParamSpec& field) { return field.name == name; });
    return found == fields().end() ? nullptr : &*found;
  }

  // What the set says itself of such a name goes first.
  void AddUnlessThere(ParamSpec field) {
    if (Find(field.name) == nullptr) {
      fields().push_back(std::move(field));
    }
  }

  void TakeFromPath(const std::vector<std::string>& variables) {
    for (std::size_t i = 0; i < variables.size(); ++i) {
      AddUnlessThere({.name = variables[i]});
      ParamSpec& field = *Find(variables[i]);
      if (field.source != ParamSource::kAny && field.source != ParamSource::kPath) {
        Fail(
            fmt::format("its path has {{{}}}, and the params take that field from the {}; call one "
                        "of them otherwise",
                        field.name, NameOf(kParamSources, field.source)));
      }
      field.source = ParamSource::kPath;
      field.variable = i;
      field.outside.clear();
    }
    for (const ParamSpec& field : fields()) {
      if (field.source == ParamSource::kPath &&
          std::find(variables.begin(), variables.end(), field.name) == variables.end()) {
        Fail(fmt::format("the params take '{0}' from the path, which has no {{{0}}}", field.name));
      }
    }
  }

  void AddWordsOfFiles() {
    for (std::size_t i = 0; i < fields().size(); ++i) {
      const ParamSpec field = fields()[i];
      if (!MayBeFile(field)) {
        continue;
      }
      AddUnlessThere({.name = field.name + "_filename",
                      .required = false,
                      .source = ParamSource::kFileName,
                      .outside = field.client_name()});
      AddUnlessThere({.name = field.name + "_type",
                      .required = false,
                      .source = ParamSource::kFileType,
                      .outside = field.client_name()});
    }
  }

  // Two fields that are one value outside would make the order of the params mean something.
  void CheckNames() {
    for (auto field = fields().begin(); field != fields().end(); ++field) {
      const bool twice = std::any_of(fields().begin(), field, [&](const ParamSpec& other) {
        return other.source == field->source && other.client_name() == field->client_name();
      });
      if (twice) {
        Fail(fmt::format("two params are the field '{}' of its requests", field->client_name()));
      }
    }
  }

  void CheckBody() {
    std::size_t raw = 0;
    const ParamSpec* parsed = nullptr;
    for (const ParamSpec& field : fields()) {
      raw += field.source == ParamSource::kRaw ? 1 : 0;
      parsed = IsOfBody(field.source) && field.source != ParamSource::kRaw ? &field : parsed;
      if (IsOfBody(field.source) && !HasBody()) {
        Fail(
            fmt::format("the params take '{}' from the body, and GET and HEAD have none; give it "
                        "another method, or take the field from the query",
                        field.name));
      }
    }
    if (raw > 1 || (raw == 1 && parsed != nullptr)) {
      Fail("a field with in = \"raw\" is the whole body, so no other field can be of the body");
    }
  }

  void CheckEach() {
    if (endpoint_.transaction == TransactionMode::kNone) {
      Fail("each = true is all or nothing, and transaction = \"none\" is not; write \"default\"");
    }
    if (!HasBody()) {
      Fail("each = true takes an array from the body, and GET and HEAD have none");
    }
    if (fields().empty()) {
      Fail("each = true needs params, which the objects of the array fill");
    }
    const Respond as = endpoint_.answer.as;
    if (as != Respond::kOk && as != Respond::kRows && as != Respond::kNone) {
      Fail("each = true answers \"ok\", \"rows\" of all objects, or \"none\"");
    }
    if (HasValues(endpoint_.answer)) {
      Fail(
          "with each = true the headers of the answer are the same for all: no {value}, no etag, "
          "no page");
    }
    for (const ParamSpec& field : fields()) {
      if (field.source == ParamSource::kForm || field.source == ParamSource::kRaw) {
        Fail(fmt::format(
            "with each = true the body is JSON, and '{}' is taken from another one ({})",
            field.name, NameOf(kParamSources, field.source)));
      }
    }
  }

  [[nodiscard]] bool HasBody() const {
    return std::any_of(
        endpoint_.methods.begin(), endpoint_.methods.end(),
        [](const std::string& method) { return method != "GET" && method != "HEAD"; });
  }

  EndpointSpec& endpoint_;
  Faults& faults_;
};

}  // namespace

void CollectFields(const ParamSetSpec* set, const PathPattern& path, EndpointSpec* endpoint,
                   Faults* faults) {
  FieldCollector(*endpoint, *faults).Collect(set, VariablesOf(path));
}

}  // namespace sqlicorn
