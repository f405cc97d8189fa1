// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn {

// Sets one value of the tree, as TOML's `dotted.key = value` would: "database.pragmas.synchronous",
// or `params."a.b"` where a name holds a dot. Makes the tables on the way and replaces what stood
// there. Errors name value.place: a malformed key, a way that leads through something else than a
// table. REQUIRES: `root` holds a Table.
[[nodiscard]] Status ApplyOverride(Value& root, std::string_view dotted_key, Value value);

}  // namespace sqlicorn
