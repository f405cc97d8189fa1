// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "common/http/message.h"
#include "worker/answer/answer_head.h"
#include "worker/log/request_in_hand.h"
#include "worker/plan/sql_plan.h"
#include "worker/request/endpoint_meter.h"
#include "worker/request/field_fault.h"
#include "worker/request/request_fields.h"
#include "worker/slice/long_reads.h"
#include "worker/slice/reader.h"
#include "worker/slice/run_limit.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

class Exchange;

// How the plans of a worker run. All of it outlives the requests.
struct RunRules {
  RunLimit& limit;        // of the worker's connection
  LongReads* long_reads;  // null: reads run to their end
  std::int64_t slice_us;
};

// What all requests of one endpoint share.
struct ServedEndpoint {
  std::size_t index;  // in ServerConfig::endpoints
  const EndpointSpec& spec;
  SqlPlan& plan;
  EndpointMeter meter;
  RunRules& rules;
  TimeLimit limit;       // of its statements
  TimeLimit long_limit;  // of a read in slices, which keeps nobody waiting
  AnswerLimit most;
  bool long_lately =
      false;  // its last read took longer than a slice: the next one begins in slices
  bool told_outdated = false;  // logged, and not answered since
};

// Whoever waits for the outcome of a request: the connection.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;

  // The outcome is final, and the reply is to be made from it: Dispatcher::Answer. Called once for
  // each request that was submitted, maybe before Dispatch returns.
  virtual void OnOutcome(Exchange& exchange) = 0;

  // A part of its rows is in reply.body, and more will come once they have been taken from there:
  // Dispatcher::GoOn. The outcome comes at the end.
  virtual void OnRows(Exchange& exchange) = 0;
};

// One request on its way through the worker, from parsed message to reply, and the job that its
// endpoint makes of it: a plan with parameters. While the job runs it calls nobody back. A read
// that turns out to be long is undone and begins again in slices. Each connection owns an exchange
// and uses it again for its next request.
class Exchange final : public Job, public LongRead, public RowStream, public ServedRequest {
 public:
  explicit Exchange(ExchangeOwner& owner) : owner_(owner) {}

  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // A new request in place of the one before.
  // REQUIRES: `message` stays unchanged until the answer.
  void Begin(const Message& message, TimePoint now);

  // The job is one of `chosen`, which outlives the exchange. REQUIRES: `params` are its parameters.
  void Prepare(ServedEndpoint& chosen);

  OutcomeKind Run() override;
  OutcomeKind RunInside() override;
  void Finish() override;

  // It is a read in slices, or waits to be one.
  [[nodiscard]] bool runs_long() const { return runs_long_; }

  // A read begins, again or at once, on a connection of its own. REQUIRES: its plan may_pause, and
  // there are LongReads.
  void RunAsLong();

  void RunInSlices(Reader& reader) override;
  void BeginSlice() override;
  void EndSlice() override;
  void OnHeld() override;
  bool Send() override;
  void End(std::optional<Outcome> instead) override;

  ServedEndpoint* endpoint = nullptr;  // set by Prepare
  RequestFields fields;                // what `params` points into
  std::vector<BoundParam> params;      // set by the param binder
  std::size_t times = 1;  // so often does the plan run, each time with its part of params
  std::vector<FieldFault> wrong_fields;  // why it is none: set by the param binder too
  std::string header_text;               // what a header field of the reply points to
  RowFormat format = RowFormat::kJson;   // of rows
  PlanResult result;                     // what the last run has left beside them
  AnswerHead head;

 private:
  [[nodiscard]] RowStream* StreamOf(const RunRules& rules);
  [[nodiscard]] PlanRun RunFrom(std::size_t done);
  std::int64_t BeginRun();
  OutcomeKind EndRun(std::int64_t since_us);

  ExchangeOwner& owner_;
  std::size_t steps_done_ = 0;  // PlanRun::done between runs
  std::int64_t slice_began_us_ = 0;
  std::int64_t used_us_ = 0;  // by all slices
  std::size_t slices_ = 0;
  bool runs_long_ = false;
  bool overflowed_ = false;   // there are more rows than are gathered
  Reader* reader_ = nullptr;  // in slices
};

}  // namespace sqlicorn
