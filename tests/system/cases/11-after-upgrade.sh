# SPDX-License-Identifier: MIT
# systemd has not started a second master itself, and treats it as well as the first: it is stopped
# gracefully, restarted when it was killed, and watched.
drop_in short <<'END'
[Service]
WatchdogSec=3
END
add_endpoint /slow/ '["extra", { think = "2s" }]' ok 'SELECT 1'
systemctl start "$unit"

# stop_with_a_request WHAT
stop_with_a_request() {
  ask /slow/ >answer &
  request=$!
  within 5 'a request in work' is_a_worker_busy
  systemctl stop "$unit"
  wait "$request" || fail "stopped $1: the open request was not answered"
  expect "Result, stopped $1" "$(property Result)" success
  expect "what is left, stopped $1" "$(processes || true)" ''
  expect "the files, stopped $1" "$(ls "$state")" sqlicorn.db
}

promote() {
  local first next
  first=$(property MainPID)
  next=$(upgrade)
  kill -TERM "$first"
  within 20 'the end of the first master' is_gone "$first"
  within 10 'another MainPID' is_property MainPID "$next"
  within 10 'a status' is_property StatusText '4 of 4 workers ready'
}

promote
stop_with_a_request 'after an upgrade'

systemctl start "$unit"
upgrade >/dev/null
stop_with_a_request 'between two masters'

systemctl start "$unit"
promote
kill -KILL "$(property MainPID)"
within 20 'a restart' is_property NRestarts 1
within 20 'an active unit' is_property ActiveState active
ask /read/ >/dev/null

promote
kill -STOP "$(property MainPID)"
within 20 'a second restart' is_property NRestarts 2
within 20 'an active unit' is_property ActiveState active
in_journal "Failed with result 'watchdog'" || fail 'the journal does not name the watchdog'
ask /read/ >/dev/null
