# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Servers to measure, the load on them, and figures about both. For script/bench, which has set
# `bin` and `workdir`.

port=$((20000 + $$ % 8000))
server=
program=$bin/sqlicorn

die() {
  echo "bench: $*" >&2
  exit 1
}

# pause SECONDS, without a process.
exec {never}<> <(:)
pause() { read -r -t "$1" -u "$never" _ || true; }

# ask_until DEADLINE: sends one GET /read/ to `port`, as soon as somebody listens, and reads the
# status line of the answer. DEADLINE in seconds of SECONDS.
ask_until() {
  local socket status
  until { exec {socket}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; do
    if ((SECONDS > $1)) || ! kill -0 "$server" 2>/dev/null; then return 1; fi
    pause 0.001
  done
  printf 'GET /read/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&"$socket"
  read -r -t 20 -u "$socket" status || status=
  exec {socket}>&-
  [[ $status == *' 200 '* ]]
}

# fresh_database [FROM]: a path without a file, or with a copy of FROM.
fresh_database() {
  database=$workdir/$((++databases)).db
  if (($# > 0)); then cp "$1" "$database"; fi
}

# start NAME [OPTION…]: one of the servers below, with `database` and a port of its own; returns
# when it has answered.
start() {
  local name=$1
  shift
  port=$((port + 1))
  "start_$name" "$@"
  if ! ask_until $((SECONDS + 30)); then
    cat "$workdir/server.log" >&2
    die "$name did not answer"
  fi
}

start_sqlicorn() {
  "${wrapper[@]}" "$program" -c etc/sqlicorn.toml -b "127.0.0.1:$port" --log-level warning \
    --set "database.path=$database" "$@" >"$workdir/server.log" 2>&1 &
  server=$!
}

start_bare() {
  "${wrapper[@]}" "$bin/bare_server" "$port" "$database" >"$workdir/server.log" 2>&1 &
  server=$!
}

# Debian's Python: another one may come first in PATH and has no Django.
start_django() {
  local -x BENCH_DATABASE=$database PYTHONPYCACHEPREFIX=$workdir/pycache
  /usr/bin/python3 etc/compare/django/manage.py migrate -v 0 --run-syncdb
  /usr/bin/python3 /usr/bin/gunicorn --chdir etc/compare/django -w 4 -b "127.0.0.1:$port" \
    --log-level warning project.wsgi >"$workdir/server.log" 2>&1 &
  server=$!
}

stop() {
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}

# Master and workers. Other processes may end while /proc is read.
server_pids() {
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v master="$server" '
    { pid = $1; sub(/^.*\) /, ""); if (pid == master || $2 == master) print pid }'
}

worker_pid() { server_pids | awk -v master="$server" '$1 != master { print; exit }'; }

# Times of all of them so far, in microseconds: on a processor, and ready but without one.
server_times_us() {
  local pid
  for pid in $(server_pids); do
    cat "/proc/$pid"/task/*/schedstat
  done | awk '{ run += $1; ready += $2 } END { printf "%d %d\n", run / 1000, ready / 1000 }'
}

server_cpu_us() {
  local run ready
  read -r run ready < <(server_times_us)
  echo "$run"
}

# load SECONDS [OPTION…]: the seed's mix from `users` users, 32 by default, whose last answers are
# waited for `patience` seconds, 0 by default. Sets `requests` and `rps`, both without what failed.
load() {
  run_load "$@"
  count_load
}

# Exit code 4 is no error here: the generator, or another program, was in the way of the times.
run_load() {
  local seconds=$1 status=0
  shift
  rm -f "$workdir/load.json"
  "$bin/sqlicorn-loadgen" run -H "http://127.0.0.1:$port" -u "${users:-32}" -r 10000 -t "$seconds" \
    -s "${patience:-0}" --only-summary --exit-code-on-error 0 --numbers-file "$workdir/load.json" "$@" \
    2>"$workdir/load.log" || status=$?
  if ((status != 0 && status != 4)); then
    cat "$workdir/load.log" >&2
    die "the load ended with $status"
  fi
}

count_load() {
  read -r requests rps < <(awk '
    /"aggregated": \{/ { inside = 1 }
    inside && match($0, /"(requests|failures|rps)": [0-9.]+/) {
      split(substr($0, RSTART, RLENGTH), part, /[": ]+/)
      found[part[2]] = part[3]
    }
    inside && /\}/ { inside = 0 }
    END {
      good = found["requests"] - found["failures"]
      print good, found["rps"] * good / (found["requests"] + !found["requests"])
    }' "$workdir/load.json")
}

# memory_kib PID NAME: a line of /proc/PID/status or smaps_rollup.
memory_kib() {
  cat "/proc/$1/status" "/proc/$1/smaps_rollup" | awk -v name="$2:" '$1 == name { print $2 }'
}

# keep NAME VALUE: one measured value of a series.
declare -A series
keep() { series[$1]="${series[$1]:-} $2"; }

# median_of VALUE…: median, least and greatest.
median_of() {
  printf '%s\n' "$@" | sort -g | awk '
    { v[NR] = $1 }
    END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2, v[1], v[NR] }'
}

# show NAME FORMAT [GOAL]: median of the series and its range.
show() {
  local median least most
  # shellcheck disable=SC2086 # the words of a series are its values
  read -r median least most < <(median_of ${series[$1]})
  # shellcheck disable=SC2059 # the format is an argument
  printf "  %-34s %10s   (%s to %s)%s\n" "$1" "$(printf "$2" "$median")" \
    "$(printf "$2" "$least")" "$(printf "$2" "$most")" "${3:+   $(judge "$median" "$3")}"
}

# judge VALUE 'at least N UNIT' or 'under N UNIT'
judge() {
  awk -v value="$1" -v goal="$2" 'BEGIN {
    at_least = goal ~ /^at least/
    number = goal
    gsub(/[^0-9.]/, "", number)
    met = at_least ? value + 0 >= number + 0 : value + 0 < number + 0
    print "goal: " goal (met ? ", met" : ", missed")
  }'
}

# ratio NAME A B: keeps the quotients of two series, round by round.
ratio() {
  local values
  values=$(paste -d' ' <(tr ' ' '\n' <<<"${series[$2]# }") <(tr ' ' '\n' <<<"${series[$3]# }") |
    awk '$2 > 0 { printf " %.4f", $1 / $2 }')
  series[$1]=$values
}

# in_rounds FUNCTION NAME…: calls it with each name once per round, in random order: strict
# alternation can fall into step with what else the machine does.
in_rounds() {
  local measure=$1 round name order
  shift
  for ((round = 1; round <= rounds; ++round)); do
    order=("$@")
    shuffle
    for name in "${order[@]}"; do
      progress "$measure: round $round of $rounds, $name"
      "$measure" "$name"
    done
  done
  progress ''
}

# Not in a subshell: its draws would not come from our seed.
shuffle() {
  local i other held
  for ((i = ${#order[@]} - 1; i > 0; --i)); do
    other=$((RANDOM % (i + 1)))
    held=${order[i]} order[i]=${order[other]} order[other]=$held
  done
}

progress() {
  if [[ -t 2 ]]; then printf '\r\e[K%s' "$1" >&2; fi
}
