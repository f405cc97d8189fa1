# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# The scheduler "group" against "busy", SQLite's own way of waiting: eight workers, HTTP included.
# For script/bench; uses measure.sh.

bench_schedulers() {
  cat >"$workdir/writes.toml" <<'END'
[forms.row]
name = "Name 0"
campaign = "Campaign 0"
voice = "Voice 0"

[[task]]
method = "POST"
path = "/write/"
form = "row"
unique = "name"
writes = true
END
  echo "schedulers: 100 users that only write, WAL, synchronous = full"
  bench_writes wal 6
  show 'busy / group, worst wait' %.0f 'at least 50'
  show 'group, least worker / mean' %.2f 'at least 0.90'
  echo "schedulers: 100 users that only write, journal delete, synchronous = full"
  bench_writes delete 8
  show 'group, worst wait, ms' %.0f 'under 200 ms'
  echo "schedulers: 100 users with the seed's mix, WAL, synchronous = normal"
  bench_mix
  echo "schedulers: one user that only writes, WAL, synchronous = normal"
  bench_alone
}

# bench_writes JOURNAL_MODE GOAL
bench_writes() {
  series=() journal=$1
  in_rounds measure_writes busy group
  ratio 'group / busy, writes/s' 'group, writes/s' 'busy, writes/s'
  ratio 'busy / group, worst wait' 'busy, worst wait, ms' 'group, worst wait, ms'
  show 'busy, writes/s' %.0f
  show 'group, writes/s' %.0f
  show 'group / busy, writes/s' %.1f "at least $2"
  show 'busy, worst wait, ms' %.0f
  show_cost
}

measure_writes() {
  start_scheduler "$1" "$journal" full
  measure_load "$1" --scenario "$workdir/writes.toml"
  keep "$1, writes/s" "$rps"
  keep "$1, worst wait, ms" "$(percentile 100 POST)"
  keep "$1, least worker / mean" "$(least_of_workers)"
  stop
}

bench_mix() {
  series=()
  in_rounds measure_mix busy group
  ratio 'group / busy, requests/s' 'group, requests/s' 'busy, requests/s'
  ratio 'busy / group, write p99.9' 'busy, write p99.9, ms' 'group, write p99.9, ms'
  ratio 'busy / group, read p99' 'busy, read p99, ms' 'group, read p99, ms'
  show 'busy, requests/s' %.0f
  show 'group, requests/s' %.0f
  show 'group / busy, requests/s' %.2f 'at least 1.0'
  show 'busy, write p99.9, ms' %.1f
  show 'group, write p99.9, ms' %.1f
  show 'busy / group, write p99.9' %.1f 'at least 20'
  show 'busy, read p99, ms' %.1f
  show 'group, read p99, ms' %.1f
  show 'group, read p99.9, ms' %.1f
  show 'busy / group, read p99' %.1f 'at least 5'
  show_cost
}

# The worst of the endpoints that write, and the one that reads without a transaction.
measure_mix() {
  start_scheduler "$1" wal normal
  measure_load "$1"
  keep "$1, requests/s" "$rps"
  keep "$1, write p99.9, ms" "$(percentile 99.9 POST)"
  keep "$1, read p99, ms" "$(percentile 99 GET /read/)"
  keep "$1, read p99.9, ms" "$(percentile 99.9 GET /read/)"
  stop
}

bench_alone() {
  series=()
  in_rounds measure_alone busy group
  ratio 'group / busy, median' 'group, median, ms' 'busy, median, ms'
  show 'busy, median, ms' %.3f
  show 'group, median, ms' %.3f
  show 'group / busy, median' %.2f 'under 1.05'
}

measure_alone() {
  start_scheduler "$1" wal normal
  users=1 load "$duration" --scenario "$workdir/writes.toml"
  keep "$1, median, ms" "$(percentile 50 POST)"
  stop
}

# start_scheduler NAME JOURNAL_MODE SYNCHRONOUS: returns when all workers are ready, or those that
# are first would get all connections.
start_scheduler() {
  fresh_database
  start sqlicorn -w 8 --set "database.scheduler=$1" --set "database.pragmas.journal_mode=$2" \
    --set "database.pragmas.synchronous=$3" --set "server.control_socket=$workdir/control"
  local deadline=$((SECONDS + 30))
  while (($(show_workers | grep -o '"state":"ready"' | wc -l) < 8)); do
    if ((SECONDS > deadline)); then die "not all workers became ready"; fi
    pause 0.01
  done
}

show_workers() { "$bin/sqlicornctl" --json -s "$workdir/control" show workers; }

# measure_load NAME [OPTION…]: 100 users. Those that are starved wait longer than the load lasts,
# and their answers count. Keeps what the load cost in processor time.
measure_load() {
  local name=$1 before=${EPOCHREALTIME/./} server_us ready_us now_us now_ready_us generator_us
  shift
  read -r server_us ready_us < <(server_times_us)
  users=100 patience=10 load "$duration" "$@"
  read -r now_us now_ready_us < <(server_times_us)
  server_us=$((now_us - server_us)) ready_us=$((now_ready_us - ready_us))
  generator_us=$(awk -F'[:,]' '/"generator_cpu_s"/ { printf "%d", $2 * 1e6 }' "$workdir/load.json")
  keep "$name, server CPU us/request" "$(awk -v us="$server_us" -v n="$requests" \
    'BEGIN { print us / (n + !n) }')"
  keep "$name, % of all processors" "$(awk -v us=$((server_us + generator_us)) -v n="$(nproc)" \
    -v wall=$((${EPOCHREALTIME/./} - before)) 'BEGIN { print 100 * us / wall / n }')"
  keep "$name, ready workers at a time" "$(awk -v us="$ready_us" \
    -v wall=$((${EPOCHREALTIME/./} - before)) 'BEGIN { print us / wall }')"
  keep "$name, % generator" "$(awk -v g="$generator_us" -v s="$server_us" \
    'BEGIN { print 100 * g / (g + s) }')"
}

# Where it is all of the processors, and workers stand ready without one, they are the limit and not
# the scheduler.
show_cost() {
  local name
  for name in busy group; do
    show "$name, server CPU us/request" %.0f
    show "$name, % of all processors" %.0f
    show "$name, % generator" %.0f
    show "$name, ready workers at a time" %.1f
  done
}

# percentile P METHOD [PATH]: in ms, the worst of the endpoints that match.
percentile() {
  awk -v key="\"$1\":" -v method="\"$2\"" -v path="${3:+\"$3\"}" '
    /"aggregated":/ { exit }
    /"method":/ { right = index($0, method) }
    /"name":/ && path != "" && !index($0, path) { right = 0 }
    right && $1 == key && $2 + 0 > worst { worst = $2 + 0 }
    END { print worst + 0 }' "$workdir/load.json"
}

# Requests of the worker with the fewest, as a share of the mean.
least_of_workers() {
  show_workers | grep -o '"requests":[0-9]*' | awk -F: '
    { sum += $2; if (NR == 1 || $2 < least) least = $2 }
    END { print least * NR / (sum + !sum) }'
}
