#!/bin/sh
# A private PostgreSQL for tests: a cluster in a temporary folder, on a unix socket and a free port of 127.0.0.1.
#   eval "$(tests/postgres.sh start [FOLDER])"   sets SALLYPORT_TEST_POSTGRES and SALLYPORT_TEST_POSTGRES_DIR
#   tests/postgres.sh stop [FOLDER]              stops it and removes the folder
#   tests/postgres.sh pause|resume [FOLDER]      stops and starts the server alone, to see how we bear it
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "postgres.sh: error: PostgreSQL is not installed" >&2; echo "postgres.sh: hint: apt-get install postgresql" >&2; exit 1; }

as_postgres() { # initdb and postgres refuse to run as root
  if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups -- env HOME=/tmp "$@"; else "$@"; fi
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

action=${1:-}
folder=${2:-${SALLYPORT_TEST_POSTGRES_DIR:-}}
case $action in
start)
  [ -n "$folder" ] || folder=$(mktemp -d /tmp/sallyport-postgres-XXXXXX)
  mkdir -p "$folder"
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  chmod 711 "$folder"
  as_postgres "$bin/initdb" -D "$folder/data" -U sallyport -A trust -E UTF8 --locale=C --no-sync >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
  rm -f "$folder.log"
  port=$(free_port)
  cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 200
fsync = ${SALLYPORT_TEST_POSTGRES_FSYNC:-off}
shared_buffers = 64MB
CONF
  as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 start >&2
  echo "export SALLYPORT_TEST_POSTGRES='postgresql://sallyport@127.0.0.1:$port/postgres'"
  echo "export SALLYPORT_TEST_POSTGRES_DIR='$folder'"
  ;;
stop)
  [ -d "$folder/data" ] || { echo "postgres.sh: error: no cluster in '$folder'" >&2; exit 1; }
  as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >&2 || true
  rm -rf "$folder"
  ;;
pause) as_postgres "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >&2 ;;
resume) as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 start >&2 ;;
*)
  echo "usage: postgres.sh start|stop|pause|resume [FOLDER]" >&2
  exit 2
  ;;
esac
