# SPDX-License-Identifier: MIT
# Where a worker spends its time, from the stacks of its samples: docs/request-cost.md.
#   perf script -F comm,ip,sym,dso | awk -v us=13.2 -f tests/bench/request_cost.awk
# us: CPU time of a request.
BEGIN { RS = ""; FS = "\n" }

function place() {
  if ($2 !~ /kernel/) {
    if ($2 ~ /libsqlite3/) return "SQLite"
    if ($2 ~ /sqlicorn/) return "sqlicorn"
    return "libc, libuv and other libraries"
  }
  if ($0 ~ /exit_to_user_mode_loop/) return "kernel: another process in between"
  if ($0 ~ /ksys_write/) return "kernel: write to the socket"
  if ($0 ~ /ksys_read/) return "kernel: read from the socket"
  if ($0 ~ /sys_fcntl/) return "kernel: fcntl, SQLite's locks"
  if ($0 ~ /p(write|read)64|fdatasync/) return "kernel: the files"
  if ($0 ~ /newfstatat/) return "kernel: stat, is the database in its place"
  if ($0 ~ /epoll/) return "kernel: epoll_wait"
  return "kernel: other"
}

NF > 1 { ++count[place()]; ++all }

END {
  for (name in count) {
    share = count[name] / all
    printf "%-44s %5.1f %% %6.2f us\n", name, 100 * share, us * share | "sort -k 1"
  }
}
