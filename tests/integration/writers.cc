// SPDX-License-Identifier: MIT
#include "tests/integration/writers.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "tests/support/raw_client.h"

namespace sqlicorn {
namespace {

// A server that stops closes a connection idle for a while; a thread that was kept waiting by other
// programs does not use such a one.
constexpr Duration kStale = std::chrono::milliseconds(200);

}  // namespace

Writers::Writers(int port, std::string path, int clients)
    : port_(port), path_(std::move(path)), ledgers_(static_cast<std::size_t>(clients)) {
  for (int client = 0; client < clients; ++client) {
    threads_.emplace_back(
        [this, client] { Run(client, ledgers_[static_cast<std::size_t>(client)]); });
  }
}

Writers::~Writers() {
  Stop();
}

void Writers::Stop() {
  stop_ = true;
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void Writers::Run(int client, Ledger& ledger) {
  auto connection = std::make_unique<RawClient>(port_);
  TimePoint used_at = Clock::now();
  for (int i = 0; !stop_; ++i) {
    if (Clock::now() - used_at > kStale) {
      connection = std::make_unique<RawClient>(port_);
    }
    const std::string name = fmt::format("{}.{}", client, i);
    HttpAnswer answer = connection->Ask(PostForm(path_, "name=" + name));
    if (answer.status == 0) {
      ++broken_;
      forgotten_ += connection->closed() ? 0 : 1;
    } else if (answer.status == 200) {
      ledger.acknowledged.push_back(name);
      ++acknowledged_;
    } else {
      HttpAnswer next = connection->Ask(Get("/count/"));
      ledger.refusals.push_back(
          {name, answer.status, answer.body, answer.Header("Retry-After"), next.status});
      ++refused_;
      answer = std::move(next);
    }
    if (answer.status == 0 || answer.Header("Connection") == "close") {
      connection = std::make_unique<RawClient>(port_);
    }
    used_at = Clock::now();
  }
}

std::vector<std::string> Writers::AcknowledgedNames() const {
  std::vector<std::string> names;
  for (const Ledger& ledger : ledgers_) {
    names.insert(names.end(), ledger.acknowledged.begin(), ledger.acknowledged.end());
  }
  return names;
}

std::vector<Writers::Refusal> Writers::Refusals() const {
  std::vector<Refusal> refusals;
  for (const Ledger& ledger : ledgers_) {
    refusals.insert(refusals.end(), ledger.refusals.begin(), ledger.refusals.end());
  }
  return refusals;
}

}  // namespace sqlicorn
