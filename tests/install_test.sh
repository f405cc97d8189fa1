#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: install_test.sh BUILD: what `cmake --install` makes of the programs of a build.
set -euo pipefail

build=$1
root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT

fail() {
  echo "install: $*" >&2
  exit 1
}

# install_into DIRECTORY [OPTION…]
install_into() {
  local directory=$1
  shift
  DESTDIR=$directory cmake --install "$build" "$@" >"$root/log" 2>&1 || { cat "$root/log"; fail 'cmake'; }
}

# The file of that name, wherever the prefix put it.
find_one() {
  find "$1" -name "$2" | grep . || fail "there is no $2"
}

install_into "$root/new"
config=$(find_one "$root/new" sqlicorn.toml)
schema=$(find_one "$root/new" schema.sql)
! grep --quiet '^#* *user = ' "$config" || fail 'the configuration offers a user that the unit refuses'
grep --quiet '^control_socket = ' "$config" || fail 'there is no control socket to reload by'

# What was not edited is no reason for a copy; what was stays as it is.
install_into "$root/new"
[[ -z $(find "$root/new" -name '*.new') ]] || fail 'equal files were kept beside new ones'
for edited in "$config" "$schema"; do
  cp "$edited" "$root/shipped"
  echo '# mine' >>"$edited"
  install_into "$root/new"
  grep --quiet '^# mine' "$edited" || fail "$edited was overwritten"
  cmp --quiet "$root/shipped" "$edited.new" || fail "the new file is not beside $edited"
  grep --quiet "Kept: $edited" "$root/log" || fail "nothing says that $edited was kept"
done

# The unit names what was installed with it, wherever that is.
install_into "$root/other" --prefix /opt/of/mine
unit=$(find_one "$root/other" sqlicorn.service)
! grep --quiet '@SQLICORN' "$unit" || fail 'the unit is a template still'
while read -r program; do
  [[ -x $root/other$program ]] || fail "the unit starts $program, which is not there"
done < <(sed -n 's/^Exec[A-Za-z]*=\([^ ]*\).*/\1/p' "$unit")
named=$(sed -n 's/^ExecStart=.* -c \(.*\)$/\1/p' "$unit")
[[ -e $root/other${named/\%N/sqlicorn} ]] || fail "the unit names $named, which is not there"
