// SPDX-License-Identifier: MIT
#include "loadgen/report/run_notes.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "loadgen/report/number_text.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

// Rows that have requests, but too few for this percentile.
std::vector<std::string> RowsTooFewFor(const RunStats& stats, double percent) {
  std::vector<std::string> rows;
  for (const EndpointStats& endpoint : stats.endpoints()) {
    if (endpoint.requests > 0 && !Carries(endpoint.requests, percent)) {
      rows.push_back(endpoint.method + " " + endpoint.name);
    }
  }
  if (stats.requests() > 0 && !Carries(stats.requests(), percent)) {
    rows.emplace_back("Aggregated");
  }
  return rows;
}

// One line for all the percentiles that the same rows lack requests for.
std::string ThinPercentiles(const RunStats& stats) {
  std::string text;
  std::vector<std::string> percents;
  std::vector<std::string> rows;
  const auto flush = [&] {
    if (!rows.empty()) {
      text += fmt::format("Too few requests for {} (ten beyond it are needed): {}\n",
                          fmt::join(percents, ", "), fmt::join(rows, ", "));
    }
    percents.clear();
  };
  for (const double percent : kReportPercents) {
    std::vector<std::string> thin = RowsTooFewFor(stats, percent);
    if (thin != rows) {
      flush();
      rows = std::move(thin);
    }
    percents.push_back(fmt::format("{}%", percent));
  }
  flush();
  return text;
}

std::string LateText(const LateAnswers& late) {
  if (late.requests == 0) {
    return "";
  }
  std::string text = fmt::format(
      "Ended after the run and in no number above: {} requests, the longest after {} ms",
      CountText(late.requests), MsText(static_cast<double>(late.longest_us) / 1000));
  if (late.failures > 0) {
    text += fmt::format("; {} failed, first with {}", CountText(late.failures), late.first_error);
  }
  return text + "\n";
}

std::string VerdictText(const RunResult& result) {
  const std::vector<std::string> reasons = JudgeRun(result);
  return reasons.empty() ? "Verdict: VALID\n"
                         : fmt::format("Verdict: INVALID: {}\n", fmt::join(reasons, "; "));
}

std::string OpenLoopText(const std::optional<OpenLoop>& open) {
  if (!open) {
    return "";
  }
  const auto ms = [&](double percent) {
    return MsText(open->service.PercentileUs(percent) / 1000);
  };
  return fmt::format(
      "Open loop at {} per second: {} sent, of them late by the generator {} (p99 {} ms) and for "
      "want of a free user {}; never sent: {}\n"
      "Times above are from when a request was due; from when it was sent: p50 {} ms, p99 {} ms, "
      "max {} ms\n",
      open->rate, CountText(open->sends), CountText(open->late),
      MsText(open->lateness.PercentileUs(99) / 1000), CountText(open->waited),
      CountText(open->never_sent), ms(50), ms(99), ms(100));
}

std::string ReplayNote(const std::optional<Replayed>& replay) {
  return replay ? fmt::format("Replay: {}{}\n", ReplayText(*replay),
                              replay->sent < replay->requests ? "; the others were never sent" : "")
                : "";
}

std::string InterruptedText(const RunResult& result) {
  return result.interrupted && result.run_time_s
             ? fmt::format("Interrupted after {:.3g} s of {:g} s\n", result.duration_s,
                           *result.run_time_s)
             : "";
}

}  // namespace

std::string RunNotes(const RunResult& result) {
  std::string text = VerdictText(result) + InterruptedText(result) +
                     OpenLoopText(result.open_loop) + ReplayNote(result.replay);
  if (result.lag.count() > 0) {
    text += fmt::format("Answers lay unread in the generator for {} ms (p50), {} ms (p99)\n",
                        MsText(result.lag.PercentileUs(50) / 1000),
                        MsText(result.lag.PercentileUs(99) / 1000));
  }
  text += fmt::format("Longest time without an answer: {} ms\n",
                      MsText(result.stats.LongestGapSeconds() * 1000));
  if (result.without_service_s > 0) {
    text += fmt::format(
        "Users paused after broken connections for {:.2f} s altogether (--reconnect-pause)\n",
        result.without_service_s);
  }
  if (result.unanswered > 0) {
    text += fmt::format("Not answered by the end and in no number above: {} requests\n",
                        CountText(result.unanswered));
  }
  return text + LateText(result.late) + ThinPercentiles(result.stats) + "\n";
}

}  // namespace sqlicorn::loadgen
