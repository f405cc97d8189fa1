# SPDX-License-Identifier: MIT
# A start that cannot succeed fails and says why. Neither a configuration nor a command line that is
# wrong is tried again.
gives_up_with() {
  ! systemctl start "$unit" || fail 'started with what is wrong'
  within 5 'the unit gives up' is_property ActiveState failed
  expect ExecMainStatus "$(property ExecMainStatus)" "$1"
  expect NRestarts "$(property NRestarts)" 0
}

sed -i 's/^workers = 4/wrokers = 4/' "$config"
gives_up_with 78
expect Result "$(property Result)" exit-code
grep --quiet --extended-regexp "sqlicorn.toml:[0-9]+:[0-9]+: .*wrokers.*workers" <<<"$(complaints)" ||
  fail 'the journal does not say why'
cp "$config.installed" "$config"
systemctl start "$unit"
ask /read/ >/dev/null
systemctl stop "$unit"

drop_in flag <<'END'
[Service]
ExecStart=
ExecStart=/usr/bin/sqlicorn -c /etc/sqlicorn/sqlicorn.toml --wrokers 4
END
gives_up_with 2
grep --quiet 'wrokers' <<<"$(complaints)" || fail 'the journal does not name the flag'

drop_in flag </dev/null
echo 'CREATE TABLE t (a; -- no' >"${config%/*}/wrong.sql"
sed -i 's/^schema = .*/schema = ["wrong.sql"]/' "$config"
gives_up_with 78
grep --quiet 'wrong.sql:1:' <<<"$(complaints)" || fail 'the journal does not name the schema file'
