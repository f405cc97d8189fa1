// SPDX-License-Identifier: MIT
// The seed's eight endpoints over one SQLite connection, as somebody writes them who knows the
// runtime and measures: statements prepared once, forms parsed by hand, and all that one turn of the
// event loop has brought in one transaction. bun.cjs, uws.cjs and node.cjs bring HTTP and driver.
//
// Pragmas, table and answers are those of etc/sqlicorn.toml.
'use strict';

const READ = 1;
const WRITE = 2;

const NAMES = ['name', 'campaign', 'voice', 'recognize', 'inside', 'growth', 'side', 'yard', 'discussion'];
const COLUMN = new Map(NAMES.map((name, i) => [name, i]));
const IS_NUMBER = NAMES.map((name) => name === 'inside' || name === 'side');
const DEFAULTS = IS_NUMBER.map((isNumber) => (isNumber ? 0 : ''));

// In what order each reads and writes. All are atomic, because they share a transaction.
const ENDPOINTS = new Map([
  ['/read/', [READ]],
  ['/read_transaction/', [READ]],
  ['/write/', [WRITE]],
  ['/read_write/', [READ, WRITE]],
  ['/write_read/', [WRITE, READ]],
  ['/read_write_transaction/', [READ, WRITE]],
  ['/write_read_transaction/', [WRITE, READ]],
  ['/read_write_transaction_immediate/', [READ, WRITE]],
]);

const SET_UP = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = wal;
  PRAGMA synchronous = ${process.env.BENCH_SYNCHRONOUS || 'normal'};
  CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    campaign TEXT NOT NULL, voice TEXT NOT NULL, recognize TEXT NOT NULL, inside REAL NOT NULL,
    growth TEXT NOT NULL, side REAL NOT NULL, yard TEXT NOT NULL, discussion TEXT NOT NULL)`;
const SELECT_ROWS = `SELECT id, ${NAMES.join()} FROM row LIMIT 10`;
const INSERT_ROW = `INSERT INTO row (${NAMES.join()}) VALUES (${NAMES.map(() => '?').join()})`;

// The fields of a form or a query string, in the order of the columns; of one that ought to be a
// number and is not, its name.
function parseFields(text) {
  const values = DEFAULTS.slice();
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('&', at);
    if (end < 0) end = text.length;
    const equals = text.indexOf('=', at);
    const column = equals >= 0 && equals < end ? COLUMN.get(text.slice(at, equals)) : undefined;
    if (column !== undefined) {
      const value = decode(text.slice(equals + 1, end));
      values[column] = IS_NUMBER[column] ? Number(value) : value;
      if (IS_NUMBER[column] && (value === '' || Number.isNaN(values[column]))) return NAMES[column];
    }
    at = end + 1;
  }
  return values;
}

function decode(text) {
  if (text.includes('+')) text = text.replaceAll('+', ' ');
  return text.includes('%') ? decodeURIComponent(text) : text;
}

const OK = { status: 200, line: '200 OK', body: 'OK' };
const NOT_FOUND = { status: 404, line: '404 Not Found', body: 'Not Found\n' };
const NOT_ALLOWED = { status: 405, line: '405 Method Not Allowed', body: 'Method Not Allowed\n' };
const noNumber = (field) => ({ status: 400, line: '400 Bad Request', body: `field '${field}' must be a number\n` });
const failure = (error) => ({ status: 503, line: '503 Service Unavailable', body: `${error.message}\n` });

// The requests of one turn of the loop. `statements`: what read, insert, begin, beginImmediate, commit
// and rollback do; each throws when SQLite refuses.
class Turn {
  #statements;
  #jobs = [];
  #writes = false;
  #run = () => this.#runAll();

  constructor(statements) {
    this.#statements = statements;
  }

  // `answer` is called once, after COMMIT, and never before this returns.
  add(steps, fields, answer) {
    const values = fields === '' ? DEFAULTS : parseFields(fields);
    if (typeof values === 'string') {
      setImmediate(answer, noNumber(values));
      return;
    }
    if (steps.length > 1 || steps[0] === WRITE) this.#writes = true;
    if (this.#jobs.push({ steps, values, answer }) === 1) setImmediate(this.#run);
  }

  #runAll() {
    const jobs = this.#jobs;
    const writes = this.#writes;
    this.#jobs = [];
    this.#writes = false;
    const error = this.#tryAll(jobs, writes);
    if (error === null || jobs.length === 1) {
      for (const job of jobs) job.answer(error === null ? OK : failure(error));
      return;
    }
    // Whose fault it is nobody knows, because no savepoints were paid for: each by itself.
    for (const job of jobs) {
      const own = this.#tryAll([job], writes);
      job.answer(own === null ? OK : failure(own));
    }
  }

  #tryAll(jobs, writes) {
    const statements = this.#statements;
    let begun = false;
    try {
      if (writes) statements.beginImmediate();
      else statements.begin();
      begun = true;
      for (const job of jobs) {
        for (const step of job.steps) {
          if (step === READ) statements.read();
          else statements.insert(job.values);
        }
      }
      statements.commit();
      return null;
    } catch (error) {
      if (begun) statements.rollback();
      return error;
    }
  }
}

module.exports = { ENDPOINTS, INSERT_ROW, NOT_ALLOWED, NOT_FOUND, SELECT_ROWS, SET_UP, Turn };
