#!/bin/sh
# Builds an edge's page into a folder (default: dist in the page's own).
# Does nothing when nothing changed since the last time.
#
#   build.sh PAGE [FOLDER]
set -eu
shared=$(cd "$(dirname "$0")" && pwd)
here=$(cd "$1" && pwd)
out=$(realpath -m "${2:-$here/dist}")
cd "$here"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "build.sh: error: node and npm are needed to build the page" >&2
  echo "build.sh: hint: apt-get install nodejs npm (node 20 or later)" >&2
  exit 1
fi

# Two builds may run at once; only one of them installs.
install_packages() {
  mkdir -p node_modules
  (
    flock 9
    cmp -s package-lock.json node_modules/.installed-lock && exit 0
    npm ci --no-progress --loglevel=error >&2
    cp package-lock.json node_modules/.installed-lock
  ) 9<"$PWD"
}

fingerprint() {
  find src build.mjs "$shared" csp.txt package-lock.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
}

now=$(fingerprint)
if [ -f "$out/assets.cpp" ] && [ "$now" = "$(cat "$out/.fingerprint" 2>/dev/null)" ]; then
  exit 0
fi
install_packages
rm -f "$out/.fingerprint"
node build.mjs "$out"
printf '%s' "$now" >"$out/.fingerprint"
