# SPDX-License-Identifier: MIT
# With sqlicorn.socket the port is open before the service runs, and while it restarts.
systemctl start sqlicorn.socket
expect ActiveState "$(property ActiveState)" inactive
ask /read/ >/dev/null || fail 'the request that starts the service was not answered'
within 5 'an active unit' is_property ActiveState active
in_journal 'bind|Listening at' || fail 'the journal does not say where it listens'

# Each request has a connection of its own.
knock() {
  until [[ -e enough ]]; do
    ask /write/?name=knock >/dev/null || return 1
    echo . >>knocks
  done
}
rm -f enough knocks
knock >knocking 2>&1 &
knocker=$!
has_knocked() { [[ -e knocks && $(wc -l <knocks) -gt $1 ]]; }
for round in 1 2 3; do
  within 10 'requests are answered' has_knocked "$((round * 20))"
  main=$(property MainPID)
  systemctl restart "$unit"
  [[ $(property MainPID) != "$main" ]] || fail 'not restarted'
done
within 10 'requests are answered' has_knocked "$(($(wc -l <knocks) + 20))"
touch enough
wait "$knocker" || fail "a connection was lost: $(<knocking)"
systemctl stop sqlicorn.socket "$unit"
! answers || fail 'somebody answers still'

# A configuration that is wrong is not started for ever, and can be mended.
sed -i 's/^workers = 4/wrokers = 4/' "$config"
systemctl start sqlicorn.socket
! answers || fail 'a configuration that is wrong is served'
socket_has_failed() { [[ $(property ActiveState sqlicorn.socket) == failed ]]; }
within 20 'the socket gives up' socket_has_failed
expect Result "$(property Result sqlicorn.socket)" trigger-limit-hit
starts=$(journal | grep --count 'unknown key .wrokers')
((starts <= 5)) || fail "there were $starts starts"
cp "$config.installed" "$config"
serves_again() { systemctl start sqlicorn.socket && answers; }
within 40 'an answer after the configuration was mended' serves_again
