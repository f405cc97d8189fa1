// SPDX-License-Identifier: MIT
// node figures.cjs RESULT.json: of every run of a comparison its configuration, its requests per CPU
// second of the server, its 99th percentile and its longest write, in ms.
'use strict';
const fs = require('node:fs');

for (const { name, rounds } of JSON.parse(fs.readFileSync(process.argv[2])).configs) {
  for (const { costs, percentiles_ms: percentiles, writes } of rounds) {
    console.log(name, 1e6 / costs.cpu_us, percentiles[99], writes?.max_ms ?? 0);
  }
}
