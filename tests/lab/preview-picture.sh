#!/usr/bin/env bash
# preview-picture.sh — the README's picture: the preview of the example note at a blog, at Medium and
# on an intranet, as Chromium shows it.
#
#   usage: preview-picture.sh FILE.png      with `crosspost` built (cargo build)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
file=$(realpath -m "${1:?usage: preview-picture.sh FILE.png}")
program=${CROSSPOST:-$here/../../target/debug/crosspost}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$here/../../examples" "$work/notes"
cat >"$work/crosspost.toml" <<'CONFIG'
project = "weeknotes"
notes   = ["notes/*.md"]
[internal]
hosts = ["intranet.example.gov.uk"]
[targets.blog]
kind     = "wordpress"
url      = "https://blogs.example.gov.uk/hackit"
user     = "crosspost-bot"
audience = "public"
[targets.intranet]
kind     = "wordpress"
url      = "https://intranet.example.gov.uk"
user     = "crosspost-bot"
audience = "internal"
[targets.medium]
kind      = "medium"
audience  = "public"
canonical = "blog"
CONFIG
(cd "$work" && "$program" preview --out shown --quiet >/dev/null)
cat >"$work/request.json" <<REQUEST
{"page": "$work/shown/index.html",
 "shot": {"file": "$work/shot.png", "width": 1440, "height": 760, "scheme": "light"}}
REQUEST
"$here/look.sh" "$work/request.json" >/dev/null
cp "$work/shot.png" "$file"
