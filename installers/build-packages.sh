#!/usr/bin/env bash
# Makes the Debian packages. See --help.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=installers/packages.sh
. "$top/installers/packages.sh"
# shellcheck source=installers/roots.sh
. "$top/installers/roots.sh"

help() {
  cat <<END
build-packages.sh [--suite bookworm|trixie] [--out DIR]   in a clean root file system (needs root and mmdebstrap)
build-packages.sh --here [--out DIR]                      on this machine, with what is installed here

Makes sallyport-core, sallyport-selfdestruct, sallyport-gateway, sallyport-certs and sallyport as .deb, with .buildinfo, .changes, lintian's report, and a bill of
materials (sbom.cdx.json, CycloneDX 1.5), in DIR (default: build/deb/SUITE). What is committed is built, and the same commit gives the same bytes.

--only PACKAGE   this package alone
--twice          build again in a second clean root, and fail unless both gave the same bytes
--fresh          make the clean root anew; else the one in var/packages is used again
--prepare        make the clean root, and nothing in it
--mirror URL     Debian's archive; default: the one of this machine's apt
--version V      default: the project's version and +debN
--cache DIR      ccache's folder, also from build to build; default: one for each suite in var/packages
--no-cache       compile without ccache
--programs DIR   with --here: no build, but the programs of this build folder. Quick, for tests of the packages; the bytes are not those of a real build
END
}

fail() { echo "build-packages.sh: error: $*" >&2; exit 1; }
say() { echo "==> $*" >&2; }

suite='' out='' here='' fresh='' mirror='' version='' cache=own inside='' prepare='' twice='' programs='' only=''
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=${2:?--suite needs a name}; shift ;;
    --out) out=${2:?--out needs a folder}; shift ;;
    --mirror) mirror=${2:?--mirror needs an address}; shift ;;
    --version) version=${2:?--version needs a number}; shift ;;
    --here) here=1 ;;
    --prepare) prepare=1 ;;
    --twice) twice=1 ;;
    --only) only=${2:?--only needs the name of a package}; shift ;;
    --cache) cache=${2:?--cache needs a folder}; shift ;;
    --programs) programs=$(realpath "${2:?--programs needs a build folder}"); shift ;;
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
[ -z "$programs" ] || [ -n "$here" ] || fail "--programs is for --here: a clean root has its own compiler"
[ "$cache" != own ] || cache=$top/var/packages/ccache-$suite

# --- The tree that is built: what is committed now, also when a second build follows, with debian/ on top.
[ -n "$inside" ] || commit=$(git -C "$top" rev-parse HEAD)
lay_out_tree() {
  local tree=$1
  mkdir -p "$tree"
  git -C "$top" archive "$commit" | tar -C "$tree" -xf -
  cp -r "$tree/installers/deb/debian" "$tree/debian"
  export SOURCE_DATE_EPOCH
  SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct "$commit")
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
  [ -z "$only" ] || export DH_OPTIONS=-p$only
  [ -n "$cache" ] || export CCACHE_DISABLE=1
  [ -z "$programs" ] || take_programs "$tree"
  (top=$tree && use_node && cd "$tree" && PATH=$PATH dpkg-buildpackage -b -us -uc --no-check-builddeps) || fail "the build failed"
  "$tree/installers/sbom.py" --version "$version" --suite "$suite" --epoch "$SOURCE_DATE_EPOCH" --tree "$tree" \
    --out "$(dirname "$tree")/sbom.cdx.json" "$tree"/build/packages/bin/sallyport*
}

take_programs() {
  mkdir -p "$1/build/packages"
  cp -r "$programs/bin" "$1/build/packages/"
  cp -r "$top/core/web/dist" "$1/core/web/"
  export SALLYPORT_PREBUILT=1 DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1
}

check() {
  command -v lintian >/dev/null || { echo "lintian is not installed: nobody looked at the packages" | tee "$1/lintian.txt" >&2; return 0; }
  say "lintian"
  lintian --allow-root --fail-on error,warning "$1"/*.deb | tee "$1/lintian.txt" || fail "lintian found the above"
}

take_out() {
  mkdir -p "$2"
  rm -f "$2"/sallyport*.deb "$2"/*.changes "$2"/*.buildinfo "$2/sbom.cdx.json" "$2/lintian.txt"
  cp "$1"/*.deb "$1"/*.changes "$1"/*.buildinfo "$1/sbom.cdx.json" "$1/lintian.txt" "$2/"
}

report() {
  (cd "$out" && sha256sum ./*.deb sbom.cdx.json)
  say "the packages are in $out; install them with: apt install $out/sallyport*.deb"
}

# --- The clean root
make_root() {
  say "making a clean $suite (once; --fresh does it again)"
  bootstrap "$suite" "$1" "$mirror" --variant=buildd --include=ca-certificates || fail "there is no clean root"
}

lists() { cat "$top/installers/packages-build.txt" "$top/installers/packages-deb.txt"; }

# $1 is the root as the lists of packages want it now, from $2, which is kept for the next time.
bring_root() {
  local root=$1 archive=$2
  mkdir -p "$top/var/packages"
  if [ -f "$archive" ]; then tar -C "$root" -xf "$archive"; else make_root "$root"; fi
  lend_network "$root"
  [ -f "$archive" ] && [ "$(lists)" = "$(cat "$archive.lists" 2>/dev/null)" ] && return 0
  mkdir -p "$root/build"
  cp -r "$top/installers" "$root/build/"
  CACHE='' in_root "$root" bash -c 'top=/build && . /build/installers/packages.sh &&
    install_packages /build/installers/packages-build.txt /build/installers/packages-deb.txt && apt-get clean && rm -rf /build' >&2 ||
    fail "the packages that a build needs could not be installed"
  tar -C "$root" --exclude=./proc/* --exclude=./dev/* -cf "$archive.part" .
  mv "$archive.part" "$archive"
  lists >"$archive.lists"
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

# In a root that is gone afterwards; $1 is where the packages go.
build_in_root() {
  local archive=$top/var/packages/$suite.tar root
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/sallyport-packages.XXXXXX")
  # shellcheck disable=SC2064 # now, not later
  trap "rm -rf --one-file-system '$root'" EXIT
  chmod 755 "$root"
  bring_root "$root" "$archive"
  [ -z "$prepare" ] || return 0
  lay_out_tree "$root/build/sallyport-$version"
  CACHE=$cache in_root "$root" "/build/sallyport-$version/installers/build-packages.sh" --inside --suite "$suite" --version "$version" \
    $([ -n "$cache" ] || echo --no-cache) $([ -z "$only" ] || echo --only "$only")
  take_out "$root/build" "$1"
  rm -rf --one-file-system "$root"
}

same_bytes() {
  local one
  for one in "$1"/*.deb "$1/sbom.cdx.json"; do
    cmp "$one" "$2/$(basename "$one")" || fail "built twice, and $(basename "$one") differs: compare $1 and $2, with diffoscope"
  done
  say "built twice: the same bytes"
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
  take_out "$place" "$out"
}

if [ -n "$inside" ]; then
  say "building"
  build_tree "$top"
  check "$(dirname "$top")"
elif [ -n "$here" ]; then
  build_here
  report
else
  [ "$(id -u)" = 0 ] || fail "a clean root file system needs root; --here does without"
  [ -z "$fresh" ] || rm -f "$top/var/packages/$suite.tar"
  build_in_root "$out"
  [ -z "$prepare" ] || exit 0
  if [ -n "$twice" ]; then
    build_in_root "$out/again"
    same_bytes "$out" "$out/again"
  fi
  report
fi
