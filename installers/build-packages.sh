#!/usr/bin/env bash
# Makes the Debian packages. See --help.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=installers/packages.sh
. "$top/installers/packages.sh"

help() {
  cat <<END
build-packages.sh [--suite bookworm|trixie] [--out DIR]   in a clean root file system (needs root and mmdebstrap)
build-packages.sh --here [--out DIR]                      on this machine, with what is installed here

Makes sallyport-core, sallyport-selfdestruct, sallyport-certs and sallyport as .deb, with .buildinfo, .changes, lintian's report, and a bill of
materials (sbom.cdx.json, CycloneDX 1.5), in DIR (default: build/deb/SUITE). What is committed is built, and the same commit gives the same bytes.

--fresh          make the clean root anew; else the one in var/packages is used again
--mirror URL     Debian's archive; default: the one of this machine's apt
--version V      default: the project's version and +debN
--no-cache       compile without ccache
END
}

fail() { echo "build-packages.sh: error: $*" >&2; exit 1; }
say() { echo "==> $*" >&2; }

suite= out= here= fresh= mirror= version= cache=1 inside=
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=${2:?--suite needs a name}; shift ;;
    --out) out=${2:?--out needs a folder}; shift ;;
    --mirror) mirror=${2:?--mirror needs an address}; shift ;;
    --version) version=${2:?--version needs a number}; shift ;;
    --here) here=1 ;;
    --fresh) fresh=1 ;;
    --no-cache) cache= ;;
    --inside) inside=1 ;; # by this script alone: in the clean root
    -h | --help) help; exit 0 ;;
    *) help >&2; fail "unknown option $1" ;;
  esac
  shift
done

own_suite() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }
suite=${suite:-$(own_suite)}
case $suite in
  bookworm) number=12 ;;
  trixie) number=13 ;;
  *) fail "there are packages for bookworm and trixie, not for $suite" ;;
esac
project_version=$(sed -n 's/^project(sallyport VERSION \([0-9.]*\).*/\1/p' "$top/CMakeLists.txt")
version=${version:-$project_version+deb$number}
out=$(realpath -m "${out:-$top/build/deb/$suite}")

# --- The tree that is built: what is committed, with debian/ on top.
lay_out_tree() {
  local tree=$1
  mkdir -p "$tree"
  git -C "$top" archive HEAD | tar -C "$tree" -xf -
  cp -r "$tree/installers/deb/debian" "$tree/debian"
  export SOURCE_DATE_EPOCH
  SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct)
  cat >"$tree/debian/changelog" <<END
sallyport ($version) $suite; urgency=medium

  * Made from the project's tree; what changed stands in changelog/.

 -- The Sallyport project <sallyport@localhost>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END
  echo "$SOURCE_DATE_EPOCH" >"$tree/debian/epoch"
  find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

# --- In the clean root, or here: $1 is the tree.
build_tree() {
  local tree=$1
  SOURCE_DATE_EPOCH=$(cat "$tree/debian/epoch")
  export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
  [ -n "$cache" ] || export CCACHE_DISABLE=1
  (top=$tree && use_node && cd "$tree" && PATH=$PATH dpkg-buildpackage -b -us -uc --no-check-builddeps) || fail "the build failed"
  "$tree/installers/sbom.py" --version "$version" --suite "$suite" --epoch "$SOURCE_DATE_EPOCH" --tree "$tree" \
    --out "$(dirname "$tree")/sbom.cdx.json" "$tree"/build/packages/bin/sallyport*
}

check() {
  command -v lintian >/dev/null || { say "lintian is not installed, so nobody looked at the packages"; return 0; }
  say "lintian"
  lintian --allow-root --fail-on error,warning "$1"/*.changes | tee "$1/lintian.txt" || fail "lintian found the above"
}

take_out() {
  mkdir -p "$out"
  rm -f "$out"/sallyport*.deb "$out"/*.changes "$out"/*.buildinfo "$out/sbom.cdx.json"
  cp "$1"/*.deb "$1"/*.changes "$1"/*.buildinfo "$1/sbom.cdx.json" "$out/"
}

report() {
  (cd "$out" && sha256sum ./*.deb sbom.cdx.json)
  say "the packages are in $out; install them with: apt install $out/sallyport-core_*.deb"
}

# --- The clean root
archive_of_this_machine() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | sort -u | head -1
}

make_root() {
  local root=$1 archive=$2 proxy options=()
  mirror=${mirror:-$(archive_of_this_machine)}
  [ -n "$mirror" ] || fail "this machine's apt names no archive of Debian; say --mirror URL"
  command -v mmdebstrap >/dev/null || fail "mmdebstrap is needed: apt-get install mmdebstrap"
  for proxy in http https; do
    proxy=$(apt-config dump --format '%f "%v";%n' "Acquire::$proxy::Proxy")
    [ -z "$proxy" ] || options+=(--aptopt="$proxy")
  done
  say "making a clean $suite (once; --fresh does it again)"
  mkdir -p "$top/var/packages"
  mmdebstrap --variant=buildd "${options[@]}" --include=ca-certificates "$suite" "$root" "$mirror" >&2 ||
    fail "mmdebstrap could not make a $suite from $mirror"
  lend_network "$root"
  mkdir -p "$root/build"
  cp -r "$top/installers" "$root/build/"
  in_root "$root" bash -c 'top=/build && . /build/installers/packages.sh &&
    install_packages /build/installers/packages-build.txt /build/installers/packages-deb.txt && apt-get clean && rm -rf /build' >&2
  tar -C "$root" --exclude=./proc/* --exclude=./dev/* -cf "$archive.part" .
  mv "$archive.part" "$archive"
}

# What the machine needs to reach its archives and registries goes with us, and stays out of the packages.
lend_network() {
  local root=$1 authority=${NODE_EXTRA_CA_CERTS:-${SSL_CERT_FILE:-}}
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  cp /etc/hosts "$root/etc/hosts"
  [ -z "$authority" ] || cp -L "$authority" "$root/root/authority.pem"
  if [ -f "$HOME/.npmrc" ]; then cp "$HOME/.npmrc" "$root/root/.npmrc"; fi
}

in_root() {
  local root=$1
  shift
  unshare --mount --pid --fork --kill-child --propagation=private sh -c '
    root=$1; shift
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    [ -z "$CACHE" ] || { mkdir -p "$CACHE" "$root/ccache"; mount --bind "$CACHE" "$root/ccache"; }
    exec chroot "$root" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
      http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" CCACHE_DIR=/ccache CCACHE_COMPILERCHECK=content \
      NODE_EXTRA_CA_CERTS="$([ -f "$root/root/authority.pem" ] && echo /root/authority.pem)" "$@"' sh "$root" "$@"
}

build_in_root() {
  local archive=$top/var/packages/$suite.tar root
  [ "$(id -u)" = 0 ] || fail "a clean root file system needs root; --here does without"
  [ -z "$fresh" ] || rm -f "$archive"
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/sallyport-packages.XXXXXX")
  # shellcheck disable=SC2064 # now, not later
  trap "rm -rf --one-file-system '$root'" EXIT
  chmod 755 "$root"
  export CACHE=
  if [ -f "$archive" ]; then tar -C "$root" -xf "$archive"; else make_root "$root" "$archive"; fi
  lend_network "$root"
  lay_out_tree "$root/build/sallyport-$version"
  [ -z "$cache" ] || CACHE=$top/var/packages/ccache-$suite
  in_root "$root" "/build/sallyport-$version/installers/build-packages.sh" --inside --suite "$suite" --version "$version" $([ -n "$cache" ] || echo --no-cache)
  take_out "$root/build"
  cp "$root/build/lintian.txt" "$out/"
}

build_here() {
  local place
  [ "$suite" = "$(own_suite)" ] || fail "--here builds for this machine's $(own_suite); without it, a clean $suite is made"
  install_packages "$top/installers/packages-build.txt" "$top/installers/packages-deb.txt"
  place=$(mktemp -d "${TMPDIR:-/var/tmp}/sallyport-packages.XXXXXX")
  # shellcheck disable=SC2064 # now, not later
  trap "rm -rf '$place'" EXIT
  lay_out_tree "$place/sallyport-$version"
  build_tree "$place/sallyport-$version"
  check "$place"
  take_out "$place"
  cp "$place/lintian.txt" "$out/"
}

if [ -n "$inside" ]; then
  say "building"
  build_tree "$top"
  check "$(dirname "$top")"
elif [ -n "$here" ]; then
  build_here
  report
else
  build_in_root
  report
fi
