// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "common/base/clock.h"

namespace sqlicorn {

// The steps of an endpoint, as plain validated data (docs/endpoints.md).

// What a step must have found for the request to go on.
enum class Expect {
  kAnything,
  kRow,      // one row at least
  kChanges,  // it has changed one row at least
  kNone,     // no row
};

struct StatementStep {
  std::size_t statement;     // index into ServerConfig::statements
  std::string name = {};     // "" = the statement's
  std::string when = {};     // a field or "step.column"; '!' in front: when not; "" = always
  std::string foreach = {};  // a field with a JSON array: once for each; "" = once
  Expect expect = Expect::kAnything;
  int otherwise = 404;      // the status where that is not so
  std::string detail = {};  // and the sentence
};

// The application's own time inside the transaction, spent blocking as a synchronous handler would.
struct ThinkStep {
  Duration duration;
};

using StepSpec = std::variant<StatementStep, ThinkStep>;

}  // namespace sqlicorn
