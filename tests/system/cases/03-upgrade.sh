# SPDX-License-Identifier: MIT
# USR2 starts a second master beside the first; it becomes the service's when the first is told to go.
systemctl start "$unit"
main=$(property MainPID)
start_load
next=$(upgrade)
expect 'MainPID with two masters' "$(property MainPID)" "$main"

systemctl kill --kill-whom=main --signal=TERM "$unit"
within 20 'the end of the first master' is_gone "$main"
within 10 'another MainPID' is_property MainPID "$next"
within 10 'a status' is_property StatusText '4 of 4 workers ready'
expect ActiveState "$(property ActiveState)" active
end_load
expect ActiveState "$(property ActiveState)" active
expect NRestarts "$(property NRestarts)" 0
ask /read/ >/dev/null
