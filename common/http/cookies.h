// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "common/http/message.h"

namespace sqlicorn {

// The value of the first cookie of that name in the Cookie header fields of a request, as sent: not
// decoded, with quotes where it has some.
[[nodiscard]] std::optional<std::string_view> FindCookie(const Message& request,
                                                         std::string_view name);

}  // namespace sqlicorn
