// SPDX-License-Identifier: MIT
#include "worker/request/param_binder.h"

#include <string>
#include <string_view>
#include <utility>

#include "worker/request/param_value.h"
#include "worker/request/unknown_fields.h"

namespace sqlicorn {
namespace {

struct ToBound {
  BoundParam operator()(std::monostate) const { return {}; }

  BoundParam operator()(std::int64_t value) const { return value; }

  BoundParam operator()(double value) const { return value; }

  BoundParam operator()(const std::string& value) const { return std::string_view(value); }
};

bool IsOfQueryOrBody(ParamSource source) {
  return source == ParamSource::kAny || source == ParamSource::kQuery ||
         source == ParamSource::kForm || source == ParamSource::kJson ||
         source == ParamSource::kBody;
}

}  // namespace

std::optional<std::vector<BoundParam>> DefaultsOf(std::span<const ParamSpec> specs) {
  std::vector<BoundParam> defaults;
  for (const ParamSpec& spec : specs) {
    if (spec.required || !IsOfQueryOrBody(spec.source)) {
      return std::nullopt;
    }
    defaults.push_back(std::visit(ToBound(), spec.default_value));
  }
  return defaults;
}

std::vector<FieldFault> BindParams(std::span<const ParamSpec> specs, RequestFields& fields,
                                   std::vector<BoundParam>* params) {
  params->clear();
  std::vector<FieldFault> faults;
  const auto refuse = [&faults](const ParamSpec& spec, std::string detail) {
    faults.push_back({spec.client_name(), std::move(detail), spec.source});
  };
  RequestFields::Search search(fields);
  for (const ParamSpec& spec : specs) {
    BoundParam& param = params->emplace_back();
    if (spec.source == ParamSource::kUnknown) {
      param = std::string_view(fields.Own(CollectUnknown(specs, fields)));
      continue;
    }
    FieldValue field;
    if (!search.Find(spec, &field)) {
      if (spec.required) {
        refuse(spec, "is missing");
      } else {
        param = std::visit(ToBound(), spec.default_value);
      }
      continue;
    }
    const auto bound = Convert(spec, field, fields);
    if (!bound) {
      refuse(spec, Complaint(spec, field));
      continue;
    }
    param = *bound;
    if (std::string misfit = MisfitOf(spec, param); !misfit.empty()) {
      refuse(spec, std::move(misfit));
    }
  }
  return faults;
}

}  // namespace sqlicorn
