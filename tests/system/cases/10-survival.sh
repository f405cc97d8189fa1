# SPDX-License-Identifier: MIT
# Every write that was answered is there after all processes were killed in the middle of writing.
add_endpoint /names/ '["extra"]' rows 'SELECT name FROM row'
systemctl start "$unit"
writers=()
for writer in a b c d; do
  curl --silent --fail-early --fail --output /dev/null --write-out '%{http_code} %{url_effective}\n' \
    "http://127.0.0.1:8000/write/?name=${writer}[1-10000000]" >"writes.$writer" &
  writers+=("$!")
done
acknowledged() { sed -n 's/^200 .*name=//p' writes.? | sort; }
many_writes() { (($(acknowledged | wc -l) > 2000)); }
within 20 'two thousand writes' many_writes
systemctl kill --kill-whom=all --signal=KILL "$unit"
for writer in "${writers[@]}"; do wait "$writer" || true; done
within 20 'a restart' is_property NRestarts 1
within 20 'an active unit' is_property ActiveState active

ask /names/ | grep --only-matching '"[abcd][0-9]*"' | tr -d '"' | sort >found
lost=$(acknowledged | comm -23 - found | wc -l)
expect 'the number of lost writes' "$lost" 0
expect 'the number of doubled rows' "$(uniq --repeated found | wc -l)" 0
echo "note: $(acknowledged | wc -l) writes acknowledged, $(wc -l <found) found"
