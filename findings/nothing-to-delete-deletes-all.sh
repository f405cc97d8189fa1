#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      `store.delete(store.getKeys('session:'))`, with the package's own two functions, deletes the sessions, and nothing
#             when there is none. A tag stays on its item until deleteTag() or the end of the item.
# Package:    bun-sqlite-key-value 1.13.1 (bun 1.4.5).
# Behaviour:  when there is none, everything in the store is deleted: getKeys() gives `undefined` for "no such key", and so does
#             getTaggedKeys(), and delete(undefined) is delete(). So does an empty array, as filter() makes it. And each new
#             value takes the tags of its key with it, set() as well as incr() and lPush(): what is cached anew is no longer
#             reached by deleteTaggedItems(), which is what the tags are for.
# Source:     bun-sqlite-key-value/src/index.ts: delete() clears for whatever has no length; set() is INSERT OR REPLACE, and tags
#             refer to items by ON DELETE CASCADE. README: "Deletes all items if no parameter was passed". sqlite.org, "ON
#             CONFLICT": REPLACE deletes the row that is there.
# Seen:
#             delete(getKeys('session:')), 2 of them     2 of 4 items left
#             delete(getKeys('session:')), none of them  0 of 2 items left
#             delete(getTaggedKeys('old')), no such tag  0 of 2 items left
#             delete(expired.filter(…)), an empty array  0 of 2 items left
#             tagged, then set, incr or lPush            tags: none, none, none
#             deleteTaggedItems after a new value        the item is still there
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in bun@1.4.5 bun-sqlite-key-value@1.13.1; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { BunSqliteKeyValue } from 'bun-sqlite-key-value';
let seen = '';
function see(what, text) {
  console.log(what.padEnd(42), text);
  seen += `${text};`;
}
function open(...keys) {
  const store = new BunSqliteKeyValue();
  for (const key of keys) store.set(key, 1);
  return store;
}
const without = ['user:1', 'user:2'], withSessions = [...without, 'session:1', 'session:2'];
const deletions = [['getKeys(\'session:\')), 2 of them', withSessions, (store) => store.getKeys('session:')],
  ['getKeys(\'session:\')), none of them', without, (store) => store.getKeys('session:')],
  ['getTaggedKeys(\'old\')), no such tag', without, (store) => store.getTaggedKeys('old')],
  ['expired.filter(…)), an empty array', without, () => []]];
for (const [label, keys, find] of deletions) {
  const store = open(...keys);
  store.delete(find(store));
  see(`delete(${label}`, `${store.count()} of ${keys.length} items left`);
}
const changes = [(store) => store.set('page', 2), (store) => store.incr('page'), (store) => store.lPush('page', 2)];
const tags = changes.map((change, i) => {
  const store = open();
  store.set('page', i === 2 ? [1] : 1);
  store.addTag('page', 'shop');
  change(store);
  return store.getTaggedKeys('shop')?.join() ?? 'none';
});
see('tagged, then set, incr or lPush', `tags: ${tags.join(', ')}`);
const store = open('page');
store.addTag('page', 'shop');
store.set('page', 2);
store.deleteTaggedItems('shop');
see('deleteTaggedItems after a new value', store.has('page') ? 'the item is still there' : 'the item is deleted');
process.exit(seen === '2 of 4 items left;0 of 2 items left;0 of 2 items left;0 of 2 items left;tags: none, none, none;' +
  'the item is still there;' ? 0 : 1);
END
timeout 60 node_modules/.bin/bun run see.mjs
