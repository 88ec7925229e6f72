"""Which folders the server shares over NFS, and with whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import EXPORTS, NFS_THREADS, Export

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_CONFIGURED: Final = "/etc/exports"
_MORE: Final = "/etc/exports.d/"
_ACTIVE: Final = "/var/lib/nfs/etab"
"""What is shared now; a cluster's manager shares without writing the configuration."""
_SHARED: Final = "/etc/dfs/sharetab"
"""What Solaris shares: folder, resource, kind, options, parted by tabs (sharetab(4))."""
_ELSEWHERE: Final = re.compile(
    r"^/.*\s-(alldirs|maproot|mapall|network|mask|access|ro$|rw=)", re.MULTILINE
)
"""Options of the BSDs' and AIX's exports(5), which parts folders and clients in other ways."""
_NFS: Final = re.compile(r"^/\S*\s+\S+\s+nfs\b", re.MULTILINE)
_THREADS: Final = "/proc/fs/nfsd/threads"
_WORD: Final = re.compile(r'"[^"]*"\S*|\S+')
_CLIENT: Final = re.compile(r"(?P<client>[^()]*)(?:\((?P<options>[^()]*)\))?")
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def _read(answer: Answer) -> tuple[Observation, ...]:
    threads = number(value(answer.files, _THREADS))
    return (
        _exports(answer),
        NFS_THREADS.known_or(
            threads, Reason.NOT_TOLD, f"there is no {_THREADS}: the NFS server does not run"
        ),
    )


def _exports(answer: Answer) -> Observation:
    if _CONFIGURED in answer.denied:
        return EXPORTS.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {_CONFIGURED}")
    if _NFS.search(answer.files.get(_SHARED, "")):
        return EXPORTS.unknown(Reason.NOT_TOLD, f"what Solaris writes in {_SHARED} is not read")
    if _ELSEWHERE.search(answer.files.get(_CONFIGURED, "")):
        detail = f"{_CONFIGURED} is written in the way of the BSDs or AIX, which is not read"
        return EXPORTS.unknown(Reason.NOT_TOLD, detail)
    found: dict[tuple[str, str], Export] = {}
    named = sorted(path for path in answer.files if path.startswith(_MORE))
    for path in (_CONFIGURED, *named, _ACTIVE):
        for each in _lines(answer.files.get(path, "")):
            found.setdefault((each.path, each.client), each)
    return EXPORTS.known(tuple(found[key] for key in sorted(found)))


def _lines(text: str) -> Iterator[Export]:
    """Read exports(5): a folder, then clients with their options; ``-`` begins common options."""
    for line in text.replace("\\\n", " ").splitlines():
        words = [word.replace('"', "") for word in _WORD.findall(_uncommented(line))]
        if not words or not words[0].startswith("/"):
            continue
        path = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), words[0])
        common: tuple[str, ...] = ()
        clients = 0
        for word in words[1:]:
            match = _CLIENT.fullmatch(word)
            if word.startswith("-"):
                common = tuple(word[1:].split(","))
            elif match:
                own = tuple((match["options"] or "").split(",")) if match["options"] else ()
                clients += 1
                yield Export(path=path, client=match["client"] or "*", options=(*common, *own))
        if not clients:
            yield Export(path=path, client="*", options=common)


def _uncommented(line: str) -> str:
    return line.partition("#")[0]


COLLECTOR = Collector(
    files=(_CONFIGURED, f"{_MORE}*.exports", _ACTIVE, _SHARED, _THREADS),
    tells=(EXPORTS, NFS_THREADS),
    read=_read,
    examples=(
        Example(
            system="freebsd 14 as a file server (format as in exports(5))",
            files={_CONFIGURED: "/usr/home -maproot=root -network 10.0.0.0 -mask 255.0.0.0\n"},
            expected=(
                EXPORTS.unknown(
                    Reason.NOT_TOLD,
                    "/etc/exports is written in the way of the BSDs or AIX, which is not read",
                ),
            ),
        ),
        Example(
            system="solaris 10 as a file server (format as in sharetab(4))",
            files={_SHARED: "/export/home\t-\tnfs\trw\thome folders\n"},
            expected=(
                EXPORTS.unknown(
                    Reason.NOT_TOLD, "what Solaris writes in /etc/dfs/sharetab is not read"
                ),
            ),
        ),
        Example(
            system="debian 12 as a file server (format as documented)",
            files={
                _CONFIGURED: """\
# /etc/exports: the access control list for filesystems which may be exported
/srv/homes  192.0.2.0/24(rw,sync,no_subtree_check) backup.example.org(ro)
"/srv/Team Files" -sync,rw @trusted \\
   *.example.org(ro)
/srv/public
""",
                f"{_MORE}zfs.exports": "/tank/media *(sec=sys,rw)\n",
                _ACTIVE: "/srv/homes\t192.0.2.0/24(rw,sync,wdelay,hide,nocrossmnt)\n"
                "/srv/cluster\t192.0.2.9(rw,fsid=1)\n",
                _THREADS: "8\n",
            },
            expected=(
                EXPORTS.known(
                    (
                        Export(
                            path="/srv/Team Files",
                            client="*.example.org",
                            options=("sync", "rw", "ro"),
                        ),
                        Export(path="/srv/Team Files", client="@trusted", options=("sync", "rw")),
                        Export(path="/srv/cluster", client="192.0.2.9", options=("rw", "fsid=1")),
                        Export(
                            path="/srv/homes",
                            client="192.0.2.0/24",
                            options=("rw", "sync", "no_subtree_check"),
                        ),
                        Export(path="/srv/homes", client="backup.example.org", options=("ro",)),
                        Export(path="/srv/public", client="*"),
                        Export(path="/tank/media", client="*", options=("sec=sys", "rw")),
                    )
                ),
                NFS_THREADS.known(8),
            ),
        ),
        Example(
            system="debian 12 that shares nothing",
            expected=(
                EXPORTS.known(()),
                NFS_THREADS.unknown(
                    Reason.NOT_TOLD,
                    "there is no /proc/fs/nfsd/threads: the NFS server does not run",
                ),
            ),
        ),
    ),
)
