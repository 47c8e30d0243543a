#!/usr/bin/env bash
# look.sh — look.mjs with what it needs: Chromium, and axe-core and playwright-core in the cache.
#
#   usage: look.sh REQUEST.json     prints what was seen, as JSON; see look.mjs
#          look.sh --only-install
#
#   env:   CHROMIUM   the browser's program; default: the first of chromium, chromium-browser,
#                     google-chrome on the path
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

for name in chromium chromium-browser google-chrome; do
  CHROMIUM=${CHROMIUM:-$(command -v $name || true)}
done
[ -n "$CHROMIUM" ] || { echo "look.sh: Chromium is missing" >&2; exit 3; }
export CHROMIUM

modules=$("$here/node-modules.sh")
[ "${1:-}" != --only-install ] || exit 0
NODE_PATH=$modules exec node "$here/look.mjs" "$@"
