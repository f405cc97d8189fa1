// SPDX-License-Identifier: MIT
#include "worker/request/reply_maker.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
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
  if (!plan.answer().headers.empty() || plan.answer().location) {
    exchange.head.Write(plan.answer(), {exchange.params, exchange.result}, &reply.headers);
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
  reply.status = good ? StatusOf(endpoint.spec.answer) : problem.status;
  endpoint.meter.CountAnswer(
      exchange, endpoint.plan.writes() ? EndpointMeter::Plan::kWrites : EndpointMeter::Plan::kReads,
      reply.status);
  if (!good) {
    in_doubt_ = in_doubt_ || exchange.outcome.status.leaves_doubt();
    Explain(exchange, problem);
    return;
  }
  endpoint.told_outdated = false;
  if (reply.sent_bytes == 0) {  // else its head has left
    WriteHead(exchange);
  }
  if (endpoint.spec.answer.as == Respond::kOk) {
    reply.body = "OK";
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

void ReplyMaker::LogProblem(const Exchange& exchange, std::string_view what) {
  const Outcome& outcome = exchange.outcome;
  const bool failed = outcome.kind == OutcomeKind::kFailed;
  const bool ended = failed || outcome.kind == OutcomeKind::kTimedOut;
  const auto level = failed ? LogLevel::kError : LogLevel::kWarning;
  LogThrottle& throttle = ended ? failed_log_ : (outcome.locked() ? busy_log_ : rejected_log_);
  if (!LogEnabled(level) || !throttle.Admit(Clock::now(), level)) {
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
  for (LogThrottle* throttle : {&busy_log_, &rejected_log_, &failed_log_}) {
    throttle->Report(now);
  }
}

}  // namespace sqlicorn
