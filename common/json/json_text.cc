// SPDX-License-Identifier: MIT
#include "common/json/json_text.h"

#include <nlohmann/json.hpp>

namespace sqlicorn {
namespace {

template <typename Json>
std::string Written(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

nlohmann::json JsonOf(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, false);
}

nlohmann::ordered_json OrderedJsonOf(std::string_view text) {
  return nlohmann::ordered_json::parse(text, nullptr, false);
}

std::string TextOf(const nlohmann::json& value, int indent) {
  return Written(value, indent);
}

std::string TextOf(const nlohmann::ordered_json& value, int indent) {
  return Written(value, indent);
}

}  // namespace sqlicorn
