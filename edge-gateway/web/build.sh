#!/bin/sh
# Builds the terminal page into a folder (default: dist beside this file).
# Does nothing when nothing changed since the last time.
#
#   build.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/../../tools/web/build.sh" "$here" "$@"
