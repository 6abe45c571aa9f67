#!/usr/bin/env bash
# Builds Sallyport and runs a demonstration site on this machine's loopback. See --help.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
site=$top/var/quickstart
bin=$top/build/release/bin
core_url=https://127.0.0.1:8443
selfdestruct_url=https://127.0.0.1:9444
gateway_url=https://127.0.0.1:9454
admin="admin"
# name:port, in the order they start
ports="mail:2525 core:8443 selfdestruct:9444 selfdestruct:9443 embedded:9446 embedded:9445 gateway:9454 gateway:9453"

# shellcheck source=installers/packages.sh
. "$top/installers/packages.sh"

help() {
  cat <<END
quickstart.sh [start] [--database postgresql://...] [--with-postgresql]
                   build what is needed and run the site; again: update and restart it, losing nothing
quickstart.sh stop     stop it; it keeps everything
quickstart.sh status   what runs where
quickstart.sh reset    stop it and forget everything it held (asks; --yes does not)

The site lives in var/quickstart: the core on $core_url, the recipients' portal on $selfdestruct_url
(the core reaches it on port 9443), the embedded portal on 9446 and 9445, a session gateway on $gateway_url
(the core reaches it on port 9453), a mail catcher on 2525. All on 127.0.0.1.

--database URL      use a PostgreSQL database that stands (first start only); the default is SQLite
--with-postgresql   start a private PostgreSQL for the site (first start only)
END
}

fail() { echo "quickstart.sh: error: $*" >&2; exit 1; }
say() { echo "==> $*"; }

# --- Programs in the background: run/NAME.pid holds the process id and when it started, so that no other is ever taken for it.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

pid_of() {
  local pid at
  [ -f "$site/run/$1.pid" ] || return 1
  read -r pid at <"$site/run/$1.pid"
  [ -n "$at" ] && [ "$(started_at "$pid")" = "$at" ] && echo "$pid"
}

background() {
  local name=$1 pid
  shift
  setsid "$@" >>"$site/log/$name.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(started_at "$pid")" >"$site/run/$name.pid"
}

# Asks first and waits then, so that nobody waits for another's goodbye.
ask_to_end() {
  local pid
  if pid=$(pid_of "$1"); then kill "$pid" 2>/dev/null || true; fi
}

wait_for_end() {
  local pid
  for _ in $(seq 300); do pid_of "$1" >/dev/null || break; sleep 0.05; done
  if pid=$(pid_of "$1"); then kill -KILL "$pid"; fi
  rm -f "$site/run/$1.pid"
}

open_port() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_for() {
  local name=$1 port=$2
  for _ in $(seq 600); do
    open_port "$port" && return 0
    pid_of "$name" >/dev/null || { tail -n 20 "$site/log/$name.log" >&2; fail "$name did not start; its log is $site/log/$name.log"; }
    sleep 0.05
  done
  fail "$name does not listen on port $port after 30 s; its log is $site/log/$name.log"
}

names() { for pair in $ports; do echo "${pair%%:*}"; done | uniq; }

check_ports() {
  local pair who
  for pair in $ports; do
    open_port "${pair##*:}" || continue
    who=$(ss -Hltnp "sport = :${pair##*:}" 2>/dev/null | grep -o '"[^"]*",pid=[0-9]*' | head -1 || true)
    fail "port ${pair##*:} is needed for $(pair_use "$pair") and in use${who:+ by $who}; stop that program and try again"
  done
}

pair_use() { case $1 in mail:*) echo "the mail catcher" ;; core:*) echo "the core" ;; *) echo "the edge ${1%%:*}" ;; esac; }

# --- Building
build() {
  install_packages "$top/installers/packages-build.txt"
  use_node
  say "building the programs (the first time takes minutes)"
  [ -f "$top/build/release/build.ninja" ] || (cd "$top" && cmake --preset release >"$site/log/cmake.log" 2>&1) || {
    tail -n 20 "$site/log/cmake.log" >&2
    fail "cmake failed; its log is $site/log/cmake.log"
  }
  nice ninja -C "$top/build/release" sallyport-core sallyport sallyport-selfdestruct sallyport-gateway sallyport-certs
  build_web
}

# The core's web site, when a source is newer than what was built of it.
build_web() {
  local web=$top/core/web
  if [ -f "$web/dist/index.html" ] && [ -z "$(find "$web" -path "$web/node_modules" -prune -o -path "$web/dist" -prune \
       -o -type f -newer "$web/dist/index.html" -print -quit)" ]; then return 0; fi
  say "building the web site"
  "$web/build.sh"
  touch "$web/dist/index.html"
}

# --- The database
# The choice is made at the first start and kept in var/quickstart/database.
choose_database() {
  local wanted=$1
  if [ -f "$site/database" ]; then
    [ -z "$wanted" ] || [ "$wanted" = "$(cat "$site/database")" ] ||
      fail "this site keeps its data in $(sed 's#//.*@#//...@#' "$site/database"); to begin anew elsewhere: quickstart.sh reset"
    return 0
  fi
  (umask 077 && echo "${wanted:-sqlite:core.sqlite}" >"$site/database")
}

pg_bin() { find /usr/lib/postgresql -mindepth 1 -maxdepth 1 2>/dev/null | sort -V | tail -1; }
# PostgreSQL refuses to run as root, and may not look into root's folders: as root its data lies where Debian puts it.
pg_folder() {
  if [ "$(id -u)" = 0 ]; then echo "/var/lib/postgresql/sallyport-quickstart-$(echo "$site" | cksum | cut -d' ' -f1)"; else echo "$site/postgresql"; fi
}
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
pg_url() { echo "postgresql:///sallyport?host=$(pg_folder)/socket&user=sallyport"; }

start_postgres() {
  local folder pg
  [ "$(cat "$site/database")" = "$(pg_url)" ] || return 0
  [ -n "$(pg_bin)" ] || install_packages "$top/installers/packages-postgresql.txt"
  folder=$(pg_folder) pg=$(pg_bin)/bin
  if [ ! -f "$folder/data/PG_VERSION" ]; then
    say "making a private PostgreSQL in $folder"
    mkdir -p "$folder/socket"
    [ "$(id -u)" != 0 ] || chown -R postgres: "$folder"
    chmod 700 "$folder" "$folder/socket"
    as_postgres "$pg/initdb" -D "$folder/data" -U sallyport --auth=trust -E UTF8 --no-locale >"$site/log/initdb.log" 2>&1 ||
      fail "initdb failed; its log is $site/log/initdb.log"
  fi
  as_postgres "$pg/pg_ctl" -D "$folder/data" status >/dev/null 2>&1 ||
    as_postgres "$pg/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-c listen_addresses='' -k '$folder/socket'" start >/dev/null ||
    fail "PostgreSQL did not start; its log is $folder/log"
  as_postgres "$pg/psql" -h "$folder/socket" -U sallyport -d postgres -tAc "select 1 from pg_database where datname='sallyport'" |
    grep -q 1 || as_postgres "$pg/createdb" -h "$folder/socket" -U sallyport sallyport
}

stop_postgres() {
  local folder
  folder=$(pg_folder)
  [ -f "$folder/data/postmaster.pid" ] || return 0
  as_postgres "$(pg_bin)/bin/pg_ctl" -D "$folder/data" -m fast stop >/dev/null || true
}

# --- The site
certificates() {
  [ -f "$site/core.crt" ] && [ -f "$site/gateway/intake.crt" ] && return 0
  say "making a certificate authority and certificates"
  [ -f "$site/ca/ca.crt" ] || "$bin/sallyport-certs" --quiet ca init --out "$site/ca" --name "Sallyport quickstart" >>"$site/log/certs.log"
  issue "$site" core
  local edge use
  for edge in selfdestruct embedded gateway; do
    for use in edge intake; do issue "$site/$edge" "$use"; done
  done
}

issue() {
  "$bin/sallyport-certs" --quiet issue --ca "$site/ca" --out "$1" --name "$2" --host 127.0.0.1 localhost --if-needed >>"$site/log/certs.log"
}

ca_certificate() { echo "$site/ca/ca.crt"; }

configure() {
  (umask 077 && cat >"$site/core.toml") <<END
# Written by quickstart.sh at every start.
[site]
url = "$core_url"
listen = "127.0.0.1:8443"
certificate = "core.crt"
key = "core.key"
web_root = "$top/core/web/dist"

[database]
url = "$(cat "$site/database")"

[keys]
root = "root.key"

[certificates]
site_ca = "ca/ca.crt"

[embedded]
edge = "embedded"
upstream = "https://127.0.0.1:9446"
certificate = "embedded/edge.crt"
END
  configure_edge selfdestruct "$selfdestruct_url" 9444 9443
  configure_edge embedded "$core_url/selfdestruct" 9446 9445 'proxies = ["127.0.0.1"] # the core, which hands on the address of who asks'
  configure_edge gateway "$gateway_url" 9454 9453
  cat >>"$site/gateway/edge.toml" <<'END'

[policy]
# A gateway dials its own machine only where that is named, as it is for this demonstration.
networks = ["127.0.0.0/8", "0.0.0.0/0", "::/0"]
END
}

configure_edge() {
  (umask 077 && cat >"$site/$1/edge.toml") <<END
# Written by quickstart.sh at every start.
[public]
url = "$2"
listen = "127.0.0.1:$3"
certificate = "edge.crt"
key = "edge.key"
${5:-}

[intake]
listen = "127.0.0.1:$4"
certificate = "intake.crt"
key = "intake.key"

[data]
directory = "data"
END
}

settle() { python3 "$top/installers/demo/settle.py" --core "$core_url" --ca "$(ca_certificate)" --token "$site/api-token" "$@"; }

start_core() {
  local password=$site/admin.password
  "$bin/sallyport-core" init --config "$site/core.toml" --admin "$admin" --password-out "$password" --if-needed
  [ -f "$site/api-token" ] || "$bin/sallyport-core" token --config "$site/core.toml" --user "$admin" --name quickstart \
    --scope admin --out "$site/api-token"
  background core "$bin/sallyport-core" serve --config "$site/core.toml"
  wait_for core 8443
  settle mail --port 2525
}

# start_edge NAME KIND URL PORT INTAKE_PORT: the program of a kind is sallyport-KIND.
start_edge() {
  local name=$1 kind=$2 url=$3 public=$4 intake=$5 kit=$site/$1/kit status=0
  settle kit --name "$name" --kind "$kind" --public-url "$url" --intake-url "https://127.0.0.1:$intake" --out "$kit" || status=$?
  case $status in
    0) "$bin/sallyport-$kind" enrol "$kit" --config "$site/$name/edge.toml" >>"$site/log/$name.log" && rm -f "$kit" ;;
    3) ;; # enrolled already
    *) exit "$status" ;;
  esac
  background "$name" "$bin/sallyport-$kind" serve --config "$site/$name/edge.toml"
  wait_for "$name" "$public"
  wait_for "$name" "$intake"
}

write_site_json() {
  (umask 077 && python3 - "$site" "$core_url" "$selfdestruct_url" "$(ca_certificate)" "$admin" >"$site/site.json") <<'END'
import json, sys
site, core, edge, ca, admin = sys.argv[1:]
print(json.dumps({"core_url": core, "selfdestruct_url": edge, "ca_certificate": ca, "admin_user": admin,
                  "admin_password": open(site + "/admin.password").read().strip(), "api_token_file": site + "/api-token",
                  "mail_dir": site + "/mail/Maildir"}, indent=2))
END
}

start() {
  local database=
  while [ $# -gt 0 ]; do
    case $1 in
      --database) [ $# -gt 1 ] || fail "--database needs an address: postgresql://user@host/name"; database=$2; shift ;;
      --database=*) database=${1#*=} ;;
      --with-postgresql) database=$(pg_url) ;;
      *) help >&2; fail "unknown option $1" ;;
    esac
    shift
  done
  case $database in "" | postgresql://*) ;; *) fail "--database needs an address that begins with postgresql://" ;; esac
  mkdir -p "$site"/{log,run,mail,selfdestruct,embedded,gateway}
  chmod 700 "$site" "$site"/{selfdestruct,embedded,gateway}
  choose_database "$database"
  build
  stop_programs
  check_ports
  start_postgres
  certificates
  configure
  say "starting"
  background mail python3 "$top/installers/demo/mail_catcher.py" --port 2525 --directory "$site/mail"
  start_core
  start_edge selfdestruct selfdestruct "$selfdestruct_url" 9444 9443
  start_edge embedded selfdestruct "$core_url/selfdestruct" 9446 9445
  start_edge gateway gateway "$gateway_url" 9454 9453
  settle wait --name selfdestruct
  settle wait --name embedded
  settle wait --name gateway
  settle place --name Demonstration --gateway gateway
  write_site_json
  report
}

report() {
  cat <<END

Sallyport runs.
  web site and API     $core_url
  recipients' portal   $selfdestruct_url   (embedded: $core_url/selfdestruct)
  session gateway      $gateway_url   (the site "Demonstration", with this machine as its host)
  sign in as           $admin
  one-time password    $(cat "$site/admin.password")   (until it was changed at the first sign-in)
  API token            $site/api-token
  mail that was sent   $site/mail/Maildir
  logs                 $site/log

Browsers will warn until they trust this site's own authority: $(ca_certificate)
  for curl             --cacert '$(ca_certificate)'
  for this machine     sudo cp '$(ca_certificate)' /usr/local/share/ca-certificates/sallyport-quickstart.crt && sudo update-ca-certificates
  for a browser        import it under Settings, Certificates, Authorities

Try it:
  echo 'the code is 4711' | '$bin/sallyport' --server $core_url --ca '$(ca_certificate)' --token-file '$site/api-token' send
  installers/quickstart.sh status | stop | reset
END
}

stop_programs() {
  local name
  for name in $(names | tac); do ask_to_end "$name"; done
  for name in $(names | tac); do wait_for_end "$name"; done
}

stop() {
  [ -d "$site/run" ] || { echo "nothing runs: there is no site in $site"; return 0; }
  stop_programs
  stop_postgres
  echo "stopped; quickstart.sh starts it again, with everything it held"
}

status() {
  local name pid all=0
  [ -d "$site/run" ] || { echo "there is no site in $site; quickstart.sh makes one"; return 3; }
  for name in $(names); do
    if pid=$(pid_of "$name"); then printf '%-14s runs, process %s\n' "$name" "$pid"; else printf '%-14s stopped\n' "$name"; all=3; fi
  done
  [ "$all" = 0 ] && "$bin/sallyport" --server "$core_url" --ca "$(ca_certificate)" --token-file "$site/api-token" edge list
  return "$all"
}

reset() {
  local answer=
  [ -d "$site" ] || { echo "nothing to forget: there is no site in $site"; return 0; }
  if [ "${1:-}" != --yes ]; then
    read -rp "This deletes $site with every message, account and key in it. Type yes to go on: " answer || true
    [ "$answer" = yes ] || fail "nothing was deleted"
  fi
  stop_programs
  stop_postgres
  rm -rf "$site"
  case $(pg_folder) in /var/lib/postgresql/sallyport-quickstart-*) rm -rf "$(pg_folder)" ;; esac
  echo "deleted $site"
}

case ${1:-start} in
  start) shift || true; start "$@" ;;
  --database | --database=* | --with-postgresql) start "$@" ;;
  stop) stop ;;
  status) status ;;
  reset) reset "${2:-}" ;;
  -h | --help | help) help ;;
  *) help >&2; fail "unknown command $1" ;;
esac
