#!/bin/sh
# Turns fresh namespaces into one server of the demo. Arguments: SEED (a folder) and ADDRESS.
# It runs as process 1 of the namespaces. Of the machine, the server sees only its programs
# (/usr and what belongs to it), read-only, and a few settings; all else is its own, in memory.
set -eu
seed=$1 address=$2

# The number by which the world outside knows this process.
read -r pid _ </proc/self/stat
echo "pid $pid"

mount -t tmpfs -o mode=755,size=8g tmpfs "$seed/mount"
cd "$seed/mount"
mkdir upper work root
for entry in /* /.[!.]*; do
    case ${entry#/} in
    bin | sbin | lib | lib32 | lib64 | libx32 | usr) ;;
    *) [ ! -e "$entry" ] || mknod "upper$entry" c 0 0 ;; # overlay's mark for "not there"
    esac
done
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root

cd root
mkdir -p dev etc home opt proc root/.ssh run srv sys tmp var/lib var/log var/tmp .machine
chmod 700 root root/.ssh
chmod 1777 tmp var/tmp
for each in alternatives bash.bashrc crypto-policies debian_version default gai.conf \
    ld.so.cache ld.so.conf ld.so.conf.d localtime login.defs mime.types \
    nsswitch.conf os-release profile protocols redhat-release rpc security services \
    shells system-release timezone; do
    [ ! -e "/etc/$each" ] || cp -a "/etc/$each" etc/
done
[ ! -d /var/lib/rpm ] || cp -a /var/lib/rpm var/lib/
# Whatever could switch off or restart is replaced or gone, even though the namespaces and the
# capabilities given up below already keep it from the machine.
rm -f usr/bin/systemctl bin/systemctl
for each in halt init poweroff reboot shutdown telinit; do
    rm -f "usr/sbin/$each" "sbin/$each"
done
cp -a --remove-destination "$seed/files/." .
chown -R 0:0 root etc/ssh
for each in halt shutdown; do ln -s poweroff "usr/sbin/$each"; done

mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
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
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
[ ! -e proc/sysrq-trigger ] || mount --bind dev/null proc/sysrq-trigger

hostname "$(cat etc/hostname)"
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip link set lo up
ip link set eth0 addrgenmode none
ip address add "$address/24" dev eth0
ip link set eth0 up
ip route add default via 10.77.0.1

pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    setpriv --bounding-set=-sys_admin,-sys_boot,-sys_module,-sys_rawio,-sys_time,-mknod \
    /bin/sh /etc/decant-demo/init
