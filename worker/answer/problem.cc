// SPDX-License-Identifier: MIT
#include "worker/answer/problem.h"

#include <fmt/format.h>

#include "worker/answer/accept.h"
#include "worker/plan/json_rows.h"

namespace sqlicorn {
namespace {

void AppendMember(std::string_view name, std::string_view value, std::string* out) {
  if (!value.empty()) {
    out->append(",\"").append(name).append("\":");
    AppendJsonString(value, out);
  }
}

void AppendErrors(std::span<const FieldError> errors, std::string* out) {
  char separator = '[';
  *out += ",\"errors\":";
  for (const FieldError& error : errors) {
    *out += separator;
    *out += "{\"field\":";
    AppendJsonString(error.field, out);
    AppendMember("detail", error.detail, out);
    *out += '}';
    separator = ',';
  }
  *out += ']';
}

void AppendJson(const Problem& problem, std::string* out) {
  *out += R"({"type":"about:blank","title":)";
  AppendJsonString(ReasonPhrase(problem.status), out);
  *out += fmt::format(",\"status\":{}", problem.status);
  AppendMember("detail", problem.detail, out);
  AppendMember("code", problem.code, out);
  AppendMember("constraint", problem.constraint, out);
  if (!problem.errors.empty()) {
    AppendErrors(problem.errors, out);
  }
  *out += "}\n";
}

// Its sentence names the wrong fields too.
std::string_view TextOf(const Problem& problem) {
  return problem.detail.empty() ? ReasonPhrase(problem.status) : problem.detail;
}

}  // namespace

void WriteProblem(const Problem& problem, std::string_view accept, Reply* reply) {
  reply->status = problem.status;
  reply->body.clear();
  switch (ProblemFormatFor(accept)) {
    case ProblemFormat::kJson:
      reply->content_type = "application/problem+json";
      AppendJson(problem, &reply->body);
      break;
    case ProblemFormat::kText:
      reply->content_type = "text/plain; charset=utf-8";
      reply->body.append(TextOf(problem)).append("\n");
      break;
    case ProblemFormat::kHtml:
      reply->content_type = "text/html; charset=utf-8";
      reply->body = ErrorPage(problem.status, TextOf(problem));
      break;
  }
}

}  // namespace sqlicorn
