// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"
#include "common/http/request_parser.h"
#include "common/http/writer.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "worker/http/connection_deadline.h"
#include "worker/http/proxy_rules.h"
#include "worker/http/slice_queue.h"
#include "worker/log/access_log.h"
#include "worker/request/dispatcher.h"
#include "worker/request/exchange.h"

namespace sqlicorn {

class HttpConnection;
struct ConnectionServices;

// The owner of the connections, as one of them sees it.
class ConnectionKeeper {
 public:
  virtual ~ConnectionKeeper() = default;
  virtual void Retire(HttpConnection& connection) = 0;

  // All connections together hold more than they may: ends the newest requests that have not
  // arrived yet, until they do not or one is left.
  virtual void MakeRoom(const ConnectionServices& services) = 0;
};

// Of requests, as the settings have them.
[[nodiscard]] ParserLimits LimitsOf(const ServerSettings& settings);

// What all connections of a worker share. Outlives them.
struct ConnectionServices {
  Loop& loop;
  const ServerSettings& settings;
  const WorkerSlot& slot;
  std::uint64_t request_limit;  // the answer to the request of this number closes its connection
  Dispatcher& dispatcher;
  AccessLog& access_log;
  DateCache& dates;
  ConnectionKeeper& keeper;
  ParserLimits limits = LimitsOf(settings);
  HeadCache heads{};
  LogThrottle bad_requests{"invalid requests"};
  ProxyRules proxies{settings};
  SliceQueue slices{loop};
  std::size_t held_bytes = 0;  // of all connections: heads, bodies, unsent answers
  bool closing = false;        // every answer from now on closes its connection

  [[nodiscard]] bool ClosesAfterAnswer() const {
    return closing || settings.keepalive <= 0 || slot.requests >= request_limit;
  }

  // More is held than the settings allow, without `own` bytes of it.
  [[nodiscard]] bool Crowded(std::size_t own = 0) const {
    return settings.limit_worker_buffers > 0 &&
           held_bytes - own > static_cast<std::size_t>(settings.limit_worker_buffers);
  }

  // The value of the Date header, now.
  [[nodiscard]] std::string_view Date() { return dates.At(std::time(nullptr)); }
};

// One client: reads requests, one at a time through the dispatcher, and writes the answers in
// order. Pipelined requests wait for their slice of the loop; a client that does not read its
// answers is not read from either.
class HttpConnection final : public StreamListener, public ExchangeOwner, public SliceUser {
 public:
  // Starts reading at once. `services` must outlive the connection.
  HttpConnection(ConnectionServices& services, UniqueFd socket);
  ~HttpConnection() override;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Ends the connection if it has waited too long for whatever it waits for.
  void CheckDeadline(TimePoint now);

  // The worker stops: idle ends now, busy ends after its answer, and who is likely to be sending is
  // heard for a moment.
  void Drain();

  // The worker ends now, and the answer that is owed will not come.
  void Abandon();

  // An unfinished request that holds memory worth having; since when, and its end with 503.
  [[nodiscard]] bool IsLoad() const;

  [[nodiscard]] TimePoint request_began() const { return head_began_; }

  void Shed();

  // Gives back what a connection keeps for its next request, if it is idle.
  void Trim();

  // The place in the ConnectionSet, which keeps it here.
  [[nodiscard]] std::size_t index() const { return index_; }

  void set_index(std::size_t index) { index_ = index; }

 private:
  // preface -> reading -> (answering -> (streaming ->) reading)* -> lingering -> retired, or from
  // anywhere to retired.
  enum class State {
    kPreface,    // before a PROXY header, where there may be one
    kReading,    // a request, or nothing for now
    kAnswering,  // it is executed, or waits for its turn
    kStreaming,  // so it is, and the head and some rows of its answer have left
    kLingering,  // all is said and our side is shut: what the client still sends is dropped, so
                 // that a reset does not destroy the tail of the last answer
    kRetired,
  };

  // What is done with the input that has been read: at rest -> (serving -> (queued)) -> at rest.
  enum class Input {
    kAtRest,   // nothing; what is in pending_ waits for an answer or for the client to read
    kServing,  // Serve is on the stack
    kQueued,   // pending_ waits for a slice of the loop
  };

  static constexpr std::size_t kFlushBytes = 64U << 10U;  // answers gathered before a write

  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;
  void OnDrained() override;
  void OnOutcome(Exchange& exchange) override;
  void OnRows(Exchange& exchange) override;
  void OnSlice() override;

  // Reads the PROXY header in front of the first request. REQUIRES: state kPreface.
  void OnPreface(std::string_view data);
  // Learns from a trusted proxy how its client came. False when that cannot be told.
  [[nodiscard]] bool ReadScheme();

  // Makes the message of the parser the request of the exchange.
  void BeginExchange(TimePoint started);

  // Serves `data`, or as much of it as is due now. The rest waits in pending_: `owner`, whose end
  // `data` is, or a copy.
  void Serve(std::string_view data, std::string* owner = nullptr);
  void KeepRest(std::string_view data, std::string* owner);
  void DropPending();
  void ServeSlice(std::string_view* data);
  void Queue(SliceQueue::Work work);
  [[nodiscard]] bool MayServe() const;
  void ParseOne(std::string_view* data);
  void Refuse(int status, std::string_view detail);
  void RefuseForRoom();
  void AskWhetherThere();
  // Takes off the front of the answer what has left of it. REQUIRES: nothing else is in out_.
  void CutBegun();
  // A line of the access log for a request that is not answered in the usual way.
  void LogUnanswered(int status);
  [[nodiscard]] bool ReadingRequest() const;
  void Resume();
  // Another request, or a preface, may come or go on.
  [[nodiscard]] bool listening() const;
  // Between two requests, with nothing left to send or to look at.
  [[nodiscard]] bool idle() const;
  // The reply is complete: it leaves, and the next request may come.
  void SendReply();
  void WriteAnswer();
  [[nodiscard]] ResponseFraming FramingNow() const;
  // A request is being executed, or waits for its turn.
  [[nodiscard]] bool executing() const;
  // The answer that leaves while it is made: its head, what has gathered of its rows, its end.
  void BeginStream();
  void SendPart();
  void EndStream();
  // It cannot be completed.
  void BreakStream();
  // The answer is made, and the next request may come.
  void EndAnswer();
  // Writes the answers gathered so far, and `body` of the last of them if that is not among them.
  void Flush(std::string&& body = {});
  void BeginLinger();
  void Retire();
  // Counts what this connection holds now.
  void CountHeld();
  [[nodiscard]] ConnectionFacts Facts() const;
  // Keeps taken_: call it when the queue has grown, and now and then.
  void WatchQueue(TimePoint now);
  [[nodiscard]] bool WritesPile() const;

  ConnectionServices& services_;
  const SocketAddress socket_peer_;
  std::string peer_;     // the client: whoever connected, or whom the PROXY header names
  std::string preface_;  // what has come of that header
  std::unique_ptr<Stream> stream_;
  RequestParser parser_;
  Exchange exchange_;
  std::string out_;      // answers not yet written: small ones of one read batch leave together
  std::string pending_;  // input that has not been served: see Input
  std::size_t pending_from_ = 0;  // of which so much at the front has been served
  State state_;
  Input input_ = Input::kAtRest;
  bool close_after_ = false;             // after what is written so far
  bool peer_finished_ = false;           // the client will send no more
  BodyEnd body_end_ = BodyEnd::kLength;  // kStreaming
  bool asked_ = false;                   // AskWhetherThere, for this request
  std::size_t begun_ = 0;                // octets of its answer that this has sent already
  bool fresh_ = true;                    // no request yet
  const bool scheme_trusted_;
  const TimePoint opened_;
  TimePoint head_began_{};  // of the request being read, its first octet
  TimePoint body_began_{};
  TimePoint heard_{};
  TimePoint answered_{};
  TimePoint taken_{};
  TimePoint drained_{};
  TimePoint lingered_{};
  std::optional<TimePoint> told_to_stop_;
  std::size_t unsent_seen_ = 0;  // by the last WatchQueue
  std::size_t held_bytes_ = 0;   // its part of services_.held_bytes
  std::size_t index_ = 0;
};

}  // namespace sqlicorn
