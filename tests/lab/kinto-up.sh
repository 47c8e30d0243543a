#!/usr/bin/env bash
# kinto-up.sh — a real Kinto with accounts and attachments, all in memory.
#
#   usage: kinto-up.sh PORT DIR
#   env:   LAB_CACHE   see python-packages.sh
#   prints DIR/env: URL (ends in /v1), VERSION, DIR, USER and PASSWORD, who may write in the bucket
#          `intranet` with its collections `news` and `pictures`, and EDITOR, a colleague with the
#          same password who may too
#
# Called again for the same DIR it starts what is not running: what was in it is gone then. Stopped
# with kinto-down.sh.
set -euo pipefail
port=${1:?usage: kinto-up.sh PORT DIR}
dir=${2:?usage: kinto-up.sh PORT DIR}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
user=crosspost-bot editor=editor password=kinto-test-only-1

say() { echo "kinto-up: $*" >&2; }
alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

mkdir -p "$dir/log" "$dir/files"
dir=$(cd "$dir" && pwd)
url=http://127.0.0.1:$port/v1
if alive "$dir/server.pid"; then
  cat "$dir/env"
  exit 0
fi
# Another server would answer for us.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  say "port $port is in use"
  exit 4
fi

python=$("$here/python-packages.sh" kinto) || { say "Kinto cannot be had"; exit 3; }
cat >"$dir/kinto.ini" <<INI
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = $port
threads = 8

[app:main]
use = egg:kinto
kinto.project_name = intranet
kinto.storage_backend = kinto.core.storage.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = test-only
kinto.includes = kinto.plugins.accounts kinto_attachment
multiauth.policies = account
multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.account_create_principals = system.Everyone
kinto.bucket_create_principals = system.Authenticated
kinto.attachment.base_path = $dir/files
kinto.attachment.base_url = $url/attachments/

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARN
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain
[formatter_plain]
format = %(asctime)s %(levelname)s %(message)s
INI

setsid "$python/bin/kinto" start --ini "$dir/kinto.ini" >"$dir/log/kinto.log" 2>&1 </dev/null &
echo $! >"$dir/server.pid"
for _ in $(seq 300); do
  curl -fsS -o /dev/null "$url/" 2>/dev/null && break
  alive "$dir/server.pid" || { say "Kinto did not start:"; tail -5 "$dir/log/kinto.log" >&2; exit 5; }
  sleep 0.1
done
curl -fsS -o /dev/null "$url/" || { say "Kinto does not answer: see $dir/log"; exit 6; }

put() { # $1: path, $2: body
  curl -fsS -o /dev/null -X PUT -u "$user:$password" -H 'Content-Type: application/json' -d "$2" "$url$1"
}
for account in "$user" "$editor"; do
  curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/json' \
    -d "{\"data\": {\"password\": \"$password\"}}" "$url/accounts/$account"
done
put /buckets/intranet "{\"permissions\": {\"write\": [\"account:$editor\"]}}"
put /buckets/intranet/collections/news '{}'
put /buckets/intranet/collections/pictures '{}'

cat >"$dir/env" <<ENV
URL=$url
VERSION=$(curl -fsS "$url/" | jq -r .project_version)
USER=$user
EDITOR=$editor
PASSWORD=$password
DIR=$dir
ENV
cat "$dir/env"
