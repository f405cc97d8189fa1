# SPDX-License-Identifier: MIT
# A start that cannot succeed fails and says why. A configuration may be mended while systemd tries
# again, also when that takes long; a command line is not tried again.
sed -i 's/^workers = 4/wrokers = 4/' "$config"
! systemctl start "$unit" || fail 'started with a configuration that is wrong'
expect ExecMainStatus "$(property ExecMainStatus)" 1
expect Result "$(property Result)" exit-code
in_journal "sqlicorn.toml:[0-9]+:[0-9]+: .*wrokers.*workers" || fail 'the journal does not say why'
has_tried() { (($(property NRestarts) >= $1)); }
within 20 'seven attempts' has_tried 7
cp "$config.installed" "$config"
within 10 'a start when the configuration is right' is_property ActiveState active
ask /read/ >/dev/null
systemctl stop "$unit"

drop_in flag <<'END'
[Service]
ExecStart=
ExecStart=/usr/bin/sqlicorn -c /etc/sqlicorn/sqlicorn.toml --wrokers 4
END
! systemctl start "$unit" || fail 'started with a command line that is wrong'
within 5 'the unit gives up' is_property ActiveState failed
expect ExecMainStatus "$(property ExecMainStatus)" 2
expect NRestarts "$(property NRestarts)" 0
in_journal 'wrokers' || fail 'the journal does not name the flag'
