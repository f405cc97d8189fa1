// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

enum class Quotes { kKeep, kEscape };

// Appends text of any origin so that it stays within one line of a log and says nothing to a
// terminal: every control octet as \xHH, also those from 0x80 to 0x9F unless they are part of a
// character in UTF-8. With kEscape '"' as \" and '\' as \\, so that nobody can write the end of a
// quoted field or an escape; with kKeep these and a tab pass. Other octets pass as they are, as in
// gunicorn.
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
