// SPDX-License-Identifier: MIT
// An answer that leaves while SQLite makes it.
#include <utility>

#include "worker/http/http_connection.h"

namespace sqlicorn {

// What has gathered leaves, and the statements wait until the client has taken it: so one that is
// slow holds one part of its answer, and nobody's time.
void HttpConnection::OnRows(Exchange& exchange) {
  if (state_ != State::kStreaming) {
    BeginStream();
  }
  if (ResponseFraming::For(*exchange.request).body == BodyMode::kOmit) {
    // All that there is to say is said, and nobody wants the rows.
    services_.dispatcher.Withdraw(exchange);
    exchange.outcome = {};
    exchange.reply.body.clear();
    OnOutcome(exchange);
    return;
  }
  SendPart();
  if (stream_->write_failed()) {
    Retire();
  } else if (stream_->queued_bytes() == 0) {
    services_.dispatcher.GoOn(exchange);
  }
}

// From here on a death of the process, or of the connection, must not look like the end.
void HttpConnection::BeginStream() {
  state_ = State::kStreaming;
  stream_->SetClose(Stream::Close::kReset);
  Dispatcher::BeginAnswer(exchange_);
  ResponseFraming framing = FramingNow();
  framing.end = BodyEnd::kChunks;
  if (framing.http_minor == 0) {
    framing.end = BodyEnd::kClose;
    framing.persistence = Persistence::kClose;
  }
  body_end_ = framing.end;
  close_after_ = framing.persistence == Persistence::kClose;
  const Reply& reply = exchange_.reply;
  static_cast<void>(ResponseWriter(out_, services_.Date(), &services_.heads)
                        .WriteHead({reply.status, reply.content_type, {}, reply.headers}, framing));
  CutBegun();
}

void HttpConnection::SendPart() {
  Reply& reply = exchange_.reply;
  CHECK(!reply.body.empty());  // an empty chunk would be the last
  if (body_end_ == BodyEnd::kChunks) {
    AppendChunkHead(reply.body.size(),
                    reply.sent_bytes == 0 ? ChunkPlace::kFirst : ChunkPlace::kLater, &out_);
  }
  reply.sent_bytes += reply.body.size();
  Flush(std::move(reply.body));  // which takes it only where the kernel has not
  reply.body.clear();
  CountHeld();
}

void HttpConnection::EndStream() {
  services_.access_log.Append(exchange_);
  if (ResponseFraming::For(*exchange_.request).body == BodyMode::kSend) {
    SendPart();  // a "]" at least
    out_ += body_end_ == BodyEnd::kChunks ? kLastChunk : "";
  }
  if (stream_->queued_bytes() == 0) {  // else OnDrained does it
    stream_->SetClose(Stream::Close::kOrderly);
  }
  services_.loop.UpdateTime();
  answered_ = services_.loop.now();
  EndAnswer();
}

// Its log line says how much of it has left, and by its status why there is no more.
void HttpConnection::BreakStream() {
  exchange_.reply.body.clear();
  services_.access_log.Append(exchange_);
  state_ = State::kLingering;  // nothing of a request is left to be told of
  Retire();
}

}  // namespace sqlicorn
