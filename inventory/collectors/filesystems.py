"""Which filesystems are mounted, how full they are, and which of them other servers serve.

Those that only exist in the kernel's memory are left out. The kernel's table says what is mounted;
``stat`` is asked of the local ones at once, and of each network filesystem apart, under a limit of
its own: one whose server is gone costs its own size, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._df import read_df, read_types
from inventory.collectors._mounts import NETWORK, Mount, network_mounts, read_mounts
from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Filesystem
from inventory.model.storage import NETWORK_MOUNTS, Mounted, NetworkMount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.model.fact import Observation

_IN_MEMORY: Final = frozenset({
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devfs",
    "devpts", "devtmpfs", "efivarfs", "erofs", "fdescfs", "fuse.gvfsd-fuse", "fuse.lxcfs",
    "fuse.portal", "fuse.snapfuse", "fusectl", "hugetlbfs", "iso9660", "linprocfs", "mqueue",
    "nfsd", "none", "nsfs", "proc", "procfs", "pstore", "ramfs", "rootfs", "rpc_pipefs",
    "securityfs", "selinuxfs", "squashfs", "sysfs", "tmpfs", "tracefs",
})  # fmt: skip
_PSEUDO: Final = _IN_MEMORY | frozenset({
    "bootfs", "ctfs", "dev", "fd", "kernfs", "lofs", "mfs", "mntfs", "namefs", "objfs",
    "ptyfs", "sharefs", "swap",
})  # fmt: skip
"""The same elsewhere: of the BSDs and Solaris, whose ``lofs`` shows a folder a second time."""
_OVERLAYS: Final = frozenset({"overlay", "overlayfs", "aufs"})
"""A container's own root is one of these; its machine sees many that belong to containers."""

# Fixed words cost grep a third of what one expression with all of them does. They are of types: a
# device's name begins its line, and a mount point begins with a slash.
# What a source or an option may hold of a password is left out here, before it is sent: curlftpfs
# and its like show it in the table. Only the first three fields of fstab are sent.
_SCRIPT = (
    r"""
clean() {
case $2 in
  nfs*) source=$1 ;;
  *) case $1 in *[:%]*@*) source="***@${1##*@}" ;; *) source=$1 ;; esac ;;
esac
}
listed() {
case $1 in '#'*) return ;; esac
case $3 in
  nfs*|cifs|smb*|ceph|gluster*|fuse.*|davfs*|lustre|9p|afs|sshfs)
    clean "$1" "$3"
    printf '%s %s %s\n' "$source" "$2" "$3" ;;
esac
}
mapped() {
map=${1%%:*}
key=${1#*:}
for place in "$@"; do :; done
clean "$place" "$map"
if [ "$map" = /etc/auto.master ]; then source=$2; fi
printf '%s %s %s\n' "$map" "$key" "$source"
}
if [ -r /proc/self/mounts ]; then
  told=$(grep -aHvF IN_MEMORY /proc/self/mounts /etc/fstab)
  maps=
  if [ -f /etc/auto.master ]; then
    for file in /etc/auto.*; do
      if [ -f "$file" ] && [ ! -x "$file" ]; then maps="$maps $file"; fi
    done
    maps=$(grep -aHE '^[^#+[:space:]]+[[:space:]]+[^[:space:]]' $maps)
  fi
  set -f
  IFS='
'
  set --
  network=
  echo '@@ mounts'
  for line in $told; do
    case $line in /proc/self/mounts:*) line=${line#*:} ;; *) continue ;; esac
    device=${line%% *} line=${line#* }
    folder=${line%% *} line=${line#* }
    type=${line%% *} line=${line#* }
    options=${line%% *}
    case $type in overlay|overlayfs|aufs) if [ "$folder" != / ]; then continue; fi ;; esac
    clean "$device" "$type"
    case $options in *[Pp][Aa][Ss][Ss]*|*secret*|*cred*|*key*|*token*) options='***' ;; esac
    printf '%s %s %s %s\n' "$source" "$folder" "$type" "$options"
    case $folder in *\\*) folder=$(printf '%b.' "$folder") folder=${folder%.} ;; esac
    case $type in
      fuseblk) set -- "$@" "$folder" ;;
      NETWORK) network="$network
$folder" ;;
      *) set -- "$@" "$folder" ;;
    esac
  done
  echo '@@ fstab'
  for line in $told; do
    case $line in
      /etc/fstab:*) IFS=" TAB"; listed ${line#*:}; IFS='
' ;;
    esac
  done
  echo '@@ autofs'
  for line in $maps; do
    IFS=" TAB"; mapped $line; IFS='
'
  done
  echo '@@ sizes'
  if [ "$#" -gt 0 ]; then
    told=$(stat -f -c '%b %f %a %S %c %d %n' "$@")
    if [ "$told" ]; then printf '%s\n' "$told"; else echo '@@ plain'; df -Pk "$@"; fi
  fi
  if [ "$network" ] && command -v timeout >/dev/null; then
    echo '@@ sizes'
    for folder in $network; do
      {
        timeout 3 stat -f -c '%b %f %a %S %c %d %n' "$folder"
        case $? in 124|137|143) printf 'silent %s\n' "$folder" ;; esac
      } &
    done
    wait
  fi
else
  case $(uname) in
    SunOS) echo '@@ types'; df -n; echo '@@ plain'; df -kl ;;
    *BSD|DragonFly|Darwin) echo '@@ typed'; df -PknT || { echo '@@ plain'; df -Pkn; } ;;
    *) echo '@@ plain'; df -Pk || df -k ;;
  esac
fi
:
""".replace("IN_MEMORY", " ".join(f"-e ' {each} '" for each in sorted(_IN_MEMORY)))
    .replace("NETWORK", "|".join(f"{each}*" for each in NETWORK))
    .replace("TAB", "\t")
)

_COUNTS: Final = 6
"""Numbers that stat writes of each filesystem."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "mounts" not in said:
        return (_elsewhere(said), NETWORK_MOUNTS.unknown(Reason.NOT_TOLD, "there is no /proc"))
    mounts = [each for each in read_mounts(said["mounts"]) if _counts(each)]
    sizes = dict(_sizes(said.get("sizes", "")))
    for each in read_df(said.get("plain", "")):
        sizes.setdefault(each.mount_point, each)
    silent = {
        line.removeprefix("silent ")
        for line in said.get("sizes", "").splitlines()
        if line.startswith("silent ")
    }
    # Of what is mounted over something else, only the upper can be seen.
    upper = {each.mount_point: each for each in mounts}
    found = [_filesystem(each, sizes.get(each.mount_point)) for each in upper.values()]
    listed = network_mounts(tuple(upper.values()), silent, sizes.keys(), said)
    return (
        FILESYSTEMS.known(tuple(sorted(_once(found), key=lambda each: each.mount_point))),
        NETWORK_MOUNTS.known(tuple(sorted(listed, key=lambda each: each.mount_point))),
    )


def _elsewhere(said: Mapping[str, str]) -> Observation:
    """Read what df says where the kernel has no table in /proc."""
    types = dict(read_types(said.get("types", "")))
    typed = list(read_df(said.get("typed", ""), typed=True))
    found = typed or list(read_df(said.get("plain", ""), types=types))
    if not found:
        return FILESYSTEMS.unknown(Reason.NOT_TOLD, "df gave nothing")
    kept = [each for each in found if _is_kept(each)]
    return FILESYSTEMS.known(tuple(sorted(_once(kept), key=lambda each: each.mount_point)))


def _is_kept(each: Filesystem) -> bool:
    """Tell whether it holds files on a disk. Where no type is told, the source's name is one."""
    if each.mount_point != "/" and (each.type in _PSEUDO or each.device in _PSEUDO):
        return False
    return bool(each.size_bytes or each.used_bytes)


def _sizes(text: str) -> Iterator[tuple[str, Filesystem]]:
    """Read ``blocks free available block-size inodes free-inodes mount-point``, one a line."""
    for line in text.splitlines():
        *counts, folder = line.split(" ", _COUNTS)
        told = [number(each) for each in counts]
        if len(told) != _COUNTS or None in told:
            continue
        blocks, free, available, size, inodes, free_inodes = (each or 0 for each in told)
        yield (
            folder,
            Filesystem(
                mount_point=folder,
                device="",
                type="",
                size_bytes=blocks * size,
                used_bytes=max(0, blocks - free) * size,
                free_bytes=available * size,
                inodes=inodes or None,
                free_inodes=free_inodes if inodes else None,
            ),
        )


def _filesystem(mount: Mount, sizes: Filesystem | None) -> Filesystem:
    return Filesystem(
        mount_point=mount.mount_point,
        device=mount.device,
        type=mount.type,
        size_bytes=sizes.size_bytes if sizes else None,
        used_bytes=sizes.used_bytes if sizes else None,
        free_bytes=sizes.free_bytes if sizes else None,
        inodes=sizes.inodes if sizes else None,
        free_inodes=sizes.free_inodes if sizes else None,
        options=mount.options,
    )


def _once(found: Iterable[Filesystem]) -> Iterator[Filesystem]:
    """Leave out what is mounted a second time elsewhere, and what holds nothing by its nature.

    How full a device is may change between looking at one of its mount points and at another; what
    has no device is the same only if it is as full.
    """
    seen = set()
    for each in sorted(found, key=lambda each: (len(each.mount_point), each.mount_point)):
        fullness = None if "/" in each.device else (each.used_bytes, each.free_bytes)
        key = (each.device, each.type, each.size_bytes, fullness)
        if each.size_bytes == 0 or (each.size_bytes and key in seen):
            continue
        seen.add(key)
        yield each


def _counts(each: Mount) -> bool:
    if each.type in _OVERLAYS:
        return each.mount_point == "/"
    return each.type not in _IN_MEMORY


_ROOT: Final = Filesystem(
    mount_point="/",
    device="/dev/mapper/rhel-root",
    type="xfs",
    size_bytes=18_238_930_944,
    used_bytes=5_153_468_416,
    free_bytes=13_085_462_528,
    inodes=8_910_848,
    free_inodes=8_870_000,
    options=("rw", "relatime"),
)

COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(FILESYSTEMS, NETWORK_MOUNTS),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ mounts
/dev/vda / ext4 rw,relatime,discard
/dev/vda /run/netns ext4 rw,relatime,discard
@@ fstab
@@ autofs
@@ sizes
66053021 58620205 19164912 4096 16777216 16155784 /
66053021 58620205 19164912 4096 16777216 16155784 /run/netns
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/vda",
                            type="ext4",
                            size_bytes=270_553_174_016,
                            used_bytes=30_444_814_336,
                            free_bytes=78_499_479_552,
                            inodes=16_777_216,
                            free_inodes=16_155_784,
                            options=("rw", "relatime", "discard"),
                        ),
                    )
                ),
                NETWORK_MOUNTS.known(()),
            ),
        ),
        Example(
            system="rhel 9 with network filesystems, one of which is dead (format as documented)",
            text="""\
@@ mounts
/dev/mapper/rhel-root / xfs rw,relatime
//files.example.org/Team\\040Files /mnt/team\\040files cifs rw,vers=3.1.1,username=svc
nas.example.org:/exports/home /home nfs4 rw,vers=4.2,hard
***@ftp.example.org/ /mnt/drop fuse rw,user_id=0
@@ fstab
nas-2.example.org:/archive /archive nfs
//files.example.org/Team\\040Files /mnt/team\\040files cifs
@@ autofs
/etc/auto.master /net/projects /etc/auto.projects
/etc/auto.projects * nas-3:/projects/&
/etc/auto.projects plans ://files/plans
@@ sizes
4452864 3194693 3194693 4096 8910848 8870000 /
@@ sizes
silent /home
102400 51200 51200 1048576 0 0 /mnt/team files
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        _ROOT,
                        Filesystem(
                            mount_point="/home",
                            device="nas.example.org:/exports/home",
                            type="nfs4",
                            size_bytes=None,
                            used_bytes=None,
                            free_bytes=None,
                            options=("rw", "vers=4.2", "hard"),
                        ),
                        Filesystem(
                            mount_point="/mnt/drop",
                            device="***@ftp.example.org/",
                            type="fuse",
                            size_bytes=None,
                            used_bytes=None,
                            free_bytes=None,
                            options=("rw", "user_id=0"),
                        ),
                        Filesystem(
                            mount_point="/mnt/team files",
                            device="//files.example.org/Team Files",
                            type="cifs",
                            size_bytes=107_374_182_400,
                            used_bytes=53_687_091_200,
                            free_bytes=53_687_091_200,
                            options=("rw", "vers=3.1.1", "username=svc"),
                        ),
                    )
                ),
                NETWORK_MOUNTS.known(
                    (
                        NetworkMount(
                            mount_point="/archive",
                            source="nas-2.example.org:/archive",
                            type="nfs",
                            server="nas-2.example.org",
                            share="/archive",
                            mounted=Mounted.LISTED,
                        ),
                        NetworkMount(
                            mount_point="/home",
                            source="nas.example.org:/exports/home",
                            type="nfs4",
                            server="nas.example.org",
                            share="/exports/home",
                            mounted=Mounted.NOW,
                            responding=False,
                            options=("rw", "vers=4.2", "hard"),
                        ),
                        NetworkMount(
                            mount_point="/mnt/drop",
                            source="***@ftp.example.org/",
                            type="fuse",
                            mounted=Mounted.NOW,
                            options=("rw", "user_id=0"),
                        ),
                        NetworkMount(
                            mount_point="/mnt/team files",
                            source="//files.example.org/Team Files",
                            type="cifs",
                            server="files.example.org",
                            share="Team Files",
                            mounted=Mounted.NOW,
                            responding=True,
                            options=("rw", "vers=3.1.1", "username=svc"),
                        ),
                        NetworkMount(
                            mount_point="/net/projects/*",
                            source="nas-3:/projects/&",
                            type="nfs",
                            server="nas-3",
                            share="/projects/&",
                            mounted=Mounted.ON_DEMAND,
                        ),
                        NetworkMount(
                            mount_point="/net/projects/plans",
                            source="//files/plans",
                            type="cifs",
                            server="files",
                            share="plans",
                            mounted=Mounted.ON_DEMAND,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="busybox without stat -f (format as in busybox's df.c)",
            text="""\
@@ mounts
/dev/sda2 / ext4 rw,relatime
@@ fstab
@@ autofs
@@ sizes
@@ plain
Filesystem           1024-blocks    Used Available Capacity Mounted on
/dev/sda2               10255636 2654380   7060580  27% /
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/sda2",
                            type="ext4",
                            size_bytes=10_501_771_264,
                            used_bytes=2_718_085_120,
                            free_bytes=7_230_033_920,
                            options=("rw", "relatime"),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13 (format as in the fixtures of GLPI's agent)",
            text="""\
@@ typed
Filesystem                  Type    1024-blocks    Used     Avail Capacity  Mounted on
/dev/ada0p2                 ufs        30449052 4193592  23819536    15%    /
devfs                       devfs             1       1         0   100%    /dev
nas.example.org:/tank/home  nfs       104857600 5242880  99614720     5%    /home
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/ada0p2",
                            type="ufs",
                            size_bytes=31_179_829_248,
                            used_bytes=4_294_238_208,
                            free_bytes=24_391_204_864,
                        ),
                        Filesystem(
                            mount_point="/home",
                            device="nas.example.org:/tank/home",
                            type="nfs",
                            size_bytes=107_374_182_400,
                            used_bytes=5_368_709_120,
                            free_bytes=102_005_473_280,
                        ),
                    )
                ),
                NETWORK_MOUNTS.unknown(Reason.NOT_TOLD, "there is no /proc"),
            ),
        ),
        Example(
            system="solaris 10 (table as in the fixtures of GLPI's agent, types as in df(1M))",
            text="""\
@@ types
/                  : ufs
/proc              : proc
/lib/libc.so.1     : lofs
/tmp               : tmpfs
/export/home       : zfs
@@ plain
Filesystem            kbytes    used   avail capacity  Mounted on
/dev/dsk/c1t0d0s0    20174761 9183210 10789804    46%    /
/proc                      0       0       0     0%    /proc
/usr/lib/libc/libc_hwcap1.so.1 20174761 9183210 10789804 46%    /lib/libc.so.1
swap                 4975340       4 4975336     1%    /tmp
rpool/export/home    70057984  204800 60123456     1%    /export/home
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/dsk/c1t0d0s0",
                            type="ufs",
                            size_bytes=20_658_955_264,
                            used_bytes=9_403_607_040,
                            free_bytes=11_048_759_296,
                        ),
                        Filesystem(
                            mount_point="/export/home",
                            device="rpool/export/home",
                            type="zfs",
                            size_bytes=71_739_375_616,
                            used_bytes=209_715_200,
                            free_bytes=61_566_418_944,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="solaris 10 in a zone (format as in the fixtures of GLPI's agent)",
            text="""\
@@ types
/                  : ufs
/dev               : dev
@@ plain
Filesystem            kbytes    used   avail capacity  Mounted on
/                          0 6939072 15641400    31%    /
/dev                22580473 6939072 15641400    31%    /dev
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/",
                            type="ufs",
                            size_bytes=None,
                            used_bytes=7_105_609_728,
                            free_bytes=16_016_793_600,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="netbsd 9, whose df names no types (format as in the fixtures of GLPI's agent)",
            text="""\
@@ typed
@@ plain
Filesystem 1024-blocks Used Available Capacity Mounted on
/dev/wd0a 15475632 11034480 3667376 75% /
kernfs 1 1 0 100% /kern
ptyfs 1 1 0 100% /dev/pts
procfs 4 4 0 100% /proc
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/wd0a",
                            type="unknown",
                            size_bytes=15_847_047_168,
                            used_bytes=11_299_307_520,
                            free_bytes=3_755_393_024,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="aix 7.2 (format as in the fixtures of GLPI's agent)",
            text="""\
@@ plain
Filesystem    1024-blocks      Used Available Capacity Mounted on
/dev/hd4          2097152    421000   1676152      21% /
/proc                   -         -         -       -  /proc
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/hd4",
                            type="unknown",
                            size_bytes=2_147_483_648,
                            used_bytes=431_104_000,
                            free_bytes=1_716_379_648,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server that has neither /proc nor df",
            text="@@ plain\n",
            expected=(FILESYSTEMS.unknown(Reason.NOT_TOLD, "df gave nothing"),),
        ),
    ),
)
