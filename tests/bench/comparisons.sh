# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# What script/bench measures, one function for each name of --only. Uses measure.sh.

# One worker against the yardstick: requests per second of CPU time, of all its processes.
bench_cpu() {
  echo "cpu: requests of the seed's mix per CPU second, one worker, WAL, no access log"
  in_rounds measure_cpu sqlicorn bare
  ratio 'sqlicorn / bare' 'sqlicorn requests/CPU s' 'bare requests/CPU s'
  show 'sqlicorn requests/CPU s' %.0f
  show 'bare requests/CPU s' %.0f
  show 'sqlicorn / bare' %.2f 'at least 0.80'
}

measure_cpu() {
  local options=()
  if [[ $1 == sqlicorn ]]; then options=(-w 1); fi
  fresh_database
  start "$1" "${options[@]}"
  load 1
  keep_efficiency "$1 requests/CPU s"
  stop
}

# keep_efficiency NAME [OPTION…]: of a load with these options.
keep_efficiency() {
  local name=$1 before
  shift
  before=$(server_cpu_us)
  load "$duration" "$@"
  keep "$name" "$(per_second "$requests" $(($(server_cpu_us) - before)))"
}

per_second() { awk -v n="$1" -v us="$2" 'BEGIN { printf "%.1f", n * 1e6 / us }'; }

# To find an endpoint and bind its fields, without server: a variable in the path, and many endpoints.
# What a thousand endpoints may cost is a twentieth of a whole request of one worker, of about 13 µs.
bench_paths() {
  echo "paths: nanoseconds to find an endpoint and bind its fields"
  in_rounds measure_paths all
  show 'literal path, of 10 endpoints' %.0f
  show 'typed variable, of 10 endpoints' %.0f
  show 'a variable costs more than a literal' %.0f 'under 300'
  show 'a variable of 1,000 costs more than of 10' %.0f 'under 650'
}

measure_paths() {
  local ten ten_variable thousand thousand_variable
  read -r ten ten_variable thousand thousand_variable < <("$bin/path_cost")
  keep 'literal path, of 10 endpoints' "$ten"
  keep 'typed variable, of 10 endpoints' "$ten_variable"
  keep 'a variable costs more than a literal' "$(difference "$ten_variable" "$ten")"
  keep 'a variable of 1,000 costs more than of 10' "$(difference "$thousand_variable" "$ten_variable")"
}

difference() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }

# The same program over the system's SQLite and over a newer one that is compiled in, for who packages.
bench_sqlite() {
  local load
  echo "sqlite: requests per CPU second, one worker, the system's SQLite against script/build amalgamation"
  if ! [[ -e ${SQLICORN_SQLITE_AMALGAMATION:-.cache/sqlite}/sqlite3.c ]]; then
    echo "  skipped: there is none; script/setup --sqlite brings it"
    return
  fi
  script/build amalgamation sqlicorn
  reads_scenario >"$workdir/reads.toml"
  writes_scenario >"$workdir/writes.toml"
  series=()
  in_rounds measure_sqlite system newer
  for load in mix reads 'durable writes'; do
    show "system, $load" %.0f
    show "newer, $load" %.0f
    ratio "newer / system, $load" "newer, $load" "system, $load"
    show "newer / system, $load" %.2f
  done
}

measure_sqlite() {
  local program=$bin/sqlicorn
  if [[ $1 == newer ]]; then program=build/amalgamation/bin/sqlicorn; fi
  fresh_database
  start sqlicorn -w 1
  load 1
  keep_efficiency "$1, mix"
  keep_efficiency "$1, reads" --scenario "$workdir/reads.toml"
  stop
  fresh_database
  start sqlicorn -w 1 --set database.pragmas.synchronous=full
  load 1
  keep_efficiency "$1, durable writes" --scenario "$workdir/writes.toml"
  stop
}

# The shipped configuration against gunicorn and Django with SQLite as it comes.
bench_django() {
  echo "django: answered requests of the seed's mix per second, 4 workers each"
  if ! [[ -x /usr/bin/gunicorn ]] || ! /usr/bin/python3 -c 'import django' 2>/dev/null; then
    echo "  skipped: no gunicorn or no Django; script/setup --bench installs them"
    return
  fi
  in_rounds measure_wall sqlicorn django
  ratio 'sqlicorn / django' 'sqlicorn requests/s' 'django requests/s'
  show 'sqlicorn requests/s' %.0f
  show 'django requests/s' %.0f
  show 'sqlicorn / django' %.1f 'at least 50'
}

# Twice as long as the others: Django's waits for the lock last seconds.
measure_wall() {
  fresh_database
  start "$1"
  load 1
  load $((duration * 2))
  keep "$1 requests/s" "$rps"
  stop
}

# What a worker holds while 100 clients that have all made requests stay connected.
bench_memory() {
  local loader pid name
  echo "memory: MiB of a worker with 100 connections in use"
  fresh_database
  start sqlicorn -w 1
  users=100 load 4 &
  loader=$!
  pause 3
  pid=$(worker_pid)
  for name in VmRSS RssAnon Pss; do
    keep "$name" "$(memory_kib "$pid" $name | awk '{ print $1 / 1024 }')"
  done
  wait "$loader"
  stop
  show VmRSS %.1f 'under 12 MiB'
  show RssAnon %.1f
  show Pss %.1f
}

# Our generator against wrk: requests per second of the generator's own CPU time.
bench_generator() {
  echo "generator: GET /read/ per CPU second of the generator, 32 connections"
  if ! command -v wrk >/dev/null; then
    echo "  skipped: no wrk; script/setup --bench installs it"
    return
  fi
  fresh_database
  start sqlicorn -w 1
  load 1
  in_rounds measure_generator loadgen wrk
  stop
  ratio 'loadgen / wrk' 'loadgen requests/CPU s' 'wrk requests/CPU s'
  show 'loadgen requests/CPU s' %.0f
  show 'wrk requests/CPU s' %.0f
  show 'loadgen / wrk' %.2f 'at least 1.15'
  measure_thinking_users
}

# What the generator holds for 10,000 users who are connected, have been answered and think.
measure_thinking_users() {
  local loader users=10000
  if (($(ulimit -Hn) < users + 1000)); then
    echo "  skipped: 10,000 users need more descriptors than $(ulimit -Hn)"
    return
  fi
  printf 'wait = "600s"\n[[task]]\npath = "/read/"\n' >"$workdir/think.toml"
  fresh_database
  ulimit -Sn hard
  start sqlicorn -w 2 --worker-connections "$users"
  "$bin/sqlicorn-loadgen" run -H "http://127.0.0.1:$port" -u "$users" -r "$users" -t 6 -s 0 \
    --only-summary --scenario "$workdir/think.toml" >"$workdir/think.log" 2>&1 &
  loader=$!
  pause 5
  keep 'MiB with 10,000 users' "$(memory_kib "$loader" VmRSS | awk '{ print $1 / 1024 }')"
  wait "$loader" || true
  stop
  show 'MiB with 10,000 users' %.1f 'under 16 MiB'
}

measure_generator() {
  local log=$workdir/generator.log
  local TIMEFORMAT='%U %S'
  if [[ $1 == wrk ]]; then
    { time wrk -t 1 -c 32 -d "${duration}s" "http://127.0.0.1:$port/read/" >"$log"; } 2>"$log.time"
    requests=$(awk '/requests in/ { print $1 }' "$log")
  else
    printf '[[task]]\nmethod = "GET"\npath = "/read/"\n' >"$workdir/read.toml"
    { time run_load "$duration" --scenario "$workdir/read.toml"; } 2>"$log.time"
    count_load
  fi
  keep "$1 requests/CPU s" "$(awk -v n="$requests" '{ printf "%.1f", n / ($1 + $2) }' "$log.time")"
}

# From the start of the master to the status line of the first answer.
bench_start() {
  echo "start: ms until the first answered request, 4 workers, database of an earlier run"
  fresh_database
  first=$database
  start sqlicorn
  load 1
  stop
  in_rounds measure_start sqlicorn
  show 'sqlicorn, ms' %.0f
}

measure_start() {
  local before after
  fresh_database "$first"
  before=${EPOCHREALTIME/./}
  start sqlicorn
  after=${EPOCHREALTIME/./}
  keep 'sqlicorn, ms' "$(awk -v us=$((after - before)) 'BEGIN { print us / 1000 }')"
  stop
}

# A new generation of workers under full load.
bench_reload() {
  echo "reload: SIGHUP under 100 users with the seed's mix, 4 workers"
  in_rounds measure_reload without with
  show 'requests that failed' %.0f 'under 1'
  show 'slowest answer without, ms' %.0f
  show 'slowest answer with, ms' %.0f 'under 250 ms'
}

measure_reload() {
  local loader
  fresh_database
  start sqlicorn --set server.control_socket="$workdir/control"
  users=100 patience=5 run_load $((duration + 1)) &
  loader=$!
  pause 1
  if [[ $1 == with ]]; then kill -HUP "$server"; fi
  wait "$loader"
  if [[ $1 == with ]]; then
    if "$bin/sqlicornctl" --json -s "$workdir/control" show workers | grep -q '"generation":1,'; then
      die "workers of before the reload still serve"
    fi
    keep 'requests that failed' "$(awk -F'[:,]' '
      /"aggregated":/ { inside = 1 }
      /"unanswered":/ && !inside { n = $2 > n ? $2 : n }
      /"failures":/ && inside { n += $2 }
      END { print n + 0 }' "$workdir/load.json")"
  fi
  keep "slowest answer $1, ms" "$(awk -F'[:,]' '/"max_ms":/ { worst = $2 + 0 } END { print worst }' \
    "$workdir/load.json")"
  stop
}

# From SIGKILL of the only worker to the first answer of its replacement.
bench_replacement() {
  echo "replacement: ms from SIGKILL of a worker to the first answer of the next, 32 users waiting"
  in_rounds measure_replacement sqlicorn
  show 'sqlicorn, ms until served again' %.0f 'under 200 ms'
}

measure_replacement() {
  local loader before victim
  fresh_database
  start sqlicorn -w 1
  run_load "$duration" &
  loader=$!
  pause 0.5
  victim=$(worker_pid)
  before=${EPOCHREALTIME/./}
  kill -KILL "$victim"
  ask_until $((SECONDS + 10)) || die "no worker came after the killed one"
  keep 'sqlicorn, ms until served again' \
    "$(awk -v us=$((${EPOCHREALTIME/./} - before)) 'BEGIN { print us / 1000 }')"
  wait "$loader"
  stop
}

# Instructions per request in user space: two runs of different length under callgrind, so that
# starting up cancels out.
bench_instructions() {
  echo "instructions: per request of the seed's mix in user space, worker against yardstick"
  command -v valgrind >/dev/null || die "--instructions needs valgrind"
  measure_instructions sqlicorn
  measure_instructions bare
  ratio 'bare / sqlicorn' 'bare instructions' 'sqlicorn instructions'
  show 'sqlicorn instructions' %.0f
  show 'bare instructions' %.0f
  show 'bare / sqlicorn' %.2f
}

measure_instructions() {
  local seconds counts=()
  for seconds in 1 5; do
    progress "instructions: $1, $seconds s"
    count_instructions "$1" "$seconds"
  done
  progress ''
  keep "$1 instructions" $(((counts[3] - counts[1]) / (counts[2] - counts[0])))
}

# Appends to `counts` the requests and the instructions of the process that answered them.
count_instructions() {
  local out=$workdir/callgrind options=() pid
  local wrapper=(valgrind --quiet --tool=callgrind "--callgrind-out-file=$out.%p")
  if [[ $1 == sqlicorn ]]; then options=(-w 1 -t 0); fi
  fresh_database
  start "$1" "${options[@]}"
  pid=$(worker_pid)
  pid=${pid:-$server}
  users=8 load "$2"
  stop
  counts+=("$requests" "$(awk '/^(summary|totals):/ { n = $2 } END { print n }' "$out.$pid")")
}
