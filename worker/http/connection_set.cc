// SPDX-License-Identifier: MIT
#include "worker/http/connection_set.h"

#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

void ConnectionSet::Add(std::unique_ptr<HttpConnection> connection) {
  connection->set_index(open_.size());
  open_.push_back(std::move(connection));
  CountOpen();
}

// Not destroyed here: the caller is a method of the connection, and more of it may be on the stack.
// The last one takes the place that is free, so that no place has to be looked for.
void ConnectionSet::Retire(HttpConnection& connection) {
  const std::size_t index = connection.index();
  CHECK(open_.at(index).get() == &connection);
  retired_.push_back(std::move(open_[index]));
  if (index + 1 != open_.size()) {
    open_[index] = std::move(open_.back());
    open_[index]->set_index(index);
  }
  open_.pop_back();
  CountOpen();
}

// First what costs nobody anything, the buffers of idle connections. Then the newest request that
// has not arrived goes, as the oldest is the nearest to its end: to end that one would free most,
// and nothing might ever arrive.
void ConnectionSet::MakeRoom(const ConnectionServices& services) {
  for (const auto& connection : open_) {
    connection->Trim();
  }
  while (services.Crowded()) {
    std::size_t loads = 0;
    HttpConnection* newest = nullptr;
    for (const auto& connection : open_) {
      if (!connection->IsLoad()) {
        continue;
      }
      ++loads;
      if (newest == nullptr || newest->request_began() < connection->request_began()) {
        newest = connection.get();
      }
    }
    if (loads < 2) {
      return;  // one request alone may be as large as limit_request_body says
    }
    newest->Shed();
  }
}

bool ConnectionSet::DestroyRetired() {
  const bool any = !retired_.empty();
  retired_.clear();
  return any;
}

void ConnectionSet::Sweep(TimePoint now) {
  // From the back: a connection that ends here is replaced by one that was seen already.
  for (std::size_t i = open_.size(); i-- > 0;) {
    open_[i]->CheckDeadline(now);
  }
}

void ConnectionSet::Drain() {
  for (std::size_t i = open_.size(); i-- > 0;) {
    open_[i]->Drain();
  }
}

void ConnectionSet::Abandon() {
  for (const auto& connection : open_) {
    connection->Abandon();
  }
}

// Others judge by this how many connections they may take: it is said on every change.
void ConnectionSet::CountOpen() {
  slot_.connections.store(static_cast<std::uint32_t>(open_.size()), std::memory_order_relaxed);
}

}  // namespace sqlicorn
