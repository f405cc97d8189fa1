#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/support/debian.sh

usage() {
  cat <<'END'
usage: tests/fresh_machine.sh [test|demo]…

Proves that the last commit builds and runs on a machine with nothing installed: makes a minimal
Debian in a temporary directory, copies the commit into it, and runs script/test, script/demo, or
both (the default) there. Needs root and debootstrap; takes several minutes and 2 GiB of disk.

apt's configuration is that of this machine, which must know a mirror of the suite.
  SUITE   the release to make (default: bookworm)
  TMPDIR  where to make it
END
}

readonly step_limit=30m

say() { echo "fresh_machine: $*"; }

die() {
  say "$*" >&2
  exit 1
}

# Runs "$2…" and says how long "$1" took.
timed() {
  local what=$1 started=$SECONDS
  shift
  "$@" || die "$what failed after $((SECONDS - started)) s"
  say "$what took $((SECONDS - started)) s"
}

copy_apt_configuration() {
  local file
  rm -r "$root/etc/apt"
  cp -a /etc/apt "$root/etc/apt"
  if [[ -d /usr/share/keyrings ]]; then cp -a /usr/share/keyrings "$root/usr/share/"; fi
  for file in resolv.conf hosts; do
    if [[ -e /etc/$file ]]; then cp --dereference "/etc/$file" "$root/etc/$file"; fi
  done
}

copy_checkout() {
  mkdir "$root/sqlicorn"
  git archive HEAD | tar -x -C "$root/sqlicorn"
}

# Runs a command in the machine, in mount and process namespaces of its own: whatever it mounts or
# leaves running ends with it, so that removing the directory is always safe.
inside() {
  timeout --foreground --kill-after=2 "$step_limit" unshare --mount --pid --fork --kill-child -- \
    bash -c '
      set -eu
      mount -t proc proc "$1/proc"
      mount -t tmpfs tmpfs "$1/dev/shm"
      root=$1
      shift
      exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LANG=C.UTF-8 ${http_proxy:+http_proxy="$http_proxy"} \
        chroot "$root" bash -c "cd /sqlicorn && exec \"\$@\"" machine "$@"
    ' machine "$root" "$@"
}

check_bare() {
  local tool
  for tool in g++ cmake ninja git sudo; do
    if inside sh -c "command -v $tool" >/dev/null; then die "the machine already has $tool"; fi
  done
}

# When everything is installed, no script may want root.
check_without_root() {
  chown -R 65534:65534 "$root/sqlicorn"
  inside setpriv --reuid=65534 --regid=65534 --clear-groups script/test
}

run_demo() {
  local output=$work/demo.out report
  inside script/demo | tee "$output" || return 1
  report=$(tail -1 "$output")
  [[ $report == /* && -s $root$report ]] || die "script/demo did not end with a report: '$report'"
  say "the report has $(wc -l <"$root$report") lines"
}

run_test() {
  timed 'script/test' inside script/test
  timed 'script/test once more, not as root' check_without_root
}

wanted=()
for argument in "$@"; do
  case $argument in
    test | demo) wanted+=("$argument") ;;
    -h | --help) usage; exit 0 ;;
    *) say "unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
  esac
done
if ((${#wanted[@]} == 0)); then wanted=(test demo); fi

if ((EUID != 0)); then
  say "skipped: making a machine needs root"
  exit 0
fi
command -v debootstrap >/dev/null || die "debootstrap is missing; run script/setup --dev"

suite=${SUITE:-bookworm}
mirror=$(find_mirror "$suite")
[[ -n $mirror ]] || die "the apt sources of this machine name no mirror of $suite"

work=$(mktemp -d)
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP

if [[ -n $(git status --porcelain) ]]; then say "uncommitted changes are not part of this"; fi
use_apt_proxy
timed "making a bare $suite" make_debian "$step_limit" "$work/debootstrap.log" --variant=minbase \
  "$suite" "$root" "$mirror"
copy_apt_configuration
copy_checkout
check_bare
for what in "${wanted[@]}"; do
  case $what in
    test) run_test ;;
    demo) timed 'script/demo' run_demo ;;
  esac
done
say "passed: ${wanted[*]} at $(git rev-parse --short HEAD)"
