// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sqlicorn {

class Connection;

// What can be said about SQL text without compiling it. Spaces, comments and statement ends are
// those of SQLite's tokenizer.

// The offset of the first byte at or after `from` that is not space, comment or ';'.
[[nodiscard]] std::size_t SkipBlank(std::string_view sql, std::size_t from);

// Whether the first word is one of BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE, ATTACH,
// DETACH, VACUUM and PRAGMA.
[[nodiscard]] bool StartsWithControlWord(std::string_view sql);

// Whether it copies the database into another file: VACUUM … INTO.
[[nodiscard]] bool IsVacuumInto(std::string_view sql);

// The message with where in `sql` it is about: "… (at 1:8 of the SQL)".
[[nodiscard]] std::string AtPlace(std::string_view message, std::string_view sql,
                                  std::size_t offset);

// "line:column" of the byte at `offset`, both from 1, columns in characters.
[[nodiscard]] std::string LineAndColumn(std::string_view sql, std::size_t offset);

// What helps against an error that SQLite found in `sql`, where its words alone lead nobody to it:
// "; …" to stand behind them, or "" when nothing more is known. Looks into the schema.
[[nodiscard]] std::string SqlHint(Connection& connection, std::string_view message,
                                  std::string_view sql);

}  // namespace sqlicorn
