#!/bin/sh
# Turns fresh namespaces into one server of the estate. Arguments: ROOT (a folder that is only
# read), SEED (a folder: files/ lie over the root, dmi/ is its firmware), ADDRESS, and the command
# that becomes process 1. What the server writes is in memory.
set -eu
umask 022
root=$1 seed=$2 address=$3
shift 3

# The number by which the world outside knows this process.
read -r pid _ </proc/self/stat
echo "pid $pid"

mount -t tmpfs -o mode=755,size=4g tmpfs "$seed/mount"
cd "$seed/mount"
mkdir lower upper work root
mount --bind "$root" lower
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root
chmod -R u=rwX,go=rX "$seed/files"
cp -R "$seed/files/." root

cd root
chmod 700 root root/.ssh
chmod 600 etc/ssh/ssh_host_ed25519_key
mkdir -p .machine
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
[ ! -e proc/sysrq-trigger ] || mount --bind /dev/null proc/sysrq-trigger
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
[ ! -d sys/devices/virtual/dmi/id ] || mount --bind "$seed/dmi" sys/devices/virtual/dmi/id
mount -t tmpfs -o mode=755,size=64k tmpfs dev
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    IFS=: read -r name major minor <<END
$node
END
    mknod -m 666 "dev/$name" c "$major" "$minor"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs dev/shm
for each in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
    ln -s "/proc/self/${each#*:}" "dev/${each%:*}"
done
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/lock

hostname "$(cat etc/hostname)"
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip link set lo up
ip link set eth0 addrgenmode none
ip address add "$address/24" broadcast + dev eth0
ip link set eth0 up
ip route add default via 10.77.0.1

# What could reach the machine itself is given up; what systemd needs is kept.
# shellcheck disable=SC2016 # expanded by the inner shell
exec setpriv --bounding-set=-sys_boot,-sys_module,-sys_rawio,-sys_time,-mknod sh -c '
    pivot_root . .machine
    cd /
    umount -l /.machine
    rmdir /.machine
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        TERM=linux container=namespaces "$@" </dev/null >/dev/null 2>&1
' boot "$@"
