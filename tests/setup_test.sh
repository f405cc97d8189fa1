#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: setup_test.sh REPOSITORY: what `script/setup --sqlite` takes from npm and what it refuses. npm
# is one of ours here, which gives what it is told to; the sums are those of a small sqlite3.c.
set -euo pipefail

root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
mkdir -p "$root/script" "$root/bin" "$root/package/deps/sqlite3"
cache=$root/.cache/sqlite

fail() {
  echo "setup: $*" >&2
  cat "$root/log" >&2
  exit 1
}

# give TEXT: what npm's package has as sqlite3.c from now on.
give() {
  echo "$1" >"$root/package/deps/sqlite3/sqlite3.c"
  echo '#define SQLITE_VERSION "3.99.0"' >"$root/package/deps/sqlite3/sqlite3.h"
  tar --create --gzip --file "$root/given.tgz" --directory "$root" package
}

set_up() { PATH=$root/bin:$PATH "$root/script/setup" --sqlite >"$root/log" 2>&1; }

cat >"$root/bin/npm" <<END_OF_NPM
#!/usr/bin/env bash
# npm pack --loglevel error --pack-destination FOLDER PACKAGE
touch "$root/asked"
cp "$root/given.tgz" "\$5/a-1.0.0.tgz"
END_OF_NPM
chmod +x "$root/bin/npm"

give known
sums=$(cd "$root/package/deps/sqlite3" && sha256sum sqlite3.c sqlite3.h)
awk -v sums="$sums" '
  /^sqlite_sums=/ { print "sqlite_sums=\047" sums "\047"; skip = 1 }
  !skip { print }
  skip && /\047$/ { skip = 0 }' "$1/script/setup" >"$root/script/setup"
chmod +x "$root/script/setup"

give other
! set_up || fail 'took a file that it does not know'
grep --quiet 'does not hold the sqlite3.c.*sha256; nothing was installed' "$root/log" || fail 'no reason was given'
[[ $(grep --count '^setup: better-sqlite3' "$root/log") == 1 ]] || fail 'more than one line'
[[ ! -e $cache ]] || fail 'what was refused is there'

rm "$root/given.tgz"
! set_up || fail 'took nothing for something'
grep --quiet '^setup: npm does not give better-sqlite3@' "$root/log" || fail 'npm is not named'
[[ -z $(ls -A "$root/.cache") ]] || fail 'something is left of it'

give known
set_up || fail 'did not take what it knows'
[[ $(cat "$cache/sqlite3.c") == known ]] || fail 'sqlite3.c is not there'
[[ $cache/sqlite3.c -nt $root/bin/npm ]] || fail 'it has the date of the package, and ninja would not see it'

rm "$root/asked"
set_up || fail 'the second call fails'
[[ ! -e $root/asked ]] || fail 'npm was asked for what is there'

echo damaged >"$cache/sqlite3.c"
set_up || fail 'does not mend'
[[ $(cat "$cache/sqlite3.c") == known ]] || fail 'what was damaged stays'
[[ $(ls -A "$root/.cache") == sqlite ]] || fail 'something is left behind'
