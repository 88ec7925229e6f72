#!/bin/sh
# Turns fresh namespaces into one server. Arguments: ROOT (only read), FOLDER, NAME, ADDRESS, GATEWAY.
# What the server writes is in memory.
set -eu
root=$1 folder=$2 name=$3 address=$4 gateway=$5

mount -t tmpfs -o mode=755 tmpfs "$folder/mount"
cd "$folder/mount"
mkdir lower upper work root
mount --bind "$root" lower
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root
cd root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p run/sshd run/lock root/.ssh
cp "$folder/machine-id" etc/machine-id
cp "$folder/authorized_keys" root/.ssh/authorized_keys
cp "$folder/host_key" etc/ssh/ssh_host_ed25519_key
chmod 700 root root/.ssh
chmod 600 root/.ssh/authorized_keys etc/ssh/ssh_host_ed25519_key
echo "$name" >etc/hostname
echo "$address $name.example.org $name" >>etc/hosts
mkdir "$folder/srv"
mount --bind "$folder/srv" srv
hostname "$name"
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip link set lo up
ip address add "$address/24" broadcast + dev eth0
ip link set eth0 up
ip link add br0 type bridge
ip address add 10.79.0.1/24 dev br0
ip route add default via "$gateway"
[ -e etc/mtab ] || ln -s /proc/self/mounts etc/mtab
chroot . cron
exec chroot . /usr/sbin/sshd -D -e -o HostKey=/etc/ssh/ssh_host_ed25519_key -o UseDNS=no
