// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

// The data of a reply, which is JSON, for people: a list of objects as a table, an object as
// "name  value" lines before its tables, an object in an object under its name with a dot, unless
// it is all there is. Knows no command: what the master adds shows.
[[nodiscard]] std::string RenderForPeople(std::string_view data);

// {"error": "…"}, for programs.
[[nodiscard]] std::string ErrorAsJson(const Error& error);

}  // namespace sqlicorn
