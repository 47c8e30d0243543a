#!/bin/sh
# Measures whole processes: benches/processes.sh [NOTES] [FOLDER]
#
# Builds the program and the limits, makes the corpus, publishes it once to three stand-ins (which
# gives the ledger), and prints what a run with nothing to do takes beside what the machine needs to
# read and hash the same files. Times are only printed; counts are asserted by the tests.
# Needs python3; strace, if it is there, counts the connections.
set -eu

notes=${1:-1000}
work=${2:-$(mktemp -d)}
here=$(cd "$(dirname "$0")/.." && pwd)
latency=${LATENCY:-0}
runs=${RUNS:-5}

crosspost=${CROSSPOST:-$here/target/release/crosspost}
limits=${LIMITS:-$here/benches/limits/target/release/limits}
[ -n "${CROSSPOST:-}" ] || cargo build --quiet --release --manifest-path "$here/Cargo.toml"
[ -n "${LIMITS:-}" ] || cargo build --quiet --release --manifest-path "$here/benches/limits/Cargo.toml"

# The median time of some runs in milliseconds, and the most memory in MiB.
measure() {
    python3 - "$runs" "$@" <<'PY'
import os, subprocess, sys, time
runs, command = int(sys.argv[1]), sys.argv[2:]
times, memory = [], 0
for _ in range(runs):
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    times.append((time.perf_counter() - began, usage.ru_utime + usage.ru_stime))
    memory = max(memory, usage.ru_maxrss)
times.sort()
wall, cpu = times[len(times) // 2]
print(f"{wall * 1000:9.1f} ms {cpu * 1000:9.1f} ms processor {memory / 1024:7.1f} MiB")
PY
}

say() {
    printf '%-46s' "$1"
    shift
    measure "$@"
}

mkdir -p "$work/cache"
export XDG_CACHE_HOME="$work/cache"
export CROSSPOST_ONE_TOKEN=t CROSSPOST_TWO_TOKEN=t CROSSPOST_THREE_TOKEN=t
cd "$work"
# Without links: stories that link to each other stay unfinished where nothing can be updated.
[ -d notes ] || python3 "$here/benches/corpus.py" "$notes" . --no-links
cat >crosspost.toml <<'TOML'
project = "bench"
TOML
port=8710
for name in one two three; do
    port=$((port + 1))
    cat >>crosspost.toml <<TOML

[targets.$name]
kind = "medium"
audience = "public"
api = "http://127.0.0.1:$port/v1"
concurrency = 16
TOML
    python3 "$here/benches/stand_in.py" "$port" "$latency" &
    stand_ins="${stand_ins:-} $!"
done
trap 'kill $stand_ins 2>/dev/null' EXIT
sleep 1

echo "start"
say "  crosspost --version" "$crosspost" --version
say "  crosspost --help" "$crosspost" --help

echo "$notes notes, three targets"
began=$(date +%s%N)
"$crosspost" publish >published.txt 2>&1 || tail -5 published.txt
echo "  published in $((($(date +%s%N) - began) / 1000000)) ms: $(tail -1 published.txt)"
for port in 8711 8712 8713; do
    python3 -c "import urllib.request as u; print('   ', u.urlopen('http://127.0.0.1:$port/count').read().decode())"
done
# What was only just written is not remembered: see src/commands/memory.rs.
sleep 3

say "  limit: look at each file" "$limits" stat . 2
say "  limit: read each file" "$limits" read . 2
say "  limit: read and hash each file" "$limits" blake3 . 2
say "  limit: one parse, three renderings" "$limits" render3 . 2
say "  nothing changed, files are read" env XDG_CACHE_HOME=/dev/null "$crosspost" plan
"$crosspost" plan >plan.txt 2>&1 || true
say "  nothing changed, files are remembered" "$crosspost" plan
echo "    $(tail -1 plan.txt)"
first=$(find notes -name '*.md' | sort | head -1)
say "  nothing changed, one note" "$crosspost" plan "$first"
cp "$first" first.md
echo "One more line." >>"$first"
say "  one changed" "$crosspost" plan
cp first.md "$first"
# With a ledger that knows nothing.
sed 's/^project = "bench"/&\nstate = "file:.nothing"/' crosspost.toml >all.toml
say "  all rendered (nothing is in the ledger)" "$crosspost" --config all.toml plan
# Its files are the work: once tells enough.
[ "$notes" -le 1000 ] || runs=1
say "  all rendered, with a preview" "$crosspost" plan --preview out
if command -v strace >/dev/null; then
    strace -f -e trace=connect,socket -o strace.txt "$crosspost" plan >/dev/null 2>&1 || true
    echo "  connections with nothing changed: $(grep -c 'AF_INET' strace.txt || true)"
fi
echo "  ledger: $(du -sk .crosspost | cut -f1) KiB on disk; program: $(stat -c %s "$crosspost") bytes"
