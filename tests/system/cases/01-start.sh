# SPDX-License-Identifier: MIT
# The unit as it is installed: started means serving, confined, and not as root.
systemctl start "$unit"
ask /read/ >/dev/null || fail 'the first request after the start was not answered'
expect ActiveState "$(property ActiveState)" active
within 5 'a status that counts workers' is_property StatusText '4 of 4 workers ready'

main=$(property MainPID)
for pid in "$main" $(workers); do
  user=$(stat --format=%u "/proc/$pid")
  ((user >= 61184 && user <= 65519)) || fail "process $pid is not a dynamic user but $user"
done
expect 'the owner of the database' "$(stat --format=%U "$state/sqlicorn.db")" sqlicorn
expect 'the mode of the database' "$(stat --format=%a "$state/sqlicorn.db")" 600

expect 'what the journal has of warnings' "$(complaints)" ''
if in_journal '[Pp]ermission|not permitted|Failed'; then
  journal
  fail 'the journal has complaints'
fi
in_journal '^Listening at: ' || fail 'a line of the journal has time and process twice'
complaints=$(systemd-analyze verify /usr/lib/systemd/system/sqlicorn.{service,socket} 2>&1) ||
  fail "systemd-analyze verify: $complaints"
expect 'what systemd-analyze verify says' "$complaints" ''
exposure=$(systemd-analyze security --no-pager "$unit" | sed -n "s/.*Overall/overall/p")
systemd-analyze security --no-pager --threshold=15 "$unit" >/dev/null || fail "$exposure"
echo "note: $exposure"
