# SPDX-License-Identifier: MIT
# What root does beside systemctl: the control socket where it is by default, and logs that move.
drop_in logs <<'END'
[Service]
Environment="SQLICORN_CMD_ARGS=--error-logfile=/var/log/sqlicorn/error.log --access-logfile=/var/log/sqlicorn/access.log"
END
systemctl start "$unit"
[[ -S /run/sqlicorn/sqlicorn.ctl ]] || fail 'there is no control socket'
expect 'what sqlicornctl counts' "$(sqlicornctl show workers | sed -n 1p)" 'count  4'
for file in error access; do
  [[ -e $logs/$file.log ]] || fail "there is no $file.log"
done

ask /read/?before >/dev/null
within 5 'a line of the request' grep --quiet before "$logs/access.log"
mv "$logs/access.log" "$logs/access.log.1"
mv "$logs/error.log" "$logs/error.log.1"
systemctl kill --kill-whom=main --signal=USR1 "$unit"
within 5 'new logs' test -e "$logs/access.log" -a -e "$logs/error.log"
opened_anew() {
  local pid
  for pid in $(property MainPID) $(workers); do
    ! readlink "/proc/$pid/fd/"* | grep --quiet 'log\.1$' || return 1
  done
}
within 5 'every process has the new logs' opened_anew
ask /read/?after >/dev/null
within 5 'a line in the new file' grep --quiet after "$logs/access.log"
! grep --quiet after "$logs/access.log.1" || fail 'a line went to the old file'
expect 'the owner of the new log' "$(stat --format=%U "$logs/access.log")" sqlicorn

# A second server is a copy of the unit; its end takes nothing of the first one's away.
cp /usr/lib/systemd/system/sqlicorn.service /run/systemd/system/second.service
sed -e 's/:8000/:8001/' -e 's:/var/lib/sqlicorn/:/var/lib/second/:' "$config" >/etc/sqlicorn/second.toml
systemctl daemon-reload
systemctl start second.service
[[ -S /run/second/sqlicorn.ctl ]] || fail 'the second server has no control socket of its own'
systemctl stop second.service
[[ -S /run/sqlicorn/sqlicorn.ctl ]] || fail 'the end of the second server took the control socket'
expect 'what sqlicornctl counts' "$(sqlicornctl show workers | sed -n 1p)" 'count  4'
rm /run/systemd/system/second.service /etc/sqlicorn/second.toml

sqlicornctl shutdown >/dev/null
within 20 'an inactive unit' is_property ActiveState inactive
expect Result "$(property Result)" success
