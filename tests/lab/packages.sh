#!/usr/bin/env bash
# packages.sh — makes a bare Debian 12 machine able to run the lab.
#
#   usage: sudo packages.sh         installs what is missing (root only for this one step)
#          packages.sh --missing    prints it, one name a line
#
# Chromium for looking at previews, PHP 8.2 (command line only) and MariaDB's *binaries*
# (mariadb-server-core: no system service, no /var/lib/mysql, no init script). Not the `wordpress` package, which would bring Apache:
# wordpress-fetch.sh unpacks that one into the cache.
set -euo pipefail

packages=(
  php-cli php-mysql php-gd php-curl php-mbstring php-xml php-zip php-intl php-sqlite3
  mariadb-server-core mariadb-client-core
  curl ca-certificates jq git shellcheck
  dbus gnome-keyring bsdutils # a keyring, and a terminal to type into
)
# Node may come from elsewhere than Debian.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
# Likewise Python, which Debian gives without what makes environments.
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
# So may a browser.
command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  packages+=(chromium fonts-dejavu-core)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
((${#missing[@]} > 0)) || exit 0
if [ "${1:-}" = --missing ]; then
  printf '%s\n' "${missing[@]}"
  exit 0
fi

echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
