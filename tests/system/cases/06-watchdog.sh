# SPDX-License-Identifier: MIT
# A master that hangs says nothing to the watchdog, and systemd restarts the service. Workers that
# hang, even all of them, are replaced by the master.
drop_in short <<'END'
[Service]
WatchdogSec=3
Environment="SQLICORN_CMD_ARGS=--timeout=2 --set database.timeout=1"
END

systemctl start "$unit"
within 5 'four workers' is_property StatusText '4 of 4 workers ready'
old=$(workers)
kill -STOP $old
none_is_old() { ! grep --quiet --word-regexp --file=<(echo "$old") <<<"$(processes)"; }
within 15 'the end of the stopped workers' none_is_old
ask /read/ >/dev/null
within 5 'four workers' is_property StatusText '4 of 4 workers ready'
expect NRestarts "$(property NRestarts)" 0

main=$(property MainPID)
kill -STOP "$main"
within 20 'a restart' is_property NRestarts 1
within 20 'an active unit' is_property ActiveState active
ask /read/ >/dev/null
is_gone "$main" || fail 'the stopped master is there still'
in_journal "Failed with result 'watchdog'" || fail 'the journal does not name the watchdog'
