// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

enum class Quotes { kKeep, kEscape };

// Appends text of any origin so that it stays within one line of a log: every control octet but the
// tab as \xHH and, when asked, '"' as \". Other octets pass as they are, as in gunicorn.
void AppendLogText(std::string_view text, Quotes quotes, std::string* out);

}  // namespace sqlicorn
