// SPDX-License-Identifier: MIT
#include "worker/request/reply_maker.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "worker/plan/json_rows.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kJson = "application/json";

}  // namespace

int StatusOf(const Outcome& outcome, int busy_status) {
  switch (outcome.kind) {
    case OutcomeKind::kCommitted:
      return 200;
    case OutcomeKind::kBusy:
    case OutcomeKind::kNoTurn:
      return busy_status;
    case OutcomeKind::kRejected:
      return 409;
    case OutcomeKind::kBadValue:
      return 400;
    case OutcomeKind::kTimedOut:
      return 504;
    case OutcomeKind::kLong:
    case OutcomeKind::kFailed:
      break;
  }
  return outcome.status.storage() || outcome.status.outdated() ? 503 : 500;
}

void FillError(Reply& reply, Respond respond, std::string_view message) {
  reply.body.clear();
  if (respond == Respond::kRows) {
    reply.content_type = kJson;
    reply.body = R"({"error":)";
    AppendJsonString(message, &reply.body);
    reply.body += '}';
  } else {
    reply.body = message;
  }
  reply.body += '\n';
}

void ReplyMaker::Begin(Exchange& exchange) {
  exchange.reply.status = 200;
  exchange.reply.content_type = kJson;
}

void ReplyMaker::Answer(Exchange& exchange) {
  ServedEndpoint& endpoint = *exchange.endpoint;
  Reply& reply = exchange.reply;
  reply.status = StatusOf(exchange.outcome, database_.busy_status);
  endpoint.meter.CountAnswer(
      exchange, endpoint.plan.writes() ? EndpointMeter::Plan::kWrites : EndpointMeter::Plan::kReads,
      reply.status);
  if (exchange.outcome.kind != OutcomeKind::kCommitted) {
    in_doubt_ = in_doubt_ || exchange.outcome.status.leaves_doubt();
    Explain(exchange);
    return;
  }
  endpoint.told_outdated = false;
  if (endpoint.spec.respond == Respond::kRows) {
    reply.content_type = kJson;
  } else {
    reply.body = "OK";
  }
}

void ReplyMaker::Explain(Exchange& exchange) {
  const Outcome& outcome = exchange.outcome;
  ServedEndpoint& endpoint = *exchange.endpoint;
  if (outcome.locked()) {
    exchange.reply.headers.push_back({"Retry-After", "1"});
  }
  const std::string message =
      fmt::format("{} ({})", outcome.status.message(), outcome.status.name());
  FillError(exchange.reply, endpoint.spec.respond, message);
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
  const char* const end = undone ? ", rolled back" : "";
  LogLine(level, fmt::format("{} {}: {}{}", exchange.request->method(), endpoint.path, what, end));
}

void ReplyMaker::ReportHeldBack(TimePoint now) {
  for (LogThrottle* throttle : {&busy_log_, &rejected_log_, &failed_log_}) {
    throttle->Report(now);
  }
}

}  // namespace sqlicorn
