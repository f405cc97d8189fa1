#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      in Tcl everything is a string, so `db eval {INSERT INTO t VALUES ($code)}` stores the characters of $code; at
#             the least, READING a variable cannot change what is stored later.
# Package:    Debian 12: libsqlite3-tcl 3.40.1 and tcl8.6 8.6.13.
# Behaviour:  the binding looks at Tcl's hidden inner form of the value. After `if {$code > 3}` the string 007 has an integer
#             form, and the very same variable is stored as the integer 7: the zeros are gone, 0x1F becomes 31 and 1e3
#             becomes 1000.0, in columns without a type. A TEXT column gets '7'. A trace or an assertion that compares
#             numbers changes the data.
# Source:     tclsqlite.c, dbPrepareAndBind(): the bind call is chosen by the name of the value's type; the page "The Tcl
#             interface to the SQLite library" speaks of it for byte arrays only.
# Seen:
#             code   before the comparison   after it                in a TEXT column after it
#             007    text 007                integer 7               text 7
#             0x1F   text 0x1F               integer 31              text 31
#             1e3    text 1e3                real 1000.0             text 1000.0
set -euo pipefail
packages='tcl8.6=8.6.13+dfsg-2 libtcl8.6=8.6.13+dfsg-2 libsqlite3-tcl libsqlite3-0'
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
# shellcheck disable=SC2086
if ! apt-get -qq download $packages >/dev/null 2>&1; then
  echo "needs the packages of Debian 12 (apt-get update first): $packages" >&2
  exit 2
fi
for package in *.deb; do dpkg -x "$package" .; done

cat >see.tcl <<'END'
lappend auto_path usr/lib/tcltk
package require sqlite3
sqlite3 db :memory:
if {![string match 3.40.* [sqlite3 -version]]} { puts "SQLite [sqlite3 -version], not 3.40"; exit 2 }
db eval {CREATE TABLE t (code); CREATE TABLE typed (code TEXT)}
proc see {sql code} { uplevel 1 [list db eval $sql] }
puts "code   before the comparison   after it                in a TEXT column after it"
set asStated 1
foreach {text expected} {007 {integer 7 text 7} 0x1F {integer 31 text 31} 1e3 {real 1000.0 text 1000.0}} {
  set code [string range "$text " 0 end-1] ;# a string as it comes from a form: no number was made of it yet
  set before [db eval {SELECT typeof($code), $code}]
  if {$code > 3} {}
  set after [db eval {SELECT typeof($code), $code}]
  db eval {INSERT INTO typed VALUES ($code)}
  set typed [db eval {SELECT typeof(code), code FROM typed WHERE rowid = last_insert_rowid()}]
  puts [format {%-6s %-23s %-23s %s} $text $before $after $typed]
  if {$before ne [list text $text] || [concat $after $typed] ne $expected} { set asStated 0 }
}
exit [expr {!$asStated}]
END
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu TCL_LIBRARY=$dir/usr/share/tcltk/tcl8.6
usr/bin/tclsh8.6 see.tcl
