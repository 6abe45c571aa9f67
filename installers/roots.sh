# shellcheck shell=bash
# Sourced by build-packages.sh and tests/install/run.sh: root file systems of Debian, made by mmdebstrap from the archive that this machine uses.

archive_of_this_machine() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | sort -u | head -1
}

# bootstrap SUITE TARGET MIRROR OPTION...: TARGET is a folder or a .tar; an empty MIRROR is this machine's.
bootstrap() {
  local suite=$1 target=$2 mirror=${3:-$(archive_of_this_machine)} proxy proxies=()
  shift 3
  [ -n "$mirror" ] || { echo "error: this machine's apt names no archive of Debian; say --mirror URL" >&2; return 1; }
  command -v mmdebstrap >/dev/null || { echo "error: mmdebstrap is needed: apt-get install mmdebstrap" >&2; return 1; }
  for proxy in http https; do
    proxy=$(apt-config dump --format '%f "%v";%n' "Acquire::$proxy::Proxy")
    [ -z "$proxy" ] || proxies+=(--aptopt="$proxy")
  done
  mmdebstrap "${proxies[@]}" "$@" "$suite" "$target" "$mirror" >&2 ||
    { echo "error: mmdebstrap could not make a $suite from $mirror" >&2; return 1; }
}
