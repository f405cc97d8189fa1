// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
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

// Which part of a list a request gets.
struct AnswerPage {
  std::size_t limit;               // index of the request's param
  std::int64_t max;                // what it is at most
  std::size_t next;                // index of the param that the next part begins by
  std::optional<ValueSource> key;  // its value then; none: that is a number of rows
};

// What the answer of a plan says beside its rows, and where the values of it are: in the fields of
// the request, and in PlanResult::kept.
struct AnswerPlan {
  std::vector<AnswerHeader> headers;
  std::optional<ValueSource> location;      // of a redirect
  std::optional<ValueSource> content_type;  // of a value
  std::optional<ValueSource> etag;
  std::optional<AnswerPage> page;
  bool is_plain = true;         // there is nothing in all of that
  bool needs_all_rows = false;  // before it can be said
};

// `answering`: the step whose columns are meant, or null. The error is about the endpoint.
[[nodiscard]] Result<AnswerPlan> CompileAnswer(const AnswerSpec& spec, PlanStep* answering,
                                               ValueNames& names);

}  // namespace sqlicorn
