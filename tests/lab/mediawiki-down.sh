#!/usr/bin/env bash
# mediawiki-down.sh — stop what mediawiki-up.sh started for DIR.
#
#   usage: mediawiki-down.sh DIR [--purge]      --purge also deletes DIR
#
# Ends only the process group whose id DIR holds, after checking what it is.
set -euo pipefail
dir=${1:?usage: mediawiki-down.sh DIR [--purge]}
[ -d "$dir" ] || exit 0
dir=$(cd "$dir" && pwd)

if [ -s "$dir/php.pid" ]; then
  pid=$(cat "$dir/php.pid")
  if kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-t $dir/w"; then
    kill -- "-$pid" 2>/dev/null || true
  fi
  rm -f "$dir/php.pid"
fi
if [ "${2:-}" = --purge ]; then
  [ -e "$dir/w/api.php" ] || { echo "mediawiki-down: $dir is not a lab folder, not deleted" >&2; exit 1; }
  rm -rf "$dir"
fi
