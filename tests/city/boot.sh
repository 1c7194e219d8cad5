#!/bin/sh
# Become the first process of a machine: called by debian_machine.py in namespaces of its own.
# boot.sh <base> <upper> <work> <root> <package cache>: the root is what the machine wrote, over the Debian that was unpacked.
set -eu
base=$1 upper=$2 work=$3 root=$4 cache=$5
mount -t overlay overlay -o "lowerdir=$base,upperdir=$upper,workdir=$work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup" -o mode=755
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run" -o mode=755
mount -t tmpfs tmpfs "$root/tmp" -o mode=1777
mount -t tmpfs tmpfs "$root/dev" -o mode=755
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root/dev/pts" "$root/dev/shm"
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666,mode=620
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/dev/shm" -o mode=1777
# PostgreSQL's disk, small enough to fill.
mkdir -p "$root/var/lib/postgresql"
mount -t tmpfs tmpfs "$root/var/lib/postgresql" -o mode=755,size=700m
# What apt and pip download is kept for the next machine.
mkdir -p "$cache/apt" "$cache/pip" "$root/var/cache/apt/archives" "$root/root/.cache/pip"
mount --bind "$cache/apt" "$root/var/cache/apt/archives"
mount --bind "$cache/pip" "$root/root/.cache/pip"
exec env -i container=lms-city PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /lib/systemd/systemd
