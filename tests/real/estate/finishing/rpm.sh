#!/bin/sh
# Turns a system of Debian's packages into one of rpm packages: each installed package is built
# anew as an rpm of the same name, version and files, and the rpm database takes the place of
# dpkg's. The programs stay Debian's, and the system says so in its name. Argument: the root.
# It mounts, so it wants a mount namespace of its own.
set -eu
cd "$1"
mount -t proc proc proc
mount --bind /dev dev
work=$PWD/rpm-work
mkdir "$work" "$work/files"
# shellcheck disable=SC2016 # dpkg-query expands these
chroot . dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\t${binary:Summary}\n' |
    grep -vE '^(dpkg|apt|debian-archive-keyring|libapt-pkg[0-9.]*)	' >"$work/packages"

# The files of one package that are there, each in a line. To a package, /lib is a folder of its
# own; here it is a link to /usr/lib, which belongs to none.
files_of() {
    list=var/lib/dpkg/info/$1.list
    [ -e "$list" ] || list=var/lib/dpkg/info/$1:$2.list
    while IFS= read -r path; do
        case $path in /bin | /sbin | /lib | /lib32 | /lib64 | /libx32) continue ;; esac
        if [ -L ".$path" ] || [ -f ".$path" ]; then printf '%s\n' "$path"; fi
    done <"$list"
}

{
    cat <<'END'
%define debug_package %{nil}
%define __os_install_post %{nil}
%define _build_id_links none
%define _binary_payload w0.gzdio
Name: debian-system
Version: 12
Release: 1
Summary: Debian's programs in rpm packages
License: various
AutoReqProv: no
%description
%{summary}.
%install
mkdir -p %{buildroot}
cp -al /usr /etc /var %{buildroot}/
for each in bin sbin lib lib32 lib64 libx32; do
    if [ -L /$each ]; then cp -a /$each %{buildroot}/; fi
done
END
    while IFS='	' read -r name version architecture summary; do
        files_of "$name" "$architecture" >"$work/files/$name"
        case $version in *:*) epoch=${version%%:*} version=${version#*:} ;; *) epoch= ;; esac
        case $version in *-*) release=${version##*-} version=${version%-*} ;; *) release=1 ;; esac
        version=$(printf %s "$version" | tr - _) # rpm knows no version with a dash
        printf '%%package -n %s\nVersion: %s\nRelease: %s\n' "$name" "$version" "$release"
        [ -z "$epoch" ] || printf 'Epoch: %s\n' "$epoch"
        printf 'Summary: %s\nAutoReqProv: no\n' "$summary"
        printf '%%description -n %s\n%s.\n' "$name" "$summary"
        list=
        [ ! -s "$work/files/$name" ] || list="-f /rpm-work/files/$name"
        printf '%%files -n %s %s\n' "$name" "$list"
    done <"$work/packages"
} >"$work/system.spec"

mkdir -p etc/rpm
echo '%_dbpath /var/lib/rpm' >etc/rpm/macros # where it is on systems that have no other packages
chroot . rpmbuild -bb --quiet --define '_topdir /rpm-work' --define '_rpmdir /rpm-work/made' \
    --define '__check_files %{nil}' /rpm-work/system.spec
chroot . sh -c 'rpm --install --justdb --nodeps --nosignature /rpm-work/made/*/*.rpm'
files_of dpkg amd64 >"$work/gone"
files_of apt amd64 >>"$work/gone"
while IFS= read -r path; do rm -f ".$path"; done <"$work/gone"
umount proc dev
rm -rf "$work" var/lib/dpkg var/lib/apt var/cache/apt etc/apt etc/dpkg etc/debian_version
rm -f etc/systemd/system/timers.target.wants/apt-* etc/systemd/system/timers.target.wants/dpkg-*
rm -f usr/lib/os-release etc/os-release
cat >etc/os-release <<END
NAME="Decant test system of rpm packages"
ID=decant-rpm
VERSION_ID="12"
PRETTY_NAME="Debian 12's programs in rpm packages"
END
