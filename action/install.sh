#!/usr/bin/env bash
# install.sh — builds crosspost from the action's own checkout, unless the cache has it already.
#
#   usage: install.sh --where    only tells where it goes, and under which key it is cached
#          install.sh            builds it where it is missing, and puts it on the path of later steps
#
# The key is a digest of the sources: what is cached was built from these and no others.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

digest=$(cd "$source" && find src Cargo.toml Cargo.lock -type f -print0 | LC_ALL=C sort -z |
  xargs -0 sha256sum | sha256sum | cut -c1-32)
place=$HOME/.cache/crosspost-action/$digest

if [ "${1:-}" = --where ]; then
  printf 'path=%s\nkey=crosspost-%s-%s-%s\n' \
    "$place" "${RUNNER_OS:-$(uname -s)}" "${RUNNER_ARCH:-$(uname -m)}" "$digest" >>"$GITHUB_OUTPUT"
  exit
fi

if ! [ -x "$place/bin/crosspost" ] && ! [ -x "$place/bin/crosspost.exe" ]; then
  if ! command -v cargo >/dev/null; then
    echo "::error title=crosspost::this runner has no Rust: install it in a step before (1.89 or later)"
    exit 2
  fi
  echo "::group::cargo install crosspost"
  CARGO_TARGET_DIR=${RUNNER_TEMP:-/tmp}/crosspost-build \
    cargo install --path "$source" --locked --root "$place" --no-track
  rm -rf "${RUNNER_TEMP:-/tmp}/crosspost-build"
  echo "::endgroup::"
fi
echo "$place/bin" >>"$GITHUB_PATH"
