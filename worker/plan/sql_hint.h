// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

class Connection;

// What helps against an error that SQLite found in `sql`, where its words alone lead nobody to it:
// "; …" to stand behind them, or "" when nothing more is known. Looks into the schema.
[[nodiscard]] std::string SqlHint(Connection& connection, std::string_view message,
                                  std::string_view sql);

}  // namespace sqlicorn
