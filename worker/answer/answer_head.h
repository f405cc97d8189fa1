// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.h"
#include "worker/plan/answer_plan.h"
#include "worker/plan/kept_values.h"
#include "worker/plan/sql_plan.h"

namespace sqlicorn {

// Where the values of an answer are.
struct AnswerValues {
  std::span<const BoundParam> params;
  const PlanResult& result;
};

// The headers that an endpoint adds to its answers, from templates and values. Owns the text, and
// its memory, from request to request.
class AnswerHead {
 public:
  void Clear();

  // What `plan` says. A header with a value that is NULL is left out.
  void AddOf(const AnswerPlan& plan, const AnswerValues& values);

  // One more; its name outlives this.
  void Add(std::string_view name, std::string_view value);

  // All of them; the views end with the next change.
  void AppendTo(std::vector<HeaderView>* headers) const;

 private:
  struct Line {
    std::string_view name;
    std::size_t begin;
    std::size_t end;
  };

  bool Append(const AnswerHeader& header, const AnswerValues& values);

  std::string text_;
  std::vector<Line> lines_;
};

// As SQL casts it to text; false for NULL, which is nothing.
bool AppendValue(const ValueSource& source, const AnswerValues& values, std::string* out);

// As the value of a Location header: what a URL may hold stays, and a '%' too, the rest is %XX.
void AppendUrl(std::string_view text, std::string* out);

// As one segment or value within a URL: letters, digits and "-._~" stay.
void AppendUrlPart(std::string_view text, std::string* out);

}  // namespace sqlicorn
