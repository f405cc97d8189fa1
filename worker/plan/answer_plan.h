// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/answer_spec.h"
#include "worker/plan/plan_step.h"
#include "worker/plan/value_names.h"

namespace sqlicorn {

// A header of the answer: text, and values between it. It is not sent where a value is NULL.
struct AnswerHeader {
  struct Part {
    std::string text;
    std::optional<ValueSource> value;
  };

  std::string name;
  std::vector<Part> parts;
};

// What the answer of a plan says beside its rows, and where the values of it are: in the fields of
// the request, and in PlanResult::kept.
struct AnswerPlan {
  std::vector<AnswerHeader> headers;
  std::optional<ValueSource> location;      // of a redirect
  std::optional<ValueSource> content_type;  // of a value
  std::optional<ValueSource> etag;
};

// `answering`: the step whose columns are meant, or null. The error is about the endpoint.
[[nodiscard]] Result<AnswerPlan> CompileAnswer(const AnswerSpec& spec, PlanStep* answering,
                                               ValueNames& names);

}  // namespace sqlicorn
