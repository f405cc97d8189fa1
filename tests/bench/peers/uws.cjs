// SPDX-License-Identifier: MIT
// node uws.cjs PORT DATABASE: uWebSockets.js and better-sqlite3.
'use strict';
const uws = require('@btc-vision/uwebsockets.js');
const { ENDPOINTS, NOT_ALLOWED, NOT_FOUND } = require('./endpoints.cjs');
const { openTurn } = require('./better_sqlite3.cjs');
const { serve } = require('./processes.cjs');

serve((port, path) => {
  const turn = openTurn(path);

  // An answer to a client that has gone must not be written.
  const answerTo = (res) => {
    let gone = false;
    res.onAborted(() => {
      gone = true;
    });
    return ({ status, line, body }) => {
      if (gone) return;
      res.cork(() => {
        if (status !== 200) res.writeStatus(line);
        res.end(body);
      });
    };
  };

  const app = uws.App();
  for (const [path, steps] of ENDPOINTS) {
    app.get(path, (res, req) => turn.add(steps, req.getQuery() ?? '', answerTo(res)));
    app.post(path, (res) => {
      const answer = answerTo(res);
      let form = null;
      res.onData((chunk, isLast) => {
        // The octets of `chunk` are gone after this call.
        if (!isLast || form !== null) form = Buffer.concat([form ?? Buffer.alloc(0), Buffer.from(chunk)]);
        if (isLast) turn.add(steps, (form ?? Buffer.from(chunk)).toString(), answer);
      });
    });
    app.any(path, (res) => res.writeStatus(NOT_ALLOWED.line).end(NOT_ALLOWED.body));
  }
  app.any('/*', (res) => res.writeStatus(NOT_FOUND.line).end(NOT_FOUND.body));
  app.listen('127.0.0.1', port, (socket) => {
    if (!socket) throw new Error(`cannot listen on port ${port}`);
  });
});
