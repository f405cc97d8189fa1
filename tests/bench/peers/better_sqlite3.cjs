// SPDX-License-Identifier: MIT
// The turn of a Node process, over better-sqlite3.
'use strict';
const Database = require('better-sqlite3');
const { INSERT_ROW, SELECT_ROWS, SET_UP, Turn } = require('./endpoints.cjs');

function openTurn(path) {
  const db = new Database(path);
  db.exec(SET_UP);
  const select = db.prepare(SELECT_ROWS).raw();
  const insert = db.prepare(INSERT_ROW);
  const begin = db.prepare('BEGIN');
  const beginImmediate = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  return new Turn({
    read: () => select.all(),
    insert: (values) => insert.run(values),
    begin: () => begin.run(),
    beginImmediate: () => beginImmediate.run(),
    commit: () => commit.run(),
    rollback: () => rollback.run(),
  });
}

module.exports = { openTurn };
