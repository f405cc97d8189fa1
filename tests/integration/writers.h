// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace sqlicorn {

// Clients that POST notes with unique names to one endpoint as fast as they are answered, each on
// its own thread and connection, and keep a ledger of what was acknowledged. A connection that the
// server closes with an answer is replaced; so is a broken one, and the request not repeated.
class Writers {
 public:
  Writers(int port, std::string path, int clients);
  ~Writers();
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  void Stop();

  // Living counts.
  [[nodiscard]] int acknowledged() const { return acknowledged_; }

  [[nodiscard]] int refused() const { return refused_; }

  // Requests that got no answer.
  [[nodiscard]] int broken() const { return broken_; }

  // Those of them whose connection stayed open: the server has forgotten them.
  [[nodiscard]] int forgotten() const { return forgotten_; }

  // After Stop: names answered with 200, and names answered otherwise with the answer's body.
  struct Refusal {
    std::string name;
    int status;
    std::string body;
    std::string retry_after;
    int next_status;  // of the next request on the same connection
  };

  [[nodiscard]] std::vector<std::string> AcknowledgedNames() const;
  [[nodiscard]] std::vector<Refusal> Refusals() const;

 private:
  struct Ledger {
    std::vector<std::string> acknowledged;
    std::vector<Refusal> refusals;
  };

  void Run(int client, Ledger& ledger);

  const int port_;
  const std::string path_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> acknowledged_ = 0;
  std::atomic<int> refused_ = 0;
  std::atomic<int> broken_ = 0;
  std::atomic<int> forgotten_ = 0;
  std::vector<Ledger> ledgers_;
  std::vector<std::thread> threads_;
};

}  // namespace sqlicorn
