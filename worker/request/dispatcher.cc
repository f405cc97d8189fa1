// SPDX-License-Identifier: MIT
#include "worker/request/dispatcher.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/ipc/bump.h"
#include "worker/plan/json_rows.h"
#include "worker/request/param_binder.h"
#include "worker/turn/count_locked.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kJson = "application/json";

// The body of an answer that is not 2xx, in the form the endpoint's clients read.
void FillError(Exchange& exchange, Respond respond, std::string_view message) {
  Reply& reply = exchange.reply;
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

// RFC 9110 15.5.16 asks a 415 to say what would have been taken.
void NameWhatIsRead(int status, Reply& reply) {
  if (status == 415) {
    reply.headers.push_back({"Accept", "application/json, application/x-www-form-urlencoded"});
    reply.headers.push_back({"Accept-Encoding", "identity"});
  }
}

std::vector<bool> WhichWrite(PlanSet& plans, std::size_t endpoints) {
  std::vector<bool> writes(endpoints);
  for (std::size_t i = 0; i < endpoints; ++i) {
    writes[i] = plans.plan(i).writes();
  }
  return writes;
}

void RefuseMethod(Exchange& exchange, std::string_view allow) {
  exchange.reply.status = 405;
  exchange.reply.body = "Method Not Allowed\n";
  exchange.reply.headers.push_back({"Allow", allow});
}

bool IsLocked(OutcomeKind kind) {
  return kind == OutcomeKind::kBusy || kind == OutcomeKind::kNoTurn;
}

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
    case OutcomeKind::kFailed:
      break;
  }
  return outcome.status.storage() || outcome.status.outdated() ? 503 : 500;
}

}  // namespace

void Exchange::Begin(const Message& message, TimePoint now) {
  request = &message;
  started = now;
  steps_done = 0;
  waited.reset();
  reply.Clear();
}

OutcomeKind Exchange::Run() {
  SetRequestInHand(this);
  PlanRun run{params, &reply.body, steps_done};
  const std::int64_t since_us = MonotonicUs();
  outcome = dispatcher_.PlanOf(*this).Execute(run);
  steps_done = run.done;
  dispatcher_.EndRun(*this, since_us);
  return outcome.kind;
}

OutcomeKind Exchange::RunInside() {
  SetRequestInHand(this);
  PlanRun run{params, &reply.body};
  const std::int64_t since_us = MonotonicUs();
  outcome = dispatcher_.PlanOf(*this).ExecuteInside(run);
  dispatcher_.EndRun(*this, since_us);
  return outcome.kind;
}

void Exchange::Answer() {
  SetRequestInHand(nullptr);
  dispatcher_.Answer(*this);
}

bool Exchange::isolated() const {
  return dispatcher_.config_.endpoints[endpoint].isolated;
}

bool Exchange::autocommits() const {
  return dispatcher_.PlanOf(*this).autocommits();
}

Dispatcher::Dispatcher(const Parts& parts)
    : config_(parts.config),
      plans_(parts.plans),
      scheduler_(parts.scheduler),
      slot_(parts.slot),
      heartbeat_(parts.slot),
      counters_(parts.counters),
      counter_rows_(parts.counter_rows),
      router_(parts.config.endpoints, WhichWrite(plans_, parts.config.endpoints.size())),
      told_outdated_(parts.config.endpoints.size()) {}

void Dispatcher::Dispatch(Exchange& exchange) {
  Bump(slot_.requests);
  if (!Route(exchange)) {
    CountStatus(exchange.reply.status);
    exchange.Deliver();
    return;
  }
  Bump(CountersOf(exchange).requests);
  if (!Bind(exchange)) {
    CountStatus(exchange.reply.status);
    Bump(CountersOf(exchange).errors);
    exchange.Deliver();
    return;
  }
  plans_.Mend(exchange.endpoint);
  if (PlanOf(exchange).writes()) {
    // The router did not know of a write that was mended later.
    if (exchange.request->method() == "HEAD") {
      RefuseMethod(exchange, "GET");
      exchange.Deliver();
      return;
    }
    scheduler_.Write(exchange);
  } else {
    scheduler_.Read(exchange);
  }
}

bool Dispatcher::Route(Exchange& exchange) const {
  const Message& request = *exchange.request;
  if (request.path() == "*") {  // OPTIONS of the server as a whole: it is there
    exchange.reply.status = 204;
    exchange.reply.content_type = "";
    return false;
  }
  const Router::Route route = router_.Find(request.method(), request.path());
  exchange.endpoint = route.endpoint;
  if (route.verdict == Router::Verdict::kFound) {
    return true;
  }
  if (route.verdict == Router::Verdict::kNoPath) {
    exchange.reply.status = 404;
    exchange.reply.body = "Not Found\n";
  } else {
    RefuseMethod(exchange, route.allow);
  }
  return false;
}

bool Dispatcher::Bind(Exchange& exchange) const {
  const EndpointSpec& endpoint = config_.endpoints[exchange.endpoint];
  exchange.params.clear();
  if (endpoint.param_set < 0) {
    return true;
  }
  const auto& set = config_.param_sets[static_cast<std::size_t>(endpoint.param_set)];
  if (const Fault fault = exchange.fields.Read(*exchange.request)) {
    exchange.reply.status = fault->status;
    FillError(exchange, endpoint.respond, fault->detail);
    NameWhatIsRead(fault->status, exchange.reply);
    return false;
  }
  const Status bound = BindParams(set, exchange.fields, &exchange.params);
  if (!bound) {
    exchange.reply.status = 400;
    FillError(exchange, endpoint.respond, bound.error().message);
  }
  return bound.ok();
}

void Dispatcher::Answer(Exchange& exchange) {
  const EndpointSpec& endpoint = config_.endpoints[exchange.endpoint];
  Reply& reply = exchange.reply;
  reply.status = StatusOf(exchange.outcome, config_.database.busy_status);
  CountAnswer(exchange);
  if (exchange.outcome.kind != OutcomeKind::kCommitted) {
    in_doubt_ = in_doubt_ || exchange.outcome.status.leaves_doubt();
    Explain(exchange, endpoint);
    exchange.Deliver();
    return;
  }
  told_outdated_[exchange.endpoint] = 0;
  if (endpoint.respond == Respond::kRows) {
    reply.content_type = kJson;
  } else {
    reply.body = "OK";
  }
  exchange.Deliver();
}

void Dispatcher::CountStatus(int status) const {
  Bump(counters_.worker.answers.at(static_cast<std::size_t>(status) / 100));
}

void Dispatcher::EndRun(const Exchange& exchange, std::int64_t since_us) {
  heartbeat_.BeatAfterWork();
  CountersOf(exchange).run_us.Record(static_cast<std::uint64_t>(MonotonicUs() - since_us));
  if (exchange.outcome.kind == OutcomeKind::kBusy) {
    CountLocked(exchange.outcome.status, counters_.worker.locked);
    CountLocked(exchange.outcome.status, CountersOf(exchange).locked);
  }
}

void Dispatcher::CountAnswer(const Exchange& exchange) const {
  EndpointCounters& endpoint = CountersOf(exchange);
  if (exchange.waited) {
    const auto us = static_cast<std::uint64_t>(*exchange.waited / std::chrono::microseconds(1));
    counters_.worker.wait_us.Record(us);
    endpoint.wait_us.Record(us);
  }
  const OutcomeKind kind = exchange.outcome.kind;
  if (kind != OutcomeKind::kNoTurn && PlanOf(exchange).writes()) {
    Bump(counters_.worker.writes);
  }
  CountStatus(exchange.reply.status);
  if (kind == OutcomeKind::kCommitted) {
    return;
  }
  Bump(endpoint.errors);
  if (IsLocked(kind)) {
    Bump(slot_.busy);
    Bump(endpoint.busy);
  } else {
    CountFailure(exchange.outcome.status, counters_.worker.failed);
  }
  if (exchange.outcome.status.outdated()) {
    Bump(endpoint.outdated);
  }
}

void Dispatcher::Explain(Exchange& exchange, const EndpointSpec& endpoint) {
  const Outcome& outcome = exchange.outcome;
  if (IsLocked(outcome.kind)) {
    exchange.reply.headers.push_back({"Retry-After", "1"});
  }
  const std::string message =
      fmt::format("{} ({})", outcome.status.message(), outcome.status.name());
  FillError(exchange, endpoint.respond, message);
  if (!outcome.status.outdated() || std::exchange(told_outdated_[exchange.endpoint], 1) == 0) {
    LogProblem(exchange, endpoint, message);
  }
}

void Dispatcher::LogProblem(const Exchange& exchange, const EndpointSpec& endpoint,
                            std::string_view what) {
  const OutcomeKind kind = exchange.outcome.kind;
  const auto level = kind == OutcomeKind::kFailed ? LogLevel::kError : LogLevel::kWarning;
  LogThrottle& throttle =
      kind == OutcomeKind::kFailed ? failed_log_ : (IsLocked(kind) ? busy_log_ : rejected_log_);
  if (!LogEnabled(level) || !throttle.Admit(Clock::now(), level)) {
    return;
  }
  // Without a transaction the steps before the failing one have committed.
  const bool undone =
      kind != OutcomeKind::kNoTurn && endpoint.transaction != TransactionMode::kNone;
  const char* const end = undone ? ", rolled back" : "";
  LogLine(level, fmt::format("{} {}: {}{}", exchange.request->method(), endpoint.path, what, end));
}

void Dispatcher::ReportHeldBack(TimePoint now) {
  for (LogThrottle* throttle : {&busy_log_, &rejected_log_, &failed_log_}) {
    throttle->Report(now);
  }
}

}  // namespace sqlicorn
