// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"
#include "worker/http/http_connection.h"

namespace sqlicorn {

// The open connections of a worker, their owner. A connection that ends is retired at once and
// destroyed in the next round of the loop, when nothing of it is on the stack any more.
class ConnectionSet final : public ConnectionKeeper {
 public:
  explicit ConnectionSet(WorkerSlot& slot) : slot_(slot) {}

  void Add(std::unique_ptr<HttpConnection> connection);
  void Retire(HttpConnection& connection) override;
  void MakeRoom(const ConnectionServices& services) override;

  // Destroys the retired. Call once per round of the loop, outside of any connection's callback.
  // True when there were any.
  bool DestroyRetired();

  // Ends the connections whose deadline has passed. One coarse pass for all instead of a timer
  // each.
  void Sweep(TimePoint now);

  // Closes idle connections at once and the others after their answer.
  void Drain();

  // The worker ends: each request still to be answered gets its line in the access log.
  void Abandon();

  [[nodiscard]] std::size_t size() const { return open_.size(); }

  // Says in the slot how many there are.
  void CountOpen();

 private:
  WorkerSlot& slot_;
  std::vector<std::unique_ptr<HttpConnection>> open_;  // each knows its own index
  std::vector<std::unique_ptr<HttpConnection>> retired_;
};

}  // namespace sqlicorn
