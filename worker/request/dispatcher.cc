// SPDX-License-Identifier: MIT
#include "worker/request/dispatcher.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "common/ipc/shared_memory.h"
#include "worker/answer/accept.h"
#include "worker/answer/problem.h"
#include "worker/log/request_in_hand.h"
#include "worker/request/param_binder.h"

namespace sqlicorn {
namespace {

// RFC 9110 15.5.16 asks a 415 to say what would have been taken.
void NameWhatIsRead(int status, Reply& reply) {
  if (status == 415) {
    reply.headers.push_back(
        {"Accept", "application/json, application/x-www-form-urlencoded, multipart/form-data"});
    reply.headers.push_back({"Accept-Encoding", "identity"});
  }
}

void Refuse(Exchange& exchange, int status, std::string_view detail = "") {
  WriteProblem({.status = status, .detail = detail}, exchange.request->Header("Accept"),
               &exchange.reply);
}

void RefuseMethod(Exchange& exchange, std::string_view allow) {
  Refuse(exchange, 405);
  exchange.reply.headers.push_back({"Allow", allow});
}

// OPTIONS is answered for every path (RFC 9110 9.3.7).
std::string WithOptions(std::string allow) {
  constexpr std::string_view kOptions = "OPTIONS";
  if (allow.find(kOptions) == std::string::npos) {
    allow.append(", ").append(kOptions);
  }
  return allow;
}

// How many rows a request may ask for, where it asks for fewer or none.
void BoundLimit(const AnswerPage& page, std::vector<BoundParam>* params) {
  BoundParam& limit = (*params)[page.limit];
  const auto* asked = std::get_if<std::int64_t>(&limit);
  // A negative LIMIT is none to SQLite.
  if (asked == nullptr || *asked < 0 || *asked > page.max) {
    limit = page.max;
  }
}

// A path whose variables do not fit their types is one that is not there. Always false.
bool RefuseFields(Exchange& exchange) {
  if (MissesPath(exchange.wrong_fields)) {
    Refuse(exchange, 404);
    return false;
  }
  std::vector<FieldError> errors;
  for (const FieldFault& fault : exchange.wrong_fields) {
    errors.push_back({fault.field, fault.detail});
  }
  const std::string sentence = Sentence(exchange.wrong_fields);
  WriteProblem({.status = 400, .detail = sentence, .errors = errors},
               exchange.request->Header("Accept"), &exchange.reply);
  return false;
}

// `otherwise`: what bounds it where neither its endpoint nor the database has a limit.
TimeLimit LimitOf(const ServerConfig& config, const EndpointSpec& endpoint, TimeLimit otherwise) {
  if (endpoint.statement_timeout > 0) {
    return {endpoint.statement_timeout, "the statement_timeout of the endpoint"};
  }
  const double common = config.database.statement_timeout;
  return common > 0 ? TimeLimit{common, "database.statement_timeout"} : otherwise;
}

AnswerLimit AnswerLimitOf(const ServerConfig& config, const EndpointSpec& endpoint) {
  if (endpoint.max_answer > 0) {
    return {static_cast<std::size_t>(endpoint.max_answer), "the max_answer of the endpoint"};
  }
  const std::int64_t common = config.database.max_answer;
  return common > 0 ? AnswerLimit{static_cast<std::size_t>(common)} : AnswerLimit{};
}

std::vector<ServedEndpoint> EndpointsOf(const Dispatcher::Parts& parts, RunRules& rules) {
  std::vector<ServedEndpoint> endpoints;
  for (std::size_t i = 0; i < parts.config.endpoints.size(); ++i) {
    EndpointCounters& counters = parts.counters.endpoints[parts.counter_rows[i]];
    const EndpointSpec& spec = parts.config.endpoints[i];
    // In slices a read holds nobody up, so that no worker is killed for it: what would kill it, had
    // it the loop, ends it.
    endpoints.push_back(
        {i, spec, parts.plans.plan(i), EndpointMeter({parts.slot, parts.counters.worker, counters}),
         rules, LimitOf(parts.config, spec, {}),
         LimitOf(parts.config, spec, {parts.config.server.timeout, "server.timeout"}),
         AnswerLimitOf(parts.config, spec)});
  }
  return endpoints;
}

std::vector<AskedFields> AllAskedOf(const ServerConfig& config) {
  std::vector<AskedFields> all;
  for (const EndpointSpec& endpoint : config.endpoints) {
    all.push_back({WantsOf(endpoint), endpoint.each ? std::nullopt : DefaultsOf(endpoint.fields)});
  }
  return all;
}

std::vector<bool> WhichWrite(const std::vector<ServedEndpoint>& endpoints) {
  std::vector<bool> writes;
  for (const ServedEndpoint& endpoint : endpoints) {
    writes.push_back(endpoint.plan.writes());
  }
  return writes;
}

}  // namespace

Dispatcher::Dispatcher(const Parts& parts)
    : config_(parts.config),
      plans_(parts.plans),
      scheduler_(parts.scheduler),
      slot_(parts.slot),
      counters_(parts.counters.worker),
      limit_(parts.plans.transactions().connection()),
      rules_{limit_, parts.long_reads,
             parts.config.database.read_slice / std::chrono::microseconds(1)},
      asked_(AllAskedOf(parts.config)),
      endpoints_(EndpointsOf(parts, rules_)),
      router_(parts.config.endpoints, WhichWrite(endpoints_)),
      replies_(parts.config.database) {}

bool Dispatcher::Dispatch(Exchange& exchange) {
  Bump(slot_.requests);
  ServedEndpoint* const endpoint = Route(exchange);
  if (endpoint == nullptr) {
    CountStatus(exchange.reply.status, counters_);
    return false;
  }
  endpoint->meter.CountRequest();
  if (!MakeJob(exchange, *endpoint)) {
    endpoint->meter.CountRefusal(exchange.reply.status);
    exchange.fields.Release();  // as after an answer: the request need not outlive its own
    return false;
  }
  if (endpoint->plan.writes()) {
    scheduler_.Write(exchange);
  } else if (endpoint->long_lately && endpoint->plan.may_pause()) {
    exchange.RunAsLong();
  } else {
    scheduler_.Read(exchange);
  }
  return true;
}

ServedEndpoint* Dispatcher::Route(Exchange& exchange) {
  const Message& request = *exchange.request;
  Reply& reply = exchange.reply;
  if (request.path() == "*") {  // OPTIONS of the server as a whole: it is there
    reply.status = 204;
    reply.content_type = "";
    return nullptr;
  }
  Router::Route route = router_.Find(request.method(), request.path(), &exchange.fields.path);
  switch (route.verdict) {
    case Router::Verdict::kFound:
      return &endpoints_[route.endpoint];
    case Router::Verdict::kNoMethod:
      exchange.header_text = WithOptions(std::move(route.allow));
      if (request.method() == "OPTIONS") {
        reply.status = 204;
        reply.content_type = "";
        reply.headers.push_back({"Allow", exchange.header_text});
      } else {
        RefuseMethod(exchange, exchange.header_text);
      }
      break;
    case Router::Verdict::kNoPath:
      if (!RedirectSlash(exchange)) {
        Refuse(exchange, 404);
      }
      break;
  }
  return nullptr;
}

// To the same path with a slash at the end, or without it, if only that one is there.
bool Dispatcher::RedirectSlash(Exchange& exchange) const {
  const Message& request = *exchange.request;
  std::string other(request.path());
  // What begins with "//" would lead to another host.
  if (config_.server.slash != "redirect" || other.size() < 2 || other.starts_with("//")) {
    return false;
  }
  if (other.back() == '/') {
    other.pop_back();
  } else {
    other += '/';
  }
  if (!router_.Has(other)) {
    return false;
  }
  other += request.query().empty() ? "" : "?";
  other += request.query();
  exchange.header_text = std::move(other);
  exchange.reply.status = 308;
  exchange.reply.body = "Permanent Redirect\n";
  exchange.reply.headers.push_back({"Location", exchange.header_text});
  return true;
}

bool Dispatcher::MakeJob(Exchange& exchange, ServedEndpoint& endpoint) {
  if (!Bind(exchange, endpoint)) {
    return false;
  }
  plans_.Mend(endpoint.index);
  // The router did not know of a write that was mended later.
  if (endpoint.plan.writes() && exchange.request->method() == "HEAD") {
    RefuseMethod(exchange, "GET, OPTIONS");
    return false;
  }
  exchange.format = endpoint.spec.answer.as == Respond::kRows && !endpoint.spec.each
                        ? RowFormatFor(exchange.request->Header("Accept"))
                        : RowFormat::kJson;
  if (const auto& page = endpoint.plan.answer().page) {
    BoundLimit(*page, &exchange.params);
  }
  exchange.Prepare(endpoint);
  return true;
}

bool Dispatcher::Bind(Exchange& exchange, const ServedEndpoint& endpoint) const {
  exchange.params.clear();
  exchange.times = 1;
  const EndpointSpec& spec = endpoint.spec;
  if (spec.fields.empty() && spec.unknown_fields != UnknownFields::kRefuse) {
    return true;
  }
  const AskedFields& asked = asked_[endpoint.index];
  if (const Fault fault = exchange.fields.Read(*exchange.request, asked.wants)) {
    Refuse(exchange, fault->status, fault->detail);
    NameWhatIsRead(fault->status, exchange.reply);
    return false;
  }
  if (asked.defaults && exchange.fields.empty()) {
    exchange.params = *asked.defaults;
    return true;
  }
  exchange.times = exchange.fields.objects();
  exchange.wrong_fields = BindParams(spec, exchange.fields, &exchange.params);
  return exchange.wrong_fields.empty() || RefuseFields(exchange);
}

void Dispatcher::Answer(Exchange& exchange) {
  replies_.Answer(exchange);
  exchange.fields.Release();
}

void Dispatcher::Withdraw(Exchange& exchange) {
  SetRequestInHand(nullptr);
  scheduler_.Withdraw(exchange);
  if (rules_.long_reads != nullptr) {
    rules_.long_reads->Withdraw(exchange);
  }
}

}  // namespace sqlicorn
