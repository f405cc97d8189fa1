#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: hardening.sh PROGRAM: fails, with one line each, on every protection that a release build
# promises and the program lacks.
set -euo pipefail

program=$1
header=$(LC_ALL=C readelf --file-header --wide "$program")
segments=$(LC_ALL=C readelf --program-headers --wide "$program")
dynamic=$(LC_ALL=C readelf --dynamic --wide "$program")
status=0

# require PROTECTION PATTERN TEXT
require() {
  if ! grep -Eq "$2" <<<"$3"; then
    echo "$program: no $1"
    status=1
  fi
}

require 'position-independent code (PIE)' 'Type: +DYN' "$header"
require 'read-only relocations (RELRO)' 'GNU_RELRO' "$segments"
require 'immediate binding (BIND_NOW)' 'BIND_NOW|Flags:.* NOW' "$dynamic"
require 'non-executable stack' 'GNU_STACK.* RW ' "$segments"
exit "$status"
