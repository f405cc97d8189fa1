// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace sqlicorn {

// The data of a reply for people: a list of objects as a table, an object as "name  value" lines
// before its tables,
// an object in an object under its name with a dot, unless it is all there is. Knows no command:
// what the master adds shows.
[[nodiscard]] std::string RenderForPeople(const nlohmann::ordered_json& data);

}  // namespace sqlicorn
