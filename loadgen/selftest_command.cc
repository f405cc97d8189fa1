// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "loadgen/commands.h"
#include "loadgen/ending.h"
#include "loadgen/report/console.h"
#include "loadgen/report_files.h"
#include "loadgen/selftest/trials.h"

namespace sqlicorn::loadgen {
namespace {

struct NamedTrial {
  const char* what;
  Result<TrialOutcome> (*run)();
};

constexpr NamedTrial kTrials[] = {
    {"a server that stands still for a second", FreezeTheServer},
    {"a generator that is starved of its core", StarveTheGenerator},
    {"a write that is acknowledged and lost", LoseAWrite},
};

Ending RunTrial(const NamedTrial& trial, Console* console) {
  const Result<TrialOutcome> outcome = trial.run();
  if (!outcome) {
    console->Print(fmt::format("sqlicorn-loadgen: {}: {}\n", trial.what, outcome.error().message));
    return Ending::kError;
  }
  const Ending written = WriteOut(
      fmt::format("{:<8}  {}: {}\n", outcome->told ? "told" : "NOT TOLD", trial.what, outcome->saw),
      console);
  return std::max(written, outcome->told ? Ending::kGood : Ending::kError);
}

}  // namespace

int SelftestCommand() {
  Console console;
  Ending ending = Ending::kGood;
  for (const NamedTrial& trial : kTrials) {
    ending = std::max(ending, RunTrial(trial, &console));
  }
  return ExitCodeOf(EndWith(ending, &console));
}

}  // namespace sqlicorn::loadgen
