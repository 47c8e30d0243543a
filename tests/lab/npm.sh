#!/usr/bin/env bash
# npm.sh — the npm packages of package.json, of the versions and contents that package-lock.json
# names, in the cache: a folder for each state of that file. Prints it.
#
#   usage: npm.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crosspost-lab}
mkdir -p "$cache"

for tool in node npm; do
  command -v $tool >/dev/null || { echo "npm.sh: $tool is missing" >&2; exit 3; }
done

lock=$here/package-lock.json
modules=$cache/npm-$(sha256sum "$lock" | cut -c 1-12)
if [ ! -e "$modules/.installed" ]; then
  (
    flock 9
    if [ ! -e "$modules/.installed" ]; then
      mkdir -p "$modules"
      cp "$here/package.json" "$lock" "$modules/"
      (cd "$modules" && npm ci --no-audit --no-fund --ignore-scripts >&2)
      touch "$modules/.installed"
    fi
  ) 9>"$cache/npm.lock"
fi
echo "$modules"
