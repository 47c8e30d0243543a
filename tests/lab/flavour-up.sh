#!/usr/bin/env bash
# flavour-up.sh — one of the sites that the tests share, on a free port.
#
#   usage: flavour-up.sh FLAVOUR DIR      FLAVOUR: wp71 | wp71-network | wp61 | mediawiki | kinto
#   env:   LAB_PORTS=FIRST-LAST           where a port may be taken from (default 20000-29999)
#          LAB_IDLE=30                    minutes without use after which it is stopped and deleted
#          and those of wordpress-up.sh, mediawiki-up.sh or kinto-up.sh
#   prints DIR/env (see there); whoever uses the site touches DIR/used
#
# Called again for the same DIR it starts what is not running. A site knows its own address, so the
# port is kept in DIR/port; when somebody else has taken it meanwhile, the site is made anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
flavour=${1:?usage: flavour-up.sh FLAVOUR DIR}
dir=${2:?usage: flavour-up.sh FLAVOUR DIR}

product=wordpress pid=php.pid
case $flavour in
  wp71) export WP=7.1 MULTISITE=0 ;;
  wp71-network) export WP=7.1 MULTISITE=1 ;;
  wp61) export WP=6.1 MULTISITE=0 ;;
  mediawiki) product=mediawiki ;;
  kinto) product=kinto pid=server.pid ;;
  *) echo "flavour-up: unknown flavour $flavour (wp71, wp71-network, wp61, mediawiki or kinto)" >&2; exit 2 ;;
esac

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

free_port() {
  local range=${LAB_PORTS:-20000-29999} port
  for _ in $(seq 200); do
    port=$((${range%-*} + (RANDOM * 32768 + RANDOM) % (${range#*-} - ${range%-*} + 1)))
    taken "$port" || { echo "$port"; return; }
  done
  echo "flavour-up: no free port in $range" >&2
  exit 4
}

# Ends and deletes a site that nobody uses any more: the tests that share it end in any order, and
# may be killed, so none of them can.
watch_for_idleness() {
  alive "$dir/watch.pid" && return
  setsid bash -c '
    while sleep 20; do
      [ -e "$1/used" ] || exit 0
      [ -n "$(find "$1/used" -mmin "-$2")" ] && continue
      rm -f "$1/used"
      exec "$3" "$1" --purge
    done' lab-watch "$dir" "${LAB_IDLE:-30}" "$here/$product-down.sh" </dev/null >/dev/null 2>&1 &
  echo $! >"$dir/watch.pid"
}

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
if [ -s "$dir/port" ] && ! alive "$dir/$pid" && taken "$(cat "$dir/port")"; then
  # It refuses to delete where nothing was installed yet.
  "$here/$product-down.sh" "$dir" --purge 2>/dev/null || true
  mkdir -p "$dir"
  rm -f "$dir/port"
fi
[ -s "$dir/port" ] || free_port >"$dir/port"
touch "$dir/used"
watch_for_idleness
exec "$here/$product-up.sh" "$(cat "$dir/port")" "$dir"
