// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/ipc/write_queue.h"
#include "tests/ipc/fiber.h"
#include "tests/ipc/steps.h"

namespace sqlicorn {

// Simulated workers and their master over one queue in plain memory. Each is a fiber that runs the
// real protocol; a random scheduler interleaves them at single accesses and moves a simulated
// clock. Watches the queue's promises after every access.
class WriteQueueModel {
 public:
  struct Plan {
    unsigned seed;
    std::size_t workers;
    int faults;       // stops and kills, at random accesses
    int lost_of_100;  // wake-ups that never arrive
  };

  explicit WriteQueueModel(const Plan& plan);
  ~WriteQueueModel();
  WriteQueueModel(const WriteQueueModel&) = delete;
  WriteQueueModel& operator=(const WriteQueueModel&) = delete;

  // Until so many turns have ended, or a promise is broken; says which.
  [[nodiscard]] std::string Run(int turns);

 private:
  static constexpr std::size_t kMaxActors = 7;  // the last one is the master

  struct Actor {
    std::unique_ptr<Fiber> fiber;
    std::int64_t asleep_until = 0;  // on its own will; a wake-up ends it
    std::int64_t stopped_until = 0;
    std::optional<std::int64_t> dead_until;  // then the master hears of it
    bool woken = false;
    bool in_call = false;            // of the queue
    bool inside = false;             // has accepted and not yet begun to release
    std::int64_t waiting_since = 0;  // 0 = does not wait
    std::uint64_t call_began = 0;    // step at which it entered the queue's code
    std::uint64_t in_line_since = 0;
    std::uint64_t ticket = 0;  // in line with this one since then, not suspended; 0 = is not
  };

  struct Leaving {
    bool& in_call;

    ~Leaving() { in_call = false; }
  };

  void LiveAsWorker(std::size_t self);
  void WaitForTurn(std::size_t self);
  void HoldTurn(std::size_t self);
  void LiveAsMaster();

  // Enters the queue's code for the actor, with the time of now.
  template <typename Function>
  auto Call(std::size_t self, Function function) {
    actors_[self].call_began = step_;
    actors_[self].in_call = true;
    const Leaving leaving{actors_[self].in_call};
    return function(queue_, now_us_);
  }

  bool Sleep(std::size_t self, std::int64_t us);  // false when it was woken
  void Wake(std::size_t slot);
  void SpawnWorker(std::size_t self);

  [[nodiscard]] std::size_t ChooseActor();
  void Hurt();
  void Check(std::size_t mover, std::uint64_t call_began);
  void CheckGrant(std::uint64_t call_began, const WriteQueueProbe::Owner& now);
  void CheckRest();
  void CheckWaits();
  void Fail(const std::string& what);
  [[nodiscard]] std::int64_t Random(std::int64_t from, std::int64_t to);

  const Plan plan_;
  std::minstd_rand random_;
  std::unique_ptr<std::byte[]> memory_;
  WriteQueueState* state_;
  WriteQueue queue_;
  WriteQueueProbe probe_;
  std::array<Actor, kMaxActors> actors_;
  WriteQueueProbe::Owner owner_;
  std::int64_t now_us_ = 1'000'000;
  std::int64_t fault_us_ = 0;  // time that faults have cost so far
  std::uint64_t step_ = 0;
  int faults_left_;
  int turns_ = 0;
  bool gap_ = false;  // nobody was granted on purpose
  std::string broken_;
};

}  // namespace sqlicorn
