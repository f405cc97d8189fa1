// SPDX-License-Identifier: MIT
// node node.cjs PORT DATABASE: node:http and better-sqlite3.
'use strict';
const http = require('node:http');
const { ENDPOINTS, NOT_ALLOWED, NOT_FOUND } = require('./endpoints.cjs');
const { openTurn } = require('./better_sqlite3.cjs');
const { serve } = require('./processes.cjs');

serve((port, path) => {
  const turn = openTurn(path);

  const handle = (request, response) => {
    const respond = ({ status, body }) => {
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length });
      response.end(body);
    };
    const [path, query = ''] = request.url.split('?', 2);
    const steps = ENDPOINTS.get(path);
    if (steps === undefined) {
      respond(NOT_FOUND);
    } else if (request.method === 'GET') {
      turn.add(steps, query, respond);
    } else if (request.method === 'POST') {
      let form = '';
      request.setEncoding('utf8');
      request.on('data', (chunk) => {
        form += chunk;
      });
      request.on('end', () => turn.add(steps, form, respond));
    } else {
      respond(NOT_ALLOWED);
    }
  };
  http.createServer({ keepAliveTimeout: 60_000 }, handle).listen({ port, host: '127.0.0.1', reusePort: true });
});
