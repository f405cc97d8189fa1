// SPDX-License-Identifier: MIT
#include "worker/request/unknown_fields.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "common/base/text.h"
#include "common/config/choices.h"
#include "worker/plan/json_rows.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMostNamed = 20;
constexpr std::size_t kLongestName = 80;

// Of a request.
enum class Part { kJson, kForm, kQuery };

bool Covers(ParamSource source, Part place) {
  switch (source) {
    case ParamSource::kAny:
      return true;
    case ParamSource::kQuery:
      return place == Part::kQuery;
    case ParamSource::kForm:
      return place == Part::kForm;
    case ParamSource::kJson:
      return place == Part::kJson;
    case ParamSource::kBody:
      return place != Part::kQuery;
    default:
      return false;
  }
}

// Calls use(name, value, place) for each name once; `value` is the JSON as it was sent, the text,
// or of a file nothing.
template <typename Use>
void ForEachUnknown(std::span<const ParamSpec> params, const RequestFields& fields,
                    std::size_t object, const Use& use) {
  std::set<std::string_view> seen;
  const auto look = [&](std::string_view name, std::optional<std::string_view> value, Part place) {
    const bool known = std::any_of(params.begin(), params.end(), [&](const ParamSpec& param) {
      return Covers(param.source, place) && param.client_name() == name;
    });
    if (!known && seen.insert(name).second) {
      use(name, value, place);
    }
  };
  for (const JsonField& field : fields.json(object)) {
    look(field.name, field.text, Part::kJson);
  }
  for (const FormPart& part : fields.parts()) {
    const bool text = !part.file_name && IsValidText(part.octets);
    look(part.name, text ? std::optional(part.octets) : std::nullopt, Part::kForm);
  }
  for (const auto& [name, value] : fields.body_form()) {
    look(name, value, Part::kForm);
  }
  for (const auto& [name, value] : fields.query()) {
    look(name, value, Part::kQuery);
  }
}

std::string_view Shortened(std::string_view name) {
  return name.size() <= kLongestName ? name
                                     : name.substr(0, ValidPrefix(name.substr(0, kLongestName)));
}

// The name may be right and the place wrong.
std::string Unwanted(std::string_view name, std::span<const ParamSpec> params) {
  std::vector<std::string> names;
  for (const ParamSpec& param : params) {
    const bool named = param.source != ParamSource::kUnknown &&
                       param.source != ParamSource::kFileName &&
                       param.source != ParamSource::kFileType;
    if (named && param.client_name() == name) {
      return fmt::format("is not taken from here, but from the {}",
                         NameOf(kParamSources, param.source));
    }
    names.push_back(param.client_name());
  }
  return "is not known" + DidYouMean(name, names);
}

ParamSource SourceOf(Part place) {
  return place == Part::kQuery  ? ParamSource::kQuery
         : place == Part::kForm ? ParamSource::kForm
                                : ParamSource::kJson;
}

}  // namespace

void RefuseUnknown(std::span<const ParamSpec> params, const RequestFields& fields,
                   std::size_t object, std::vector<FieldFault>* faults) {
  std::size_t named = 0;
  ForEachUnknown(params, fields, object, [&](std::string_view name, auto /*value*/, Part place) {
    if (named++ < kMostNamed) {
      const std::string shown(Shortened(name));
      faults->push_back({shown, Unwanted(shown, params), SourceOf(place)});
    }
  });
}

std::string CollectUnknown(std::span<const ParamSpec> params, const RequestFields& fields,
                           std::size_t object) {
  std::string json = "{";
  ForEachUnknown(params, fields, object, [&](std::string_view name, auto value, Part place) {
    if (!value) {
      return;
    }
    json += json.size() > 1 ? "," : "";
    AppendJsonString(name, &json);
    json += ':';
    if (place == Part::kJson) {
      json += *value;
    } else {
      AppendJsonString(*value, &json);
    }
  });
  return json + '}';
}

}  // namespace sqlicorn
