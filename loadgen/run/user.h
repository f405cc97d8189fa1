// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/socket_address.h"
#include "common/uv/alarm_clock.h"
#include "common/uv/loop.h"
#include "common/uv/receive_lag.h"
#include "loadgen/run/client_connection.h"
#include "loadgen/run/dispatcher.h"
#include "loadgen/run/parser_pool.h"
#include "loadgen/run/replay_cursor.h"
#include "loadgen/run/request_template.h"
#include "loadgen/run/step_cursor.h"
#include "loadgen/run/user_session.h"
#include "loadgen/run/user_values.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/ack_ledger.h"
#include "loadgen/stats/sample.h"

namespace sqlicorn::loadgen {

// Where users report to.
class UserObserver {
 public:
  virtual ~UserObserver() = default;

  virtual void OnSample(const Sample& sample, const std::string& error) = 0;
  // A user whose connection broke did nothing from `begin` to `end`.
  virtual void OnPaused(TimePoint begin, TimePoint end) = 0;
  // After Finish: nothing of this user is open any more.
  virtual void OnUserDone() = 0;
};

// What the users of one run share; owned by the runner.
struct UserContext {
  Loop& loop;
  AlarmClock& alarms;
  ParserPool& parsers;
  const Scenario& scenario;
  std::vector<SocketAddress> addresses;  // of the server
  std::uint64_t seed;
  std::vector<RequestTemplate> templates;  // one per task
  std::vector<UserKind> kinds;
  RunValues values;
  bool sessions;  // see NeedsSessions
  AckLedger ledger;
  UserObserver* observer;
  Duration longest_pause;          // after broken connections; zero = none
  std::string no_answer_text;      // of requests that GiveUp ends
  std::string no_connection_text;  // the same before there was a connection
  ReceiveLag* lag;                 // of all connections
  Dispatcher* dispatcher;          // says when to send; nullptr = after each answer (closed loop)
  ReplayCursor replay;
};

// One simulated user: goes through its tasks and their steps, sends a request, waits for the
// answer, again, over one keep-alive connection. A connection that ends without an answer is opened
// again after a pause that doubles from 10 ms to a longest one, so that a dead server does not make
// the user spin.
//
//   kReady -> kConnecting -> kAwaiting -> (kConnecting | kAwaiting | kPausing | kBackingOff) …
//   kPausing, kBackingOff -> kConnecting | kAwaiting
//   In the open loop kFree takes the place of kPausing and follows kBackingOff.
//   Finish leads to kDone at once or after the answer
class User final : private ClientListener, private Sleeper {
 public:
  // `context` outlives the user. `number` selects the user's own draws, `kind` what it does.
  User(UserContext& context, std::uint32_t number, std::size_t kind);

  void Start();

  // Sends the request that was due at `due`, if later. REQUIRES: it was Free for the dispatcher.
  void SendDue(TimePoint due, TimePoint now);

  // Sends nothing more; an open request may still be answered.
  void Finish();

  // Gives an open request up. Nothing when done already.
  void Abandon();

  // Since when there has been neither an answer nor a connection; nothing when it waits for none.
  [[nodiscard]] std::optional<TimePoint> waits_since() const;

  // The time for that is over: the request is a failure, and its connection closed.
  // REQUIRES: waits_since().
  void GiveUp();

  [[nodiscard]] bool awaiting() const { return state_ == State::kAwaiting; }

  // Finished, and nothing of it is open any more.
  [[nodiscard]] bool done() const { return state_ == State::kDone; }

 private:
  enum class State { kReady, kConnecting, kAwaiting, kPausing, kBackingOff, kFree, kDone };

  void OnOpen() override;
  void OnAnswer(const Message& answer, std::uint64_t body_bytes) override;
  void OnFailure(Outcome outcome, const std::string& error) override;
  void OnNotTaken() override;
  void OnUnasked() override;
  // The end of a pause.
  void OnWake() override;

  void Next(TimePoint intended, TimePoint now, After after);
  void BeginTask(TimePoint now);
  void BecomeFree();
  // Of a replay: the next line is due, and in sample_. Else the user waits for that, or has ended.
  [[nodiscard]] bool TakeLine(TimePoint now);
  void Connect();
  void Send();
  // What is wrong with the answer, "" for nothing; sets the outcome of the sample.
  [[nodiscard]] std::string Judge(const Message& answer, std::uint64_t body_bytes);
  void Settle(const Message& answer);
  void Report(const std::string& error);
  // Until the next request after an answer.
  [[nodiscard]] Duration Pause();
  void Continue(Duration pause);
  void BackOff();
  void End();

  [[nodiscard]] const TaskSpec& task() const { return context_.scenario.tasks[sample_.task]; }

  UserContext& context_;
  const UserKind& kind_;
  StepCursor cursor_;
  Random random_;                         // of its pauses
  std::unique_ptr<UserSession> session_;  // null where it has nothing to remember
  ClientConnection connection_;
  Sample sample_;                       // the request under way
  TimePoint began_;                     // its task
  const Replay::Line* line_ = nullptr;  // of a replay: taken, and not sent yet
  std::uint64_t id_ = 0;                // its id in the ledger, 0 = none
  TimePoint paused_since_;              // of kBackingOff
  State state_ = State::kReady;
  int dead_connections_ = 0;  // that ended without an answer, one after the other
  bool finishing_ = false;
};

}  // namespace sqlicorn::loadgen
