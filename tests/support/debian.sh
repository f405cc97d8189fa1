# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Bare Debians from the mirror of this machine. For tests/fresh_machine.sh and tests/system/run.

# find_mirror SUITE: the first mirror of the suite among this machine's apt sources.
find_mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $1" \
    'Component: main' | sed -n 1p
}

use_apt_proxy() {
  local proxy=
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  if [[ -n $proxy && $proxy != DIRECT ]]; then export http_proxy=$proxy; fi
}

# make_debian LIMIT LOG OPTION…: debootstrap with a time limit; shows the end of its log when it
# fails. In a mount namespace of its own, because an interrupted debootstrap leaves its mounts behind.
make_debian() {
  local limit=$1 log=$2
  shift 2
  if ! timeout --foreground "$limit" unshare --mount -- debootstrap "$@" >"$log" 2>&1; then
    tail -20 "$log" >&2
    return 1
  fi
}
