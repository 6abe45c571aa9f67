# shellcheck shell=bash disable=SC2086  # lists of packages are meant to be split
# Sourced by quickstart.sh and tests/run.sh: the packages of the lists beside this file, and a Node that is new enough.
# Needs: $top, the folder of the repository.
: "${top:?}"

oldest_node=20.19.0

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "error: installing packages needs root: run this as root, or install sudo" >&2
    return 1
  fi
}

# The packages of a list, one a line; of alternatives the first that is installed or that apt knows.
packages_of() {
  local line choice found
  grep -v '^#' "$1" | while read -r line; do
    found=
    for choice in ${line//|/ }; do
      if [ -z "$found" ] && { installed "$choice" || available "$choice"; }; then found=$choice; fi
    done
    echo "${found:-${line%% *}}"
  done
}

# Those of the lists given that are not there. A Node from elsewhere stands for Debian's, and brings its own npm.
missing_of() {
  local list name
  for list in "$@"; do
    for name in $(packages_of "$list"); do
      [ "$name" = nodejs ] && command -v node >/dev/null && continue
      [ "$name" = npm ] && command -v npm >/dev/null && continue
      installed "$name" || echo "$name"
    done
  done
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }
available() { [ -n "$(apt-cache policy "$1" 2>/dev/null | sed -n '/Candidate: [^(]/p')" ]; }

# Installs what is missing of the lists given; silent and quick when nothing is.
install_packages() {
  local missing
  missing=$(missing_of "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || { echo "error: this is no Debian: install by hand:" $missing >&2; return 1; }
  echo "reading the package lists"
  as_root apt-get update -qq
  missing=$(missing_of "$@")
  echo "installing $(echo "$missing" | wc -l) packages:" $missing
  # --no-remove: a package of yours that stands in the way is yours to take away.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-remove $missing
}

node_is_new_enough() {
  command -v node >/dev/null || return 1
  local have
  have=$(node --version | tr -d v)
  [ "$(printf '%s\n' "$oldest_node" "$have" | sort -V | head -1)" = "$oldest_node" ]
}

# Debian 12 has Node 18, which the web site's builder refuses: take the Node that npm carries, into var/tools.
use_node() {
  local tools=$top/var/tools kind
  export PATH=$tools/node/bin:$PATH
  node_is_new_enough && return 0
  case $(uname -m) in x86_64) kind=linux-x64 ;; aarch64) kind=linux-arm64 ;; *) kind=;; esac
  [ -n "$kind" ] || { echo "error: Node $oldest_node or newer is needed, and npm has none for $(uname -m)" >&2; return 1; }
  echo "installing Node 22 for the build of the web pages into var/tools"
  mkdir -p "$tools/node/bin"
  npm install --silent --no-audit --no-fund --prefix "$tools" "node-$kind@22"
  ln -sf "$tools/node_modules/node-$kind/bin/node" "$tools/node/bin/node"
  hash -r
  node_is_new_enough || { echo "error: the Node that npm brought is $(node --version); $oldest_node or newer is needed" >&2; return 1; }
}
