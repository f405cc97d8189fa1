// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/config/answer_spec.h"
#include "common/config/param_spec.h"
#include "common/config/step_spec.h"
#include "common/config/value.h"

namespace sqlicorn {

// What a configuration says of its endpoints.

enum class TransactionMode { kNone, kDeferred, kImmediate, kExclusive };

struct StatementSpec {
  std::string name;
  std::string sql;
  Place place;
};

struct EndpointSpec {
  std::string path;  // "/issues/{id}": see path_pattern.h
  std::vector<std::string> methods;
  int param_set = -1;  // index into ServerConfig::param_sets, -1 = none
  // What its requests are asked for, in the order of the parameters that statements get: the param
  // set, then the variables of the path that the set does not name, then what comes with those.
  std::vector<ParamSpec> fields;
  UnknownFields unknown_fields = UnknownFields::kIgnore;
  bool each = false;  // the body is an array of objects, and the steps run once for each of them
  // What the endpoint says; `default` has been replaced by database.transaction_mode already.
  TransactionMode transaction = TransactionMode::kNone;
  bool isolated = false;         // never in one transaction with other requests
  double statement_timeout = 0;  // 0 = database.statement_timeout
  std::int64_t max_answer = 0;   // 0 = database.max_answer
  std::vector<StepSpec> steps;
  AnswerSpec answer;
  Place place;
};

}  // namespace sqlicorn
