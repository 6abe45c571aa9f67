#!/bin/sh
# Boots the systemd of a root file system, already in namespaces of its own (machines.py): boot.sh ROOT
set -e
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
pivot_root . mnt
# shellcheck disable=SC2093 # not after it: instead of this shell
exec chroot . sh -c 'umount -l /mnt && exec env -i container=test /lib/systemd/systemd --system --unit=multi-user.target --show-status=no'
