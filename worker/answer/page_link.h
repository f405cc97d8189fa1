// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

// The value of a Link header (RFC 8288) to the next part of a list: the path and query of the
// request with the field `name` set to `value`, which is not encoded yet.
[[nodiscard]] std::string NextLink(std::string_view path, std::string_view query,
                                   std::string_view name, std::string_view value);

}  // namespace sqlicorn
