#!/usr/bin/env bash
# Installs, by name, what tests/Auspex.Scenarios talks to: PostgreSQL, MariaDB, an OpenSSH server with pam_wrapper, pandas and
# OpenMP (Debian packages), Azurite and the clients of Azure (npm). S3 is tested where moto is there already.
# Does nothing when they are there already, so that it can be run before every test.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

has_postgresql() {
  local bin
  for bin in /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$bin" ] && return 0
  done
  command -v initdb >/dev/null 2>&1
}

apt_updated=
install_debian() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "install-test-services: no apt-get here; install these yourself: $*" >&2
    return 1
  fi
  local root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  if [ -z "$apt_updated" ]; then
    "${root[@]}" apt-get update -qq
    apt_updated=yes
  fi
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# LightGBM, which imported models are held against, comes as a package but wants OpenMP.
if command -v ldconfig >/dev/null 2>&1 && ! ldconfig -p | grep -q 'libgomp\.so\.1'; then
  echo "install-test-services: installing OpenMP ..."
  install_debian libgomp1
fi

# Execute Python Script runs on pandas.
if ! /usr/bin/python3 -c 'import pandas' >/dev/null 2>&1 && ! python3 -c 'import pandas' >/dev/null 2>&1; then
  echo "install-test-services: installing pandas ..."
  install_debian python3-pandas
fi

if ! has_postgresql; then
  echo "install-test-services: installing PostgreSQL ..."
  # Without this the package would start a server of its own, which no test needs.
  if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
  fi
  install_debian postgresql
fi

# A policy that refuses keeps packages from starting servers of their own, which no test needs.
without_starting() {
  local policy=/usr/sbin/policy-rc.d made=
  if [ "$(id -u)" -eq 0 ] && [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    made=yes
  fi
  local code=0
  "$@" || code=$?
  if [ -n "$made" ]; then rm -f "$policy"; fi
  return "$code"
}

if [ ! -x /usr/sbin/sshd ] || ! ls /usr/lib/*/libpam_wrapper.so >/dev/null 2>&1; then
  echo "install-test-services: installing an OpenSSH server ..."
  without_starting install_debian openssh-server libpam-wrapper
fi

if [ ! -x /usr/sbin/mariadbd ]; then
  echo "install-test-services: installing MariaDB ..."
  without_starting install_debian mariadb-server
fi

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "install-test-services: installing Node.js ..."
  install_debian nodejs npm
fi

stamp=tests/node/node_modules/.installed
if [ ! -e "$stamp" ] || [ tests/node/package-lock.json -nt "$stamp" ]; then
  echo "install-test-services: installing Azurite and the clients of Azure ..."
  # Azurite asks for Node 22 but runs on 20, hence no engine check; scripts of packages are not needed.
  (cd tests/node && npm ci --no-audit --no-fund --ignore-scripts --engine-strict=false --loglevel=error)
  touch "$stamp"
fi
