// SPDX-License-Identifier: MIT
// bun bun.cjs PORT DATABASE: Bun.serve and bun:sqlite.
'use strict';
const { Database } = require('bun:sqlite');
const { ENDPOINTS, INSERT_ROW, NOT_ALLOWED, NOT_FOUND, SELECT_ROWS, SET_UP, Turn } = require('./endpoints.cjs');
const { serve } = require('./processes.cjs');

serve((port, path) => {
  const db = new Database(path);
  db.exec(SET_UP);
  const select = db.query(SELECT_ROWS);
  const insert = db.query(INSERT_ROW);
  const begin = db.query('BEGIN');
  const beginImmediate = db.query('BEGIN IMMEDIATE');
  const commit = db.query('COMMIT');
  const rollback = db.query('ROLLBACK');
  const turn = new Turn({
    read: () => select.values(),
    insert: (values) => insert.run(...values),
    begin: () => begin.run(),
    beginImmediate: () => beginImmediate.run(),
    commit: () => commit.run(),
    rollback: () => rollback.run(),
  });

  const respond = ({ status, body }) => (status === 200 ? new Response(body) : new Response(body, { status }));
  const routes = {};
  for (const [path, steps] of ENDPOINTS) {
    routes[path] = {
      GET: (request) =>
        new Promise((resolve) => {
          const query = request.url.indexOf('?');
          turn.add(steps, query < 0 ? '' : request.url.slice(query + 1), (answer) => resolve(respond(answer)));
        }),
      POST: async (request) => {
        const form = await request.text();
        return new Promise((resolve) => turn.add(steps, form, (answer) => resolve(respond(answer))));
      },
    };
  }
  Bun.serve({
    port,
    hostname: '127.0.0.1',
    reusePort: true,
    development: false,
    routes,
    fetch: (request) => respond(ENDPOINTS.has(new URL(request.url).pathname) ? NOT_ALLOWED : NOT_FOUND),
  });
});
