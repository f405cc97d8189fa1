// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"
#include "worker/request/param_binder.h"

namespace sqlicorn {

struct BoundShower {
  std::string operator()(std::monostate) const { return "NULL"; }

  std::string operator()(std::int64_t value) const { return fmt::format("integer {}", value); }

  std::string operator()(double value) const { return fmt::format("real {}", value); }

  std::string operator()(std::string_view value) const { return fmt::format("text {}", value); }

  std::string operator()(BlobView value) const { return fmt::format("blob {}", value.octets); }
};

// An endpoint that asks for these fields.
inline EndpointSpec Asking(std::vector<ParamSpec> fields) {
  EndpointSpec endpoint;
  endpoint.fields = std::move(fields);
  return endpoint;
}

// What the parameter "a" becomes in a request.
inline std::string Bound(const ParamSpec& spec, const std::string& request_text) {
  const ParsedRequest request(request_text);
  RequestFields fields;
  EXPECT_FALSE(fields.Read(request.message()));
  const EndpointSpec endpoint = Asking({spec});
  std::vector<BoundParam> params;
  const auto faults = BindParams(endpoint, fields, &params);
  return faults.empty() ? std::visit(BoundShower(), params.at(0)) : Sentence(faults);
}

inline std::string FromQuery(const ParamSpec& spec, std::string_view query) {
  return Bound(spec, RequestText(fmt::format("GET /?{}", query)));
}

inline std::string FromJson(const ParamSpec& spec, std::string_view value) {
  return Bound(spec, RequestText("POST /", "Content-Type: application/json\r\n",
                                 fmt::format(R"({{"a":{}}})", value)));
}

inline ParamSpec Required(ParamType type) {
  return {"a", type, true, {}};
}

inline ParamSpec Nullable(ParamType type) {
  return {"a", type, false, {}};
}

}  // namespace sqlicorn
