// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

enum class Quotes { kKeep, kEscape };

// Appends text of any origin so that it stays within one line of a log: every control octet but the
// tab as \xHH and, when asked, '"' as \". Other octets pass as they are, as in gunicorn.
void AppendLogText(std::string_view text, Quotes quotes, std::string* out);

// Calls use(line) for each line of a message that has several, as a configuration's faults do.
template <typename Use>
void ForEachLine(std::string_view text, const Use& use) {
  while (true) {
    const std::size_t end = text.find('\n');
    use(text.substr(0, end));
    if (end == std::string_view::npos) {
      return;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace sqlicorn
