// SPDX-License-Identifier: MIT
#include "loadgen/results/run_result.h"

#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {

MeasuredRun AsMeasured(const RunResult& result) {
  return {{}, result, {}, {}, ""};
}

ResultHead HeadOf(const RunResult& result) {
  Provenance from;
  from.version = SQLICORN_VERSION;
  from.started = LocalTimeText(result.stats.start_unix_us() / 1'000'000);
  from.scenario = result.scenario;
  from.server = result.host;
  from.users = result.users;
  from.duration_s = result.duration_s;
  from.rounds = 1;
  from.seed = result.seed;
  from.cores = CoreCount();
  from.cpu = CpuModel();
  from.kernel = KernelName();
  return {ResultKind::kRun, from, {{"run", {}, {}}}};
}

}  // namespace sqlicorn::loadgen
