# SPDX-License-Identifier: MIT
# A reload replaces the workers and costs no request; one that cannot be done changes nothing.
systemctl start "$unit"
main=$(property MainPID)
start_load
old=$(workers)
systemctl reload "$unit"
none_is_old() { ! grep --quiet --word-regexp --file=<(echo "$old") <<<"$(workers)"; }
within 10 'only new workers' none_is_old
within 10 'four workers' is_property StatusText '4 of 4 workers ready'
end_load
expect MainPID "$(property MainPID)" "$main"
within 5 'an active unit' is_property ActiveState active

sed -i 's/^workers = 4/wrokers = 4/' "$config"
kept=$(workers)
! systemctl reload "$unit" || fail 'a reload that cannot be done has ended well'
within 10 'a status that tells' is_property StatusText '4 of 4 workers ready; the last reload failed*'
within 5 'an active unit' is_property ActiveState active
expect MainPID "$(property MainPID)" "$main"
expect 'the workers' "$(workers)" "$kept"
ask /read/ >/dev/null
in_journal "sqlicorn.toml:[0-9]+:[0-9]+: .*wrokers" || fail 'the journal does not say why'
