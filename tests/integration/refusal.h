// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "tests/integration/site.h"

namespace sqlicorn {

// The lines of stderr that are for the person who started the server.
[[nodiscard]] std::vector<std::string> ErrorLines(const ServerProcess& server);

// The server ended with `end` after one line on stderr that matches `error`, and nothing of it is
// left.
void ExpectRefusal(Site& site, const std::string& end, const std::string& error);

// A database that could be served.
void MakeValid(const Site& site);

}  // namespace sqlicorn
