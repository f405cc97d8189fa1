// SPDX-License-Identifier: MIT
#include "worker/request/param_binder.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

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

// Binds the fields of one object, or of the request.
class Binder {
 public:
  Binder(std::span<const ParamSpec> specs, RequestFields& fields, std::size_t object,
         std::vector<FieldFault>* faults)
      : specs_(specs),
        fields_(fields),
        object_(object),
        search_(fields, object),
        faults_(*faults) {}

  void BindAll(std::vector<BoundParam>* params) {
    for (const ParamSpec& spec : specs_) {
      Bind(spec, params->emplace_back());
    }
  }

 private:
  void Bind(const ParamSpec& spec, BoundParam& param) {
    FieldValue field;
    if (!search_.Find(spec, &field)) {
      BindAbsent(spec, param);
      return;
    }
    const auto bound = Convert(spec, field, fields_);
    if (!bound) {
      Refuse(spec, Complaint(spec, field));
      return;
    }
    param = *bound;
    if (std::string misfit = MisfitOf(spec, param); !misfit.empty()) {
      Refuse(spec, std::move(misfit));
    }
  }

  void BindAbsent(const ParamSpec& spec, BoundParam& param) {
    if (spec.source == ParamSource::kUnknown) {
      param = std::string_view(fields_.Own(CollectUnknown(specs_, fields_, object_)));
    } else if (spec.required) {
      Refuse(spec, "is missing");
    } else {
      param = std::visit(ToBound(), spec.default_value);
    }
  }

  void Refuse(const ParamSpec& spec, std::string detail) {
    faults_.push_back({spec.client_name(), std::move(detail), spec.source});
  }

  std::span<const ParamSpec> specs_;
  RequestFields& fields_;
  std::size_t object_;
  RequestFields::Search search_;
  std::vector<FieldFault>& faults_;
};

// Says of which object the faults from `from` on are. What is wrong with the rest of the request is
// so for each of them, and told once.
void NameObject(std::size_t object, std::size_t from, std::vector<FieldFault>* faults) {
  const auto is_of_object = [](const FieldFault& fault) {
    return fault.source == ParamSource::kAny || fault.source == ParamSource::kJson ||
           fault.source == ParamSource::kBody;
  };
  const auto first = faults->begin() + static_cast<std::ptrdiff_t>(from);
  if (object > 0) {
    faults->erase(std::remove_if(first, faults->end(), std::not_fn(is_of_object)), faults->end());
  }
  for (auto fault = faults->begin() + static_cast<std::ptrdiff_t>(from); fault != faults->end();
       ++fault) {
    if (is_of_object(*fault)) {
      fault->field = fmt::format("[{}].{}", object, fault->field);
    }
  }
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

std::vector<FieldFault> BindParams(const EndpointSpec& endpoint, RequestFields& fields,
                                   std::vector<BoundParam>* params) {
  params->clear();
  std::vector<FieldFault> faults;
  for (std::size_t object = 0; object < fields.objects() && faults.size() < kMostFaults; ++object) {
    const std::size_t before = faults.size();
    Binder(endpoint.fields, fields, object, &faults).BindAll(params);
    if (endpoint.unknown_fields == UnknownFields::kRefuse) {
      RefuseUnknown(endpoint.fields, fields, object, &faults);
    }
    if (endpoint.each) {
      NameObject(object, before, &faults);
    }
  }
  return faults;
}

}  // namespace sqlicorn
