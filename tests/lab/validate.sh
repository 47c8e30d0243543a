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

modules=$("$here/npm.sh")
tree=$("$here/wordpress-fetch.sh" "$release" "$cache" | sed -n 's/^WP_TREE=//p')
[ "${1:-}" != --only-install ] || exit 0
NODE_PATH=$modules/node_modules exec node "$here/validate-blocks.mjs" --wp "$tree" "$@"
