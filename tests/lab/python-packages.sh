#!/usr/bin/env bash
# python-packages.sh — a server and what it needs from PyPI, in an environment of its own in the cache.
#
#   usage: python-packages.sh NAME     installs what NAME-requirements.txt lists: kinto, s3
#   env:   LAB_CACHE   default ~/.cache/crosspost-lab
#   prints the environment's folder
set -euo pipefail
name=${1:?usage: python-packages.sh NAME}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crosspost-lab}
list=$here/$name-requirements.txt
# Another list makes another environment.
env=$cache/$name-$(sha256sum "$list" | cut -c1-12)

mkdir -p "$cache"
exec 9>"$cache/$name.lock"
flock 9
if [ ! -e "$env/.complete" ]; then
  rm -rf "$env"
  python3 -m venv "$env" >&2
  "$env/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$list" >&2
  touch "$env/.complete"
fi
echo "$env"
