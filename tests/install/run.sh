#!/usr/bin/env bash
# Installs, uses, upgrades, removes and purges the packages on fresh machines. See --help.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

# shellcheck source=installers/roots.sh
. "$top/installers/roots.sh"

help() {
  cat <<END
tests/install/run.sh [--suite bookworm|trixie] [--packages DIR] [--fresh]

Takes the packages of DIR (default: build/deb/SUITE, where installers/build-packages.sh puts them) and lives their whole life on four fresh machines of
Debian: a core inside, a portal in a DMZ, a gateway at a site, a recipient outside. A firewall lets only the core to both (9443), everybody to both (443) and
the gateway to its hosts (22) through, of which there is one. Each boots its own systemd in namespaces of its own, so the services run under their units.
Needs root, mmdebstrap, nftables and OpenSSH's server.

--fresh   make the fresh root file system anew; else the one in var/packages is used again
END
}

fail() { echo "run.sh: error: $*" >&2; exit 1; }

suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}") packages='' fresh=''
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suite=${2:?--suite needs a name}; shift ;;
    --packages) packages=${2:?--packages needs a folder}; shift ;;
    --fresh) fresh=1 ;;
    -h | --help) help; exit 0 ;;
    *) help >&2; fail "unknown option $1" ;;
  esac
  shift
done
packages=$(realpath -m "${packages:-$top/build/deb/$suite}")
compgen -G "$packages/sallyport-core_*.deb" >/dev/null || fail "no packages in $packages; installers/build-packages.sh --suite $suite makes them"
if [ "$(id -u)" != 0 ]; then
  echo "root is needed to make machines and networks: everything is skipped" >&2
  exec env PYTHONPATH="$top/tests/install:$top/tests" /usr/bin/python3 -m unittest -v test_install
fi
for tool in mmdebstrap nft ip; do command -v $tool >/dev/null || fail "$tool is missing: see installers/packages-test.txt"; done

archive=$top/var/packages/fresh-$suite.tar
[ -z "$fresh" ] || rm -f "$archive"
if [ ! -f "$archive" ]; then
  mkdir -p "${archive%/*}"
  bootstrap "$suite" "$archive.part.tar" "" --variant=minbase --include=systemd-sysv || fail "there is no fresh $suite"
  mv "$archive.part.tar" "$archive"
fi
place=$(mktemp -d "${TMPDIR:-/var/tmp}/sallyport-install.XXXXXX")
trap 'rm -rf --one-file-system "$place"' EXIT
chmod 755 "$place"
mkdir "$place/base" "$place/cgroup"
tar -C "$place/base" -xf "$archive"
cp -L /etc/resolv.conf "$place/base/etc/resolv.conf"
chroot "$place/base" apt-get update -qq

# Its own mounts, names of networks and processes: nothing stays behind.
unshare --mount --pid --fork --kill-child --mount-proc --propagation=private sh -c '
  mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && mount -t cgroup2 cgroup2 "$0" && exec "$@"' "$place/cgroup" \
  env PYTHONPATH="$top/tests/install:$top/tests" INSTALL_PLACE="$place" INSTALL_PACKAGES="$packages" \
  /usr/bin/python3 -W ignore::ResourceWarning -m unittest -v test_install
