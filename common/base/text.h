// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// Well-formed UTF-8 by the Unicode standard: no overlong forms, no surrogates, nothing above
// U+10FFFF. NUL is well-formed.
[[nodiscard]] bool IsValidUtf8(std::string_view text);

// Well-formed UTF-8 without NUL: what may become an SQL text value.
[[nodiscard]] bool IsValidText(std::string_view text);

// The size of the well-formed sequence at the front of `text`, which starts with a non-ASCII octet;
// 0 when there is none.
[[nodiscard]] std::size_t SequenceSize(std::string_view text);

// The octets at the front of `text` that are well-formed, up to all of them.
[[nodiscard]] std::size_t ValidPrefix(std::string_view text);

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

// " (did you mean 'workers'?)" for the candidate nearest to `word` by edit distance, or "" when
// none is near enough to be what was meant.
[[nodiscard]] std::string DidYouMean(std::string_view word,
                                     const std::vector<std::string>& candidates);

}  // namespace sqlicorn
