// SPDX-License-Identifier: MIT
// node ask.cjs PORT DATABASE: prints what a server of the eight endpoints answers, and the rows that
// are in its table afterwards. Two servers that do the same print the same.
'use strict';
const Database = require('better-sqlite3');
const { ENDPOINTS } = require('./endpoints.cjs');

const [, , port, path] = process.argv;
const FORM = {
  name: 'Ämne & ström = 100 % + 1',
  campaign: '日本語',
  voice: '',
  recognize: 'a+b',
  inside: '1.5',
  growth: '"quoted" \'text\'',
  side: '-2e3',
  yard: '007',
  discussion: 'line\r\nbreak',
};

function send(method, target, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
  return fetch(`http://127.0.0.1:${port}${target}`, { method, body, headers });
}

async function ask(method, target, body) {
  const response = await send(method, target, body);
  console.log(method, target, body?.slice(0, 60) ?? '-', response.status, JSON.stringify(await response.text()));
}

async function askAll() {
  const form = String(new URLSearchParams(FORM));
  for (const endpoint of ENDPOINTS.keys()) {
    await ask('GET', endpoint);
    await ask('GET', `${endpoint}?${form}`);
    await ask('POST', endpoint, form);
    await ask('POST', endpoint, '');
    await ask('POST', endpoint, 'name=one&unknown=field&novalue&=&');
    await ask('POST', endpoint, 'inside=abc');
    await ask('DELETE', endpoint);
  }
  await ask('POST', '/write/', `name=${'long '.repeat(100_000)}`);
  await ask('GET', '/nowhere/');
  // All at once: they share a transaction, and one of them is refused.
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => send('POST', '/write/', i === 7 ? 'side=x' : 'name=together')));
  console.log(answers.map((answer) => answer.status).join());
}

askAll().then(() => {
  const db = new Database(path, { readonly: true });
  for (const row of db.prepare('SELECT *, typeof(inside), typeof(yard) FROM row ORDER BY id').raw().iterate()) {
    console.log(JSON.stringify(row).slice(0, 400));
  }
});
