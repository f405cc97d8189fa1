// SPDX-License-Identifier: MIT
// One process, or BENCH_PROCESSES of them on one port, each with its own socket of it (SO_REUSEPORT):
// nobody stands between the kernel and the one who answers.
'use strict';
const { spawn } = require('node:child_process');

function serve(start) {
  const count = Number(process.env.BENCH_PROCESSES || 1);
  if (count === 1) {
    start(Number(process.argv[2]), process.argv[3]);
    return;
  }
  const env = { ...process.env, BENCH_PROCESSES: '1' };
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' }));
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  let alive = count;
  for (const child of children) {
    child.on('exit', () => {
      alive -= 1;
      stop();
      if (alive === 0) process.exit(0);
    });
  }
}

module.exports = { serve };
