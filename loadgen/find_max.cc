// SPDX-License-Identifier: MIT
#include "loadgen/find_max.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/report/run_json.h"
#include "loadgen/run/max_search.h"
#include "loadgen/stats/found_max.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kFirstRate = 100;   // per second, without --rate
constexpr double kPrecision = 0.05;  // between the met and the missed rate
constexpr Duration kStepTime = std::chrono::seconds(10);
constexpr Duration kLongestWarmup = std::chrono::seconds(1);

// One run on a loop of its own; what a signal ends is no measurement.
class Step final : private RunObserver {
 public:
  Step(const Scenario& scenario, const RunOptions& options)
      : runner_(loop_, scenario, options, this),
        interrupt_(loop_, SIGINT, [this] { Interrupt(); }),
        terminate_(loop_, SIGTERM, [this] { Interrupt(); }),
        hang_up_(loop_, SIGHUP, [this] { Interrupt(); }) {}

  // Nothing when it was interrupted.
  Result<std::optional<RunResult>> Run() {
    if (const Status started = runner_.Start(); !started) {
      return started.error();
    }
    loop_.Run();
    return interrupted_ ? std::optional<RunResult>() : runner_.result();
  }

 private:
  void Interrupt() {
    interrupted_ = true;
    runner_.Stop();
  }

  void OnFinished() override { loop_.Stop(); }

  Loop loop_;
  Runner runner_;
  SignalWatcher interrupt_;
  SignalWatcher terminate_;
  SignalWatcher hang_up_;
  bool interrupted_ = false;
};

RunOptions OptionsFor(const MaxSearch& search, RunOptions options) {
  const double rate = search.rate();
  options.rate =
      RatePlan{RatePlan::Spacing::kEven, {{rate, rate, std::nullopt}}, fmt::format("{:.1f}", rate)};
  options.run_time = search.time();
  options.warmup = std::min<Duration>(kLongestWarmup, search.time() / 5);
  return options;
}

std::string StepText(const MaxStep& step, const Metric& metric) {
  std::string text = fmt::format("{:>10.1f}/s  {:>5.1f} s  {:>16}  {}\n", step.rate, step.seconds,
                                 MetricText(metric, step.value), VerdictText(step.verdict));
  for (const std::string& reason : step.against) {
    text += fmt::format("              {}\n", reason);
  }
  return text;
}

Ending EndingOf(const FoundMax& found) {
  if (found.untold) {
    return Ending::kInvalid;
  }
  return found.met ? Ending::kGood : Ending::kThreshold;
}

}  // namespace

Ending FindMax(const RunFlags& flags, const Scenario& scenario, const RunOptions& options,
               Console* console) {
  FoundMax found{scenario.source, options.host, *flags.find_max, {}, {}, {}, {}};
  console->Print(fmt::format("Looking for the greatest rate at which {}\n", found.objective.text));
  MaxSearch search(options.rate ? options.rate->pieces.front().from : kFirstRate, kPrecision,
                   options.run_time.value_or(kStepTime));
  bool interrupted = false;
  while (!search.done() && !interrupted) {
    Result<std::optional<RunResult>> result = Step(scenario, OptionsFor(search, options)).Run();
    if (!result) {
      console->Print(fmt::format("sqlicorn-loadgen: {}\n", result.error().message));
      return found.steps.empty() ? Ending::kUsage : Ending::kError;
    }
    interrupted = !result->has_value();
    if (!interrupted) {
      found.steps.push_back(StepOf(search.rate(), found.objective, **result));
      console->Print(StepText(found.steps.back(), found.objective.metric));
      search.Tell(found.steps.back().verdict, found.steps.back().lacking);
    }
  }
  found.met = search.met();
  found.missed = search.missed();
  found.untold = search.untold();
  console->Print(interrupted ? "interrupted\n" : ConclusionText(found));
  if (const Status written = flags.numbers_file.empty()
                                 ? Status()
                                 : WriteFile(flags.numbers_file, FoundMaxJson(found));
      !written) {
    console->Print(fmt::format("sqlicorn-loadgen: {}\n", written.error().message));
    return Ending::kNotWritten;
  }
  return interrupted ? Ending::kError : EndingOf(found);
}

}  // namespace sqlicorn::loadgen
