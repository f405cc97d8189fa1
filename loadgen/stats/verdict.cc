// SPDX-License-Identifier: MIT
#include "loadgen/stats/verdict.h"

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// Above these shares of the window the generator is part of what was measured.
constexpr double kBusyGenerator = 0.9;  // of one core: there is one thread
constexpr double kStarved = 0.2;        // without a core that it wanted
constexpr double kForeign = 0.1;        // of all cores
constexpr double kStolen = 0.05;        // of all cores

// In a shorter window neither CPU time nor lag says anything: one tick of the scheduler, given to
// somebody else, would be a finding.
constexpr double kLeastWindowSeconds = 1.5;

// A lag counts where it is felt: beyond a millisecond, and beyond a quarter of the 99th percentile.
constexpr double kFeltLagUs = 1000;
constexpr double kFeltLagShare = 0.25;
constexpr double kFeltLatenessUs = 1000;
constexpr std::uint64_t kLeastSamples = 100;

class Judgement {
 public:
  explicit Judgement(const MeasurementFacts& facts) : facts_(facts) {}

  std::vector<std::string> Take() {
    JudgeGenerator();
    JudgeMachine();
    JudgeLag();
    JudgeSends();
    return std::move(reasons_);
  }

 private:
  void JudgeGenerator() {
    if (facts_.requests == 0) {
      reasons_.emplace_back("no request ended in the window");
    }
    if (facts_.standstill_s > 0) {
      reasons_.push_back(
          fmt::format("the generator stood still for {:.1f} s (stopped by a signal, frozen with "
                      "its machine, or "
                      "held by a disk): what took long meanwhile says nothing of the server",
                      facts_.standstill_s));
    }
    if (Exceeds(facts_.generator_cpu_s, kBusyGenerator, 1)) {
      reasons_.push_back(
          fmt::format("the generator was busy for {:.0f} % of the time: more would not have been "
                      "asked for",
                      Percent(facts_.generator_cpu_s, 1)));
    }
    if (facts_.run_queue_wait_s && Exceeds(*facts_.run_queue_wait_s, kStarved, 1)) {
      reasons_.push_back(fmt::format(
          "the generator was kept waiting for a core for {:.0f} % of the time, and read answers "
          "late",
          Percent(*facts_.run_queue_wait_s, 1)));
    }
  }

  void JudgeMachine() {
    if (facts_.steal_s && Exceeds(*facts_.steal_s, kStolen, facts_.cores)) {
      reasons_.push_back(fmt::format("the hypervisor took {:.0f} % of the cores' time",
                                     Percent(*facts_.steal_s, facts_.cores)));
    }
    if (!facts_.other_cpu_s || !facts_.server_cpu_s) {
      return;
    }
    const double foreign = *facts_.other_cpu_s - *facts_.server_cpu_s;
    if (Exceeds(foreign, kForeign, facts_.cores)) {
      reasons_.push_back(fmt::format("other programs used {:.0f} % of the cores' time",
                                     Percent(foreign, facts_.cores)));
    }
  }

  void JudgeLag() {
    if (facts_.window_s >= kLeastWindowSeconds && facts_.lag_samples >= kLeastSamples &&
        facts_.lag_p99_us > kFeltLagUs &&
        facts_.lag_p99_us > kFeltLagShare * facts_.latency_p99_us) {
      reasons_.push_back(
          fmt::format("answers lay unread for {:.1f} ms (p99 of the {} that were looked at)",
                      facts_.lag_p99_us / 1000, facts_.lag_samples));
    }
  }

  void JudgeSends() {
    if (facts_.window_s >= kLeastWindowSeconds && facts_.timed_sends >= kLeastSamples &&
        facts_.lateness_p99_us > kFeltLatenessUs) {
      reasons_.push_back(fmt::format("the generator sent {:.1f} ms (p99) after the time to send",
                                     facts_.lateness_p99_us / 1000));
    }
    if (facts_.never_sent > 0) {
      reasons_.push_back(
          fmt::format("the rate was not reached: {} of {} requests were never sent, all users were "
                      "waiting for answers",
                      facts_.never_sent, facts_.due));
    }
  }

  [[nodiscard]] double Percent(double seconds, double cores) const {
    return seconds / (facts_.window_s * cores) * 100;
  }

  [[nodiscard]] bool Exceeds(double seconds, double share, double cores) const {
    return facts_.window_s >= kLeastWindowSeconds && seconds > share * facts_.window_s * cores;
  }

  const MeasurementFacts& facts_;
  std::vector<std::string> reasons_;
};

}  // namespace

std::vector<std::string> Judge(const MeasurementFacts& facts) {
  return Judgement(facts).Take();
}

}  // namespace sqlicorn::loadgen
