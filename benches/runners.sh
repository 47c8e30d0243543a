#!/bin/sh
# Several runners on one ledger: benches/runners.sh [NOTES] [RUNNERS] [LEDGER]
#
# Each runner is a process in a clone of its own; the ledger is a branch of their bare repository
# (LEDGER=git, the default) or one folder (LEDGER=file). The stand-in answers after 50 ms. Prints how
# long one runner and several take for the same notes, and fails unless each note was created once.
set -eu

notes=${1:-200}
runners=${2:-4}
kind=${3:-git}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
crosspost=${CROSSPOST:-$here/target/release/crosspost}
[ -x "$crosspost" ] || cargo build --quiet --release --manifest-path "$here/Cargo.toml"
export CROSSPOST_BLOG_TOKEN=t XDG_CACHE_HOME="$work/cache" GIT_AUTHOR_NAME=bench GIT_COMMITTER_NAME=bench
export GIT_AUTHOR_EMAIL=bench@example.org GIT_COMMITTER_EMAIL=bench@example.org

python3 "$here/benches/stand_in.py" 8720 50 &
stand_in=$!
trap 'kill $stand_in; rm -rf "$work"' EXIT

count() {
    python3 -c "import json, urllib.request as u
print(json.load(u.urlopen('http://127.0.0.1:8720/count'))['requests'].get('POST posts', 0))"
}

# A repository with the notes, and clones of it.
prepare() {
    name=$1
    case $kind in
    git) state=git:crosspost-ledger ;;
    file) state="file:../$name-ledger" ;;
    esac
    mkdir -p "$work/$name-notes"
    cd "$work/$name-notes"
    git init --quiet .
    python3 "$here/benches/corpus.py" "$notes" . --no-links >/dev/null
    cat >crosspost.toml <<TOML
project = "$name"
state = "$state"

[targets.blog]
kind = "medium"
audience = "public"
api = "http://127.0.0.1:8720/v1"
concurrency = 4
TOML
    git add . && git commit --quiet -m notes
    git clone --quiet --bare . "$work/$name.git"
}

publish() {
    name=$1 many=$2
    running=
    for runner in $(seq "$many"); do
        git clone --quiet "$work/$name.git" "$work/$name-$runner"
    done
    count >/dev/null
    began=$(date +%s%N)
    for runner in $(seq "$many"); do
        (cd "$work/$name-$runner" && "$crosspost" publish >out.txt 2>err.txt) &
        running="$running $!"
    done
    for runner in $running; do wait "$runner" || echo "a runner ended with $?"; done
    echo "$many runner(s): $((($(date +%s%N) - began) / 1000000)) ms"
    for runner in $(seq "$many"); do tail -1 "$work/$name-$runner/out.txt"; done
    created=$(count)
    [ "$created" = "$notes" ] || { echo "$created created, of $notes"; exit 1; }
}

sleep 1
prepare alone
publish alone 1
prepare together
publish together "$runners"
