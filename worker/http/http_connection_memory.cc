// SPDX-License-Identifier: MIT
// What a connection holds, and what becomes of it when all of them hold too much.
#include <string>

#include "worker/http/http_connection.h"

namespace sqlicorn {
namespace {

constexpr int kUnavailable = 503;
// Below it a request that is ended frees nothing worth speaking of.
constexpr std::size_t kLoadBytes = 16U << 10U;

}  // namespace

void HttpConnection::CountHeld() {
  if (state_ == State::kRetired) {
    return;
  }
  const std::size_t held = parser_.buffered_bytes() + pending_.capacity() + preface_.capacity() +
                           out_.capacity() + exchange_.reply.body.capacity() +
                           stream_->queued_memory();
  services_.held_bytes += held - held_bytes_;
  held_bytes_ = held;
}

bool HttpConnection::IsLoad() const {
  return ReadingRequest() && parser_.buffered_bytes() > kLoadBytes;
}

void HttpConnection::Shed() {
  RefuseForRoom();
  Flush();
  BeginLinger();
  CountHeld();
}

void HttpConnection::RefuseForRoom() {
  Refuse(kUnavailable, "the worker holds too much for all clients (server.limit_worker_buffers)");
}

void HttpConnection::Trim() {
  if (idle()) {
    parser_.Release();
    std::string().swap(pending_);
    std::string().swap(out_);
    std::string().swap(exchange_.reply.body);
    CountHeld();
  }
}

}  // namespace sqlicorn
