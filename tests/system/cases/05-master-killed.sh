# SPDX-License-Identifier: MIT
# A master that is killed takes its workers along, and systemd starts another.
systemctl start "$unit"
main=$(property MainPID)
old=$(processes)
expect 'the number of processes' "$(wc -l <<<"$old")" 5
systemctl kill --kill-whom=main --signal=KILL "$unit"
within 20 'one restart' is_property NRestarts 1
within 20 'an active unit' is_property ActiveState active
ask /read/ >/dev/null
[[ $(property MainPID) != "$main" ]] || fail 'the main process is the one that was killed'
none_is_old() { ! grep --quiet --word-regexp --file=<(echo "$old") <<<"$(processes)"; }
within 5 'the end of the old processes' none_is_old
in_journal 'code=killed, status=9/KILL' || fail 'the journal does not say how it ended'
