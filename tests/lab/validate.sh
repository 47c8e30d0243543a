#!/usr/bin/env bash
# validate.sh — validate-blocks.mjs with what it needs: a release's tree and jsdom, both in the cache.
#
#   usage: validate.sh RELEASE [ARGUMENT…]      RELEASE: 6.1 | 6.8 | 7.1; arguments of validate-blocks.mjs
#          validate.sh RELEASE --only-install
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
release=${1:?usage: validate.sh RELEASE [ARGUMENT…]}
shift
cache=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crosspost-lab}
mkdir -p "$cache"

for tool in node npm; do
  command -v $tool >/dev/null || { echo "validate: $tool is missing" >&2; exit 3; }
done

# jsdom, of the versions and contents that package-lock.json names; again when that file changes.
modules=$cache/validator
lock=$here/package-lock.json
if ! cmp -s "$lock" "$modules/.installed"; then
  (
    flock 9
    if ! cmp -s "$lock" "$modules/.installed"; then
      mkdir -p "$modules"
      cp "$here/package.json" "$lock" "$modules/"
      (cd "$modules" && npm ci --no-audit --no-fund --ignore-scripts >&2)
      cp "$lock" "$modules/.installed"
    fi
  ) 9>"$cache/validator.lock"
fi

tree=$("$here/wordpress-fetch.sh" "$release" "$cache" | sed -n 's/^WP_TREE=//p')
[ "${1:-}" != --only-install ] || exit 0
NODE_PATH=$modules/node_modules exec node "$here/validate-blocks.mjs" --wp "$tree" "$@"
