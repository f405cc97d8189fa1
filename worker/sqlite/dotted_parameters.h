// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

// SQL may say `:created.id`, a value of another step. SQLite's parameters have no dots, so that
// the dot becomes a character of its own there, and a dot again in whatever people read.

// The SQL with each dot in the name of a :parameter, @parameter or $parameter replaced. What looks
// like one within a string, a quoted name or a comment stays, as SQLite's tokenizer has them.
[[nodiscard]] std::string HideDots(std::string_view sql);

// The text of SQLite, a name or a message, as it was written.
[[nodiscard]] std::string ShowDots(std::string_view text);

}  // namespace sqlicorn
