#!/usr/bin/env bash
# node-modules.sh — what the lab needs of Node's packages (jsdom, Prism, axe-core, Playwright), in the cache.
#
#   usage: node-modules.sh      prints the folder `node_modules`
#
# Of the versions and contents that package-lock.json names; again when that file changes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crosspost-lab}

for tool in node npm; do
  command -v $tool >/dev/null || { echo "node-modules: $tool is missing" >&2; exit 3; }
done

# A folder for each lock file: another checkout's must not be deleted under its feet.
lock=$here/package-lock.json
modules=$cache/node-$(sha256sum "$lock" | cut -c1-12)
mkdir -p "$modules"
if [ ! -e "$modules/.installed" ]; then
  (
    flock 9
    if [ ! -e "$modules/.installed" ]; then
      cp "$here/package.json" "$lock" "$modules/"
      (cd "$modules" && npm ci --no-audit --no-fund --ignore-scripts >&2)
      touch "$modules/.installed"
    fi
  ) 9>"$modules/.lock"
fi
echo "$modules/node_modules"
