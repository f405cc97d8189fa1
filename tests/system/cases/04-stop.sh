# SPDX-License-Identifier: MIT
# A stop lets a request finish, and leaves no process and no log of the database.
add_endpoint /slow/ '["extra", { think = "2s" }]' ok 'SELECT 1'
systemctl start "$unit"
ask /write/?name=kept >/dev/null
[[ -s $state/sqlicorn.db-wal ]] || fail 'there is no log to copy back'
ask /slow/ >answer &
request=$!
within 5 'a request in work' is_a_worker_busy
started=$SECONDS
systemctl stop "$unit"
((SECONDS - started < 20)) || fail "the stop took $((SECONDS - started)) s"
wait "$request" || fail 'the open request was not answered'
expect 'the answer' "$(<answer)" OK
expect ActiveState "$(property ActiveState)" inactive
expect Result "$(property Result)" success
expect 'what is left' "$(processes || true)" ''
expect 'the files' "$(ls "$state")" sqlicorn.db
# systemd tells the workers too, and they do not wonder about that.
expect 'what the journal has of warnings' "$(complaints)" ''
