// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/socket_address.h"
#include "common/http/response_parser.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "common/uv/watchers.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// What a server that has just started answers to one request of the scenario.
struct Answer {
  std::string name;  // method and name of the task
  int status = 0;    // 0 = no answer
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;      // of the body
  bool deterministic = false;  // the same request had the same answer twice

  bool operator==(const Answer&) const = default;
};

// How the answers of a configuration differ from those of the first, a sentence each: of requests
// that both answered. A hash only counts where both answered twice the same.
[[nodiscard]] std::vector<std::string> DifferentAnswers(const std::vector<Answer>& first,
                                                        const std::vector<Answer>& other);

// Sends every request of a scenario that only reads, and is always the same, twice: a configuration
// that is fast because it answers something else is to be named. Lives on the caller's loop.
class AnswerCheck final : private StreamListener {
 public:
  // `url` is the server's. `on_end` is called once, from the loop; it may destroy this object.
  AnswerCheck(Loop& loop, const Scenario& scenario, const std::string& url,
              std::function<void(std::vector<Answer>)> on_end);

  void Start();

 private:
  void OnConnected(int errno_value) override;
  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;

  void Ask();
  void Take();
  void TakeNothing();

  struct Question {
    std::string name;
    std::string request;
  };

  Loop& loop_;
  std::function<void(std::vector<Answer>)> on_end_;
  std::vector<SocketAddress> addresses_;
  std::vector<Question> questions_;
  std::vector<Answer> answers_;  // two of each
  Timer turn_;                   // the next question; the limit of the one that was asked
  bool asked_ = false;           // what the timer is for
  std::unique_ptr<ResponseParser> parser_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace sqlicorn::loadgen
