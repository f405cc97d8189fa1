// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/http/message.h"
#include "worker/request_fields.h"
#include "worker/request_in_hand.h"
#include "worker/scheduler.h"
#include "worker/sql_plan.h"

namespace sqlicorn {

// What is sent back, before HTTP framing. The body keeps its memory from request to request, unless
// it was unusually large.
struct Reply {
  static constexpr std::size_t kKeptBytes = 64U << 10U;

  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<HeaderView> headers;  // beyond the usual; the views outlive the exchange

  void Clear() {
    status = 200;
    content_type = "text/plain; charset=utf-8";
    body.clear();
    if (body.capacity() > kKeptBytes) {
      body.shrink_to_fit();
    }
    headers.clear();
  }
};

class Dispatcher;
class Exchange;

// Whoever waits for the answer: the connection.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;

  // `reply` of the exchange is complete. Called once per Dispatch, maybe before that returns.
  virtual void OnAnswered(Exchange& exchange) = 0;
};

// One request on its way through the worker, from parsed message to reply. Each connection owns one
// and uses it again for its next request.
class Exchange final : public Job {
 public:
  Exchange(ExchangeOwner& owner, Dispatcher& dispatcher) : owner_(owner), dispatcher_(dispatcher) {}

  ~Exchange() override { SetRequestInHand(nullptr); }

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // REQUIRES: `message` stays unchanged until the answer.
  void Begin(const Message& message, TimePoint now);

  OutcomeKind Run() override;
  OutcomeKind RunInside() override;

  void Fail(Outcome failed) override { outcome = std::move(failed); }

  void Answer() override;
  [[nodiscard]] bool isolated() const override;
  [[nodiscard]] bool autocommits() const override;

  // The reply is complete: tells the owner.
  void Deliver() { owner_.OnAnswered(*this); }

  std::string_view peer;             // IP address of the client, "" of a unix socket
  std::string_view scheme = "http";  // as the client reached the proxy in front, else ours
  const Message* request = nullptr;
  TimePoint started{};
  std::size_t endpoint = 0;        // set by the dispatcher
  RequestFields fields;            // what `params` points into
  std::vector<BoundParam> params;  // set by the param binder
  Outcome outcome;                 // of the last run
  std::size_t steps_done = 0;      // PlanRun::done between runs
  Reply reply;

 private:
  ExchangeOwner& owner_;
  Dispatcher& dispatcher_;
};

}  // namespace sqlicorn
