// SPDX-License-Identifier: MIT
#include "tests/architecture/source_scanner.h"

#include <algorithm>
#include <cctype>

namespace sqlicorn::architecture {
namespace {

bool IsIdentifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks over C++ text, one comment, literal or character at a time, and blanks as it goes.
class Blanker {
 public:
  explicit Blanker(std::string_view source) : source_(source), text_(source) {}

  std::string Run() {
    while (at_ < source_.size()) {
      Step();
    }
    return std::move(text_);
  }

 private:
  void Step() {
    if (LooksAt("//")) {
      BlankTo(source_.find('\n', at_));
    } else if (LooksAt("/*")) {
      BlankTo(After("*/", at_ + 2));
    } else if (LooksAt("R\"")) {
      const std::size_t open = source_.find('(', at_);
      const std::string_view delimiter = source_.substr(at_ + 2, open - at_ - 2);
      BlankTo(After(")" + std::string(delimiter) + "\"", at_));
    } else if (source_[at_] == '"' || StartsCharacter()) {
      BlankLiteral(source_[at_]);
    } else {
      ++at_;
    }
  }

  [[nodiscard]] bool LooksAt(std::string_view token) const {
    return source_.substr(at_, token.size()) == token;
  }

  // A quote after a letter or digit separates the digits of a number.
  [[nodiscard]] bool StartsCharacter() const {
    return source_[at_] == '\'' && (at_ == 0 || !IsIdentifier(source_[at_ - 1]));
  }

  [[nodiscard]] std::size_t After(const std::string& token, std::size_t from) const {
    const std::size_t found = source_.find(token, from);
    return found == std::string_view::npos ? found : found + token.size();
  }

  void BlankLiteral(char quote) {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote && source_[end] != '\n') {
      end += source_[end] == '\\' ? 2 : 1;
    }
    BlankTo(end + 1);
  }

  void BlankTo(std::size_t end) {
    end = std::min(end, source_.size());
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') {
        text_[at_] = ' ';
      }
    }
  }

  std::string_view source_;
  std::string text_;
  std::size_t at_ = 0;
};

std::size_t LineAt(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + position, '\n'));
}

std::size_t SkipBlanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

}  // namespace

std::string BlankOutProse(std::string_view source) {
  return Blanker(source).Run();
}

std::vector<Include> FindIncludes(std::string_view source) {
  const std::string code = BlankOutProse(source);
  std::vector<Include> includes;
  for (std::size_t hash = code.find('#'); hash != std::string::npos;
       hash = code.find('#', hash + 1)) {
    const std::size_t word = SkipBlanks(code, hash + 1);
    if (code.compare(word, 7, "include") != 0) {
      continue;
    }
    // The path comes from the source: in the code a quoted one is blank.
    const std::size_t open = source.find_first_of("<\"\n", word);
    if (open == std::string_view::npos || source[open] == '\n') {
      continue;
    }
    const bool quoted = source[open] == '"';
    const std::size_t close = source.find(quoted ? '"' : '>', open + 1);
    includes.push_back({quoted ? Include::Form::kQuoted : Include::Form::kAngle,
                        std::string(source.substr(open + 1, close - open - 1)),
                        LineAt(source, hash)});
  }
  return includes;
}

std::vector<Call> FindCalls(std::string_view source, const std::vector<std::string>& names) {
  const std::string code = BlankOutProse(source);
  std::vector<Call> calls;
  for (std::size_t at = 0; at < code.size();) {
    if (!IsIdentifier(code[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < code.size() && IsIdentifier(code[end])) {
      ++end;
    }
    const std::string word = code.substr(at, end - at);
    const std::size_t next = SkipBlanks(code, end);
    if (next < code.size() && code[next] == '(' &&
        std::find(names.begin(), names.end(), word) != names.end()) {
      calls.push_back({word, LineAt(code, at)});
    }
    at = end;
  }
  return calls;
}

std::size_t CountLines(std::string_view source) {
  const auto newlines = static_cast<std::size_t>(std::count(source.begin(), source.end(), '\n'));
  return newlines + (source.empty() || source.back() == '\n' ? 0 : 1);
}

}  // namespace sqlicorn::architecture
