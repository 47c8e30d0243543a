#!/usr/bin/env bash
# kinto-down.sh — stop what kinto-up.sh started for DIR.
#
#   usage: kinto-down.sh DIR [--purge]      --purge also deletes DIR
#
# Ends only the process group whose id DIR holds, after checking what it is.
set -euo pipefail
dir=${1:?usage: kinto-down.sh DIR [--purge]}
[ -d "$dir" ] || exit 0
dir=$(cd "$dir" && pwd)

if [ -s "$dir/server.pid" ]; then
  pid=$(cat "$dir/server.pid")
  if kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "--ini $dir/kinto.ini"; then
    kill -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$dir/server.pid"
fi
if [ "${2:-}" = --purge ]; then
  [ -e "$dir/kinto.ini" ] || { echo "kinto-down: $dir is not a lab folder, not deleted" >&2; exit 1; }
  rm -rf "$dir"
fi
