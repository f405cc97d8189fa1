# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# What the cases say about the service, inside the container.

readonly unit=sqlicorn.service
readonly state=/var/lib/private/sqlicorn
readonly logs=/var/log/private/sqlicorn
readonly drop_ins=/run/systemd/system
readonly config=/etc/sqlicorn/sqlicorn.toml

# As after the installation, not running, with nothing in its directories.
fresh_service() {
  systemctl stop sqlicorn.socket "$unit"
  rm -rf "$state" "$logs" "$drop_ins"/sqlicorn.*
  if [[ ! -e $config.installed ]]; then cp "$config" "$config.installed"; fi
  cp "$config.installed" "$config"
  systemctl daemon-reload
  systemctl reset-failed
  journalctl --sync
  journal_start=$EPOCHREALTIME
}

fail() {
  trap - ERR
  echo "$*" >&2
  exit 1
}

show_place() { echo "$(basename "$2"):$3: $1"; }

# within SECONDS WHAT COMMAND…: repeats the command until it succeeds; fails for want of WHAT.
within() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    if ((SECONDS >= deadline)); then fail "not in time: $what"; fi
    sleep 0.05
  done
}

# expect WHAT FOUND WANTED
expect() { [[ $2 == "$3" ]] || fail "$1 is '$2' and not '$3'"; }

property() { systemctl show --value --property="$1" "${2:-$unit}"; }

# is_property NAME PATTERN
# shellcheck disable=SC2053
is_property() { [[ $(property "$1") == $2 ]]; }

# Everything that the unit and systemd about it have said in this case; options choose from it. Not by
# --after-cursor: journalctl 252 passes over the first line that is chosen if the cursor's is not.
journal() {
  journalctl --sync
  journalctl --quiet --unit="$unit" --output=cat --since="@$journal_start" "$@"
}

complaints() { journal --priority=warning; }

in_journal() { grep --quiet --extended-regexp -- "$1" <<<"$(journal)"; }

# drop_in NAME, with lines on standard input; drop-ins in /run are gone when the case is over.
drop_in() {
  mkdir -p "$drop_ins/$unit.d"
  cat >"$drop_ins/$unit.d/$1.conf"
  systemctl daemon-reload
}

# ask PATH [OPTION…]: one request on a connection of its own.
ask() {
  local path=$1
  shift
  curl --silent --show-error --fail --max-time 20 "$@" "http://127.0.0.1:8000$path"
}

answers() { ask /read/ >/dev/null 2>&1; }

processes() { pgrep --full '^(/usr/bin/)?sqlicorn(:| )' | sort --numeric-sort; }

# What `show workers` says of each worker under a name; of both masters, if there are two.
of_workers() {
  local socket
  for socket in /run/sqlicorn/sqlicorn.ctl*; do
    sqlicornctl --socket "$socket" --json show workers | grep --only-matching "\"$1\":[0-9.]*" |
      cut -d: -f2
  done
}

workers() { of_workers pid; }

is_a_worker_busy() { of_workers heartbeat_age | awk '$1 > 0.3 { found = 1 } END { exit !found }'; }

# Requests of every kind, by a generator that counts the failed ones; returns when some are answered.
start_load() {
  requests_before=$(requests_answered)
  sqlicorn-loadgen run --users 8 --spawn-rate 100 --only-summary >load 2>&1 &
  load=$!
  within 10 'requests are answered' has_load
}

has_load() { (($(requests_answered) > requests_before + 100)); }

requests_answered() { of_workers requests | awk '{ sum += $1 } END { print sum }'; }

# Ends the load and fails when one of its requests has.
end_load() {
  kill -INT "$load"
  wait "$load" || { cat load; fail 'requests failed'; }
}

# USR2 to the main process: prints the pid of the second master when its workers are there.
upgrade() {
  local next
  systemctl kill --kill-whom=main --signal=USR2 "$unit"
  within 10 'a second master' second_master >/dev/null
  next=$(second_master)
  within 10 'workers of the second master' has_four_workers "$next"
  echo "$next"
}

# By its title, which a child that was forked just now has not.
second_master() { pgrep --parent "$(property MainPID)" --full '^sqlicorn: master .*\.2]$'; }

has_four_workers() { [[ $(pgrep --count --parent "$1" --full '^sqlicorn: worker') == 4 ]]; }

is_gone() { [[ ! -e /proc/$1 ]]; }

# add_endpoint PATH STEPS RESPOND SQL: an endpoint that may use the statement `extra`.
add_endpoint() {
  sed -i "/^\[statements\]/a extra = \"$4\"" "$config"
  cat >>"$config" <<END

[[endpoint]]
path = "$1"
methods = ["GET"]
transaction = "none"
steps = $2
respond = "$3"
END
}
