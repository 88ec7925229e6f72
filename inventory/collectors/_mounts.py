"""What is mounted, set up to be mounted, and mounted when called for; and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.model.storage import Mounted, NetworkMount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

NETWORK: Final = (
    *("nfs", "cifs", "smb", "ceph", "gluster", "lustre", "gpfs", "afs", "9p", "beegfs", "ncp"),
    *("coda", "davfs", "fuse", "sshfs", "curlftpfs", "orangefs", "pvfs2", "virtiofs"),
)
"""How the types of filesystems begin that another server, or a program, answers for."""
LOCAL: Final = "fuseblk"
"""A program answers for it too, but from a local disk."""
LEFT_OUT: Final = "***"
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
_FIELDS: Final = 4
_NFS: Final = re.compile(r"(?P<server>\[[^\]]+\]|[^:/]+):(?P<share>.*)")
_SMB: Final = re.compile(r"//(?P<server>[^/]+)/(?P<share>.*)")
_URL: Final = re.compile(r"(?:[\w+.-]+#)?\w+://(?P<server>[^/]+)(?P<share>/.*)?")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """One line of the kernel's table of mounts."""

    device: str
    mount_point: str
    type: str
    options: tuple[str, ...]

    @property
    def is_network(self) -> bool:
        """Whether another server, or a program, answers for it."""
        return self.type.startswith(NETWORK) and self.type != LOCAL


def read_mounts(text: str) -> Iterator[Mount]:
    """Read ``device mount-point type options``, one a line, as /proc/mounts has them."""
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) >= _FIELDS and words[1].startswith("/"):
            said = words[3]
            yield Mount(
                device=_plain(words[0]),
                mount_point=_plain(words[1]),
                type=words[2],
                options=() if LEFT_OUT in said else tuple(said.split(",")),
            )


def network_mounts(
    mounts: Sequence[Mount],
    silent: Collection[str],
    measured: Collection[str],
    said: Mapping[str, str],
) -> Iterator[NetworkMount]:
    """Return what is mounted, then what is only listed; ``said`` holds the listings by name."""
    seen = set()
    for each in mounts:
        if each.is_network:
            seen.add(each.mount_point)
            answered = True if each.mount_point in measured else None
            yield _mount(
                each, Mounted.NOW, responding=False if each.mount_point in silent else answered
            )
    for how, listed in (
        (Mounted.LISTED, _listed(said.get("fstab", ""))),
        (Mounted.ON_DEMAND, _maps(said.get("autofs", ""))),
    ):
        for each in listed:
            if each.mount_point not in seen:
                seen.add(each.mount_point)
                yield _mount(each, how, responding=None)


def _mount(each: Mount, how: Mounted, *, responding: bool | None) -> NetworkMount:
    server, share = _source(each.device)
    return NetworkMount(
        mount_point=each.mount_point,
        source=each.device,
        type=each.type,
        server=server,
        share=share,
        mounted=how,
        responding=responding,
        options=each.options,
    )


def _source(device: str) -> tuple[str | None, str | None]:
    for form in (_URL, _SMB, _NFS):
        match = form.fullmatch(device)
        if match:
            server = match["server"].rpartition("@")[2].strip("[]")
            return server or None, match["share"] or None
    return None, None


def _listed(text: str) -> Iterator[Mount]:
    for line in text.splitlines():
        words = line.split()
        if len(words) > 2:  # noqa: PLR2004 - device, mount point, type
            device, folder, kind = (_plain(word) for word in words[:3])
            yield Mount(device=device, mount_point=folder, type=kind, options=())


def _maps(text: str) -> Iterator[Mount]:
    """Read ``map key place`` lines; those of the master map name the other maps' folders."""
    lines = [line.split() for line in text.splitlines()]
    folders: dict[str, str] = {}
    for words in lines:
        if len(words) > 2 and words[0].endswith("/auto.master"):  # noqa: PLR2004 - as above
            folders[words[2].rpartition(":")[2]] = words[1]
    for words in lines:
        if len(words) > 2 and words[0] in folders:  # noqa: PLR2004 - as above
            folder = folders[words[0]]
            kind, place = _place(words[2])
            key = words[1]
            yield Mount(
                device=place,
                mount_point=key if folder == "/-" else f"{folder.rstrip('/')}/{key}",
                type=kind,
                options=(),
            )


def _place(said: str) -> tuple[str, str]:
    """Tell CIFS, which a map writes as ``://server/share``, from NFS."""
    return ("cifs", said[1:]) if said.startswith("://") else ("nfs", said)


def _plain(word: str) -> str:
    """Undo the kernel's writing of blanks and backslashes in octal."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), word) if "\\" in word else word
