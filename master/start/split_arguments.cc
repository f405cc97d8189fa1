// SPDX-License-Identifier: MIT
#include "master/start/split_arguments.h"

#include <algorithm>
#include <optional>

namespace sqlicorn {
namespace {

constexpr std::string_view kBlanks = " \t\n\r";

bool IsBlank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

// Takes words off the front of a text.
class WordSplitter {
 public:
  explicit WordSplitter(std::string_view text) : rest_(text) {}

  // REQUIRES: the text starts with something else than a blank. Nothing when it is left open.
  std::optional<std::string> TakeWord() {
    std::string word;
    while (!rest_.empty() && !IsBlank(rest_.front())) {
      const char c = Take();
      const bool closed = c == '\'' || c == '"' ? TakeQuoted(c, &word) : TakePlain(c, &word);
      if (!closed) {
        return std::nullopt;
      }
    }
    return word;
  }

  // False at the end of the text.
  bool SkipBlanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    return !rest_.empty();
  }

 private:
  char Take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool TakePlain(char c, std::string* word) {
    if (c == '\\' && rest_.empty()) {
      return false;
    }
    word->push_back(c == '\\' ? Take() : c);
    return true;
  }

  bool TakeQuoted(char quote, std::string* word) {
    while (!rest_.empty()) {
      char c = Take();
      if (c == quote) {
        return true;
      }
      const bool escapes = quote == '"' && c == '\\' && !rest_.empty();
      if (escapes && (rest_.front() == '"' || rest_.front() == '\\')) {
        c = Take();
      }
      word->push_back(c);
    }
    return false;
  }

  std::string_view rest_;
};

}  // namespace

Result<std::vector<std::string>> SplitArguments(std::string_view text) {
  std::vector<std::string> words;
  WordSplitter splitter(text);
  while (splitter.SkipBlanks()) {
    auto word = splitter.TakeWord();
    if (!word) {
      return Error{"a quote is not closed, or a backslash stands at the end"};
    }
    words.push_back(*std::move(word));
  }
  return words;
}

}  // namespace sqlicorn
