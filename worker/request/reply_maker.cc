// SPDX-License-Identifier: MIT
#include "worker/request/reply_maker.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "worker/answer/entity_tag.h"
#include "worker/answer/page_link.h"
#include "worker/answer/problem.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kJson = "application/json";

std::string_view TypeOf(RowFormat format) {
  switch (format) {
    case RowFormat::kCsv:
      return "text/csv; charset=utf-8";
    case RowFormat::kNdjson:
      return "application/x-ndjson";
    case RowFormat::kJson:
      break;
  }
  return kJson;
}

std::string_view TypeOfValue(const Exchange& exchange) {
  const auto& column = exchange.endpoint->plan.answer().content_type;
  if (column && exchange.result.kept[column->index].type() == ColumnType::kText) {
    return exchange.result.kept[column->index].bytes();
  }
  const std::string& fixed = exchange.endpoint->spec.answer.content_type;
  if (!fixed.empty()) {
    return fixed;
  }
  return exchange.result.value_type == ColumnType::kBlob ? "application/octet-stream"
                                                         : "text/plain; charset=utf-8";
}

int StatusOf(const AnswerSpec& answer) {
  if (answer.status != 0) {
    return answer.status;
  }
  if (answer.as == Respond::kRedirect) {
    return 302;
  }
  return answer.as == Respond::kNone ? 204 : 200;
}

// "" where there is none.
std::string TagOf(const Exchange& exchange) {
  const AnswerSpec& spec = exchange.endpoint->spec.answer;
  if (spec.etag == "body") {
    return TagOfBody(exchange.reply.body);
  }
  std::string version;
  const auto& column = exchange.endpoint->plan.answer().etag;
  return column && AppendValue(*column, {exchange.params, exchange.result}, &version)
             ? TagOfVersion(version)
             : "";
}

// To the rows behind these, where there may be any.
std::string LinkOf(const Exchange& exchange, const AnswerPage& page) {
  const std::int64_t limit = std::get<std::int64_t>(exchange.params[page.limit]);
  if (limit == 0 || exchange.result.rows < static_cast<std::size_t>(limit)) {
    return "";
  }
  std::string next;
  if (page.key) {
    AppendValue(*page.key, {exchange.params, exchange.result}, &next);
  } else {
    const auto* offset = std::get_if<std::int64_t>(&exchange.params[page.next]);
    next = std::to_string(limit + (offset == nullptr ? 0 : std::max<std::int64_t>(*offset, 0)));
  }
  const Message& request = *exchange.request;
  return NextLink(request.path(), request.query(),
                  exchange.endpoint->spec.fields[page.next].client_name(), next);
}

bool IsRead(const Message& request) {
  return request.method() == "GET" || request.method() == "HEAD";
}

// Those that the endpoint says. A client that has the answer already gets no other one.
void AddHeaders(Exchange& exchange) {
  const AnswerPlan& answer = exchange.endpoint->plan.answer();
  const Message& request = *exchange.request;
  Reply& reply = exchange.reply;
  exchange.head.Clear();
  exchange.head.AddOf(answer, {exchange.params, exchange.result});
  if (exchange.endpoint->spec.answer.as == Respond::kRows) {
    exchange.head.Add("Vary", "Accept");  // for caches, which may keep it
  }
  if (answer.page) {
    if (const std::string link = LinkOf(exchange, *answer.page); !link.empty()) {
      exchange.head.Add("Link", link);
    }
  }
  const std::string tag = IsRead(request) ? TagOf(exchange) : "";
  if (!tag.empty()) {
    exchange.head.Add("ETag", tag);
  }
  exchange.head.AppendTo(&reply.headers);
  if (!tag.empty() && HasAlready(request.Header("If-None-Match"), tag)) {
    reply.status = 304;
    reply.content_type = "";
    reply.body.clear();
  }
}

// Status, type and headers of an answer that is none of an error.
void WriteHead(Exchange& exchange) {
  const SqlPlan& plan = exchange.endpoint->plan;
  const AnswerSpec& answer = exchange.endpoint->spec.answer;
  Reply& reply = exchange.reply;
  reply.status = StatusOf(answer);
  switch (answer.as) {
    case Respond::kOk:
      break;
    case Respond::kRows:
      reply.content_type = TypeOf(exchange.format);
      break;
    case Respond::kRow:
    case Respond::kResults:
      reply.content_type = kJson;
      break;
    case Respond::kValue:
      reply.content_type = TypeOfValue(exchange);
      // Whose octets they are, nobody knows: a browser is not to guess what they might be.
      reply.headers.push_back({"X-Content-Type-Options", "nosniff"});
      break;
    case Respond::kNone:
    case Respond::kRedirect:
      reply.content_type = "";
      break;
  }
  if (!plan.answer().is_plain) {
    AddHeaders(exchange);
  }
}

// Rows that have begun to leave have had their head.
void FinishGood(Exchange& exchange) {
  if (exchange.endpoint->spec.answer.as == Respond::kOk) {
    exchange.reply.body = "OK";
  }
  if (exchange.reply.sent_bytes == 0) {
    WriteHead(exchange);
  }
}

}  // namespace

void ReplyMaker::Begin(Exchange& exchange) {
  WriteHead(exchange);
}

void ReplyMaker::Answer(Exchange& exchange) {
  ServedEndpoint& endpoint = *exchange.endpoint;
  Reply& reply = exchange.reply;
  const bool good = exchange.outcome.kind == OutcomeKind::kCommitted;
  SqlProblem problem;
  if (!good) {
    problem = ExplainToClient(exchange.outcome, {.busy = database_.busy_status,
                                                 .raise = endpoint.spec.answer.raise_status});
  }
  if (good) {
    endpoint.told_outdated = false;
    FinishGood(exchange);
  }
  endpoint.meter.CountAnswer(
      exchange, endpoint.plan.writes() ? EndpointMeter::Plan::kWrites : EndpointMeter::Plan::kReads,
      good ? reply.status : problem.status);
  if (!good) {
    in_doubt_ = in_doubt_ || exchange.outcome.status.leaves_doubt();
    Explain(exchange, problem);
  }
}

void ReplyMaker::Explain(Exchange& exchange, const SqlProblem& problem) {
  const Outcome& outcome = exchange.outcome;
  ServedEndpoint& endpoint = *exchange.endpoint;
  if (outcome.locked()) {
    exchange.reply.headers.push_back({"Retry-After", "1"});
  }
  WriteProblem({.status = problem.status,
                .detail = problem.detail,
                .code = outcome.status.ok() ? "" : outcome.status.name(),
                .constraint = problem.constraint},
               exchange.request->Header("Accept"), &exchange.reply);
  const std::string message =
      fmt::format("{} ({})", outcome.status.message(), outcome.status.name());
  if (outcome.kind == OutcomeKind::kUnmet) {
    return;  // it is what the endpoint is for
  }
  if (!outcome.status.outdated() || !std::exchange(endpoint.told_outdated, true)) {
    LogProblem(exchange, message);
  }
}

// One for each sort, as what it holds back is told by that.
LogThrottle& ReplyMaker::ThrottleOf(const Outcome& outcome) {
  switch (outcome.kind) {
    case OutcomeKind::kFailed:
    case OutcomeKind::kTimedOut:
      return failed_log_;
    case OutcomeKind::kNoTurn:
      return waited_log_;
    default:
      return outcome.locked() ? busy_log_ : rejected_log_;
  }
}

void ReplyMaker::LogProblem(const Exchange& exchange, std::string_view what) {
  const Outcome& outcome = exchange.outcome;
  const bool failed = outcome.kind == OutcomeKind::kFailed;
  const auto level = failed ? LogLevel::kError : LogLevel::kWarning;
  if (!LogEnabled(level) || !ThrottleOf(outcome).Admit(Clock::now(), level)) {
    return;
  }
  // Without a transaction the steps before the failing one have committed.
  const EndpointSpec& endpoint = exchange.endpoint->spec;
  const bool undone =
      outcome.kind != OutcomeKind::kNoTurn && endpoint.transaction != TransactionMode::kNone;
  std::string end = undone ? ", rolled back" : "";
  if (failed && !outcome.step.empty()) {
    end += fmt::format("; step '{}'", outcome.step);
  }
  LogLine(level, fmt::format("{} {}: {}{}", exchange.request->method(), endpoint.path, what, end));
}

void ReplyMaker::ReportHeldBack(TimePoint now) {
  for (LogThrottle* throttle : {&busy_log_, &waited_log_, &rejected_log_, &failed_log_}) {
    throttle->Report(now);
  }
}

}  // namespace sqlicorn
