// SPDX-License-Identifier: MIT
#include "common/config/pattern.h"

#include <re2/re2.h>

#include <utility>

namespace sqlicorn {

Pattern::Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

Result<Pattern> Pattern::Compile(const std::string& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto compiled = std::make_shared<const re2::RE2>(expression, options);
  if (!compiled->ok()) {
    return Error{compiled->error()};
  }
  return Pattern(std::move(compiled));
}

bool Pattern::MatchesAllOf(std::string_view text) const {
  return re2::RE2::FullMatch({text.data(), text.size()}, *compiled_);
}

const std::string& Pattern::expression() const {
  return compiled_->pattern();
}

}  // namespace sqlicorn
