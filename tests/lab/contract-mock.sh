#!/usr/bin/env bash
# contract-mock.sh — a server that holds every request to a vendor's OpenAPI contract (Prism).
#
#   usage: contract-mock.sh NAME      of contracts/NAME.openapi.json
#
# Prints URL=http://127.0.0.1:PORT when it listens. The contract's paths stand right below that
# address. It keeps nothing, and ends with its standard input: whoever asked for it may be killed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
contract=$here/contracts/${1:?usage: contract-mock.sh NAME}.openapi.json
modules=$("$here/node-modules.sh")

log=$(mktemp /tmp/crosspost-contract.XXXXXX)
"$modules/.bin/prism" mock --errors --host 127.0.0.1 --port 0 "$contract" >"$log" 2>&1 </dev/null &
mock=$!
trap 'kill $mock 2>/dev/null; rm -f "$log"' EXIT

url=
for _ in $(seq 600); do
  url=$(grep -om1 'listening on http://127.0.0.1:[0-9]*' "$log") && break
  kill -0 $mock 2>/dev/null || break
  sleep 0.1
done
[ -n "$url" ] || { cat "$log" >&2; echo "contract-mock: it does not start" >&2; exit 4; }
echo "URL=${url##* }"
cat >/dev/null
