// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sqlicorn {

// "sqlicorn (version 0.1.0, SQLite 3.40.1)"
[[nodiscard]] std::string VersionText();

}  // namespace sqlicorn
