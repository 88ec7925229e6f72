"""Folders of files on servers: what lies there, asked over the server's own transport.

Nothing is written on a server. Names may hold any byte but NUL: they are kept as bytes, and given
back to the server in octal. The server's ``find`` must know ``-printf``, as GNU's does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from inventory.errors import DecantError
from inventory.model.asking import Ending, Reply
from migrate.data.model import CannotTellError, LostError

Tell = Callable[[str, float], Reply]
"""Runs a script on one server within so many seconds."""

_FIELDS = 10
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-")
_HASH_DIGITS = frozenset({32, 64})
_MOST_COMPLAINTS = 5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file, folder or link, as its server describes it."""

    kind: str
    """``f`` a file, ``d`` a folder, ``l`` a link; other letters as ``find`` has them."""
    mode: str
    """Permissions, octal."""
    user: str
    group: str
    size: int
    """Bytes."""
    changed: str
    """When its content was last changed: seconds since 1970, with a fraction."""
    stamp: str
    """When anything of it was last changed, and its inode: a new one after every change."""
    device: str
    """Of the file system that it is on."""
    link: bytes
    """Where it leads, for a link."""
    extra: str = ""
    """A digest of its access list and extended attributes."""


@dataclass(frozen=True, kw_only=True)
class Tree:
    """What lies under a folder."""

    entries: Mapping[bytes, Entry]
    """Path below the folder → what is there; the folder itself under the empty path."""
    unread: tuple[str, ...] = ()
    """What could not be looked at, in the server's words."""
    tools: frozenset[str] = frozenset()
    """Of ``acl`` and ``xattr``, what the server can tell of."""


@dataclass(frozen=True, kw_only=True)
class Hashes:
    """What files hold."""

    found: Mapping[bytes, str]
    """Path → its hash, hexadecimal."""
    unread: tuple[str, ...] = ()


def said(name: bytes) -> str:
    """Write a name so that people can read it and nothing in it does harm."""
    text = name.decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text) or "."


def look_at(tell: Tell, folder: str, seconds: float) -> Tree:
    """List a folder and all that lies below it on the same file system.

    Raises:
        CannotTellError: it cannot be listed.
        LostError: the server broke off, or took too long.

    """
    reply = _told(tell, _script("_tree.sh", folder), seconds)
    listing, _, rest = reply.stdout.partition(b"\0\0decant: listed\0")
    if not rest:
        raise CannotTellError(_why(reply, f"{folder} cannot be listed"))
    acls, _, rest = rest.partition(b"\0decant: acl\0")
    xattrs, _, tools = rest.partition(b"\0decant: xattr\0")
    entries = dict(_entries(listing))
    if not entries:
        raise CannotTellError(f"{folder} cannot be listed: {_why(reply, 'nothing was said')}")
    for text in (acls, xattrs):
        entries = _with_extra(entries, text)
    return Tree(
        entries=entries,
        unread=_complaints(reply),
        tools=frozenset(tools.decode().split()),
    )


def read(
    tell: Tell, folder: str, names: Iterable[bytes], seconds: float, method: str = "sha256"
) -> Hashes:
    """Return what some files below a folder hold, by ``sha256`` or ``md5``.

    Raises:
        CannotTellError: the server cannot hash.
        LostError: the server broke off, or took too long.

    """
    octal = "".join(_octal(b"./" + name) + r"\000" for name in names)
    script = _script("_hashes.sh", folder).replace("@PROGRAM@", f"{method}sum")
    reply = _told(tell, script.replace("@NAMES@", octal), seconds)
    if not reply.stdout.endswith(b"decant: hashed\n"):
        raise CannotTellError(_why(reply, "its files cannot be hashed"))
    found = dict(_hashes(reply.stdout))
    return Hashes(found=found, unread=_complaints(reply))


def _script(name: str, folder: str) -> str:
    script = files("migrate.data").joinpath(name).read_text(encoding="utf-8")
    return script.replace("@FOLDER@", _octal(folder.encode("utf-8", "surrogateescape")))


def _octal(name: bytes) -> str:
    return "".join(chr(each) if each in _PLAIN else f"\\{each:03o}" for each in name)


def _told(tell: Tell, script: str, seconds: float) -> Reply:
    try:
        reply = tell(script, seconds)
    except DecantError as error:
        raise LostError(str(error)) from error
    if reply.ending is Ending.TOO_LARGE:
        raise CannotTellError("it holds too many files for one look: name its folders one by one")
    if reply.ending is not Ending.FINISHED:
        raise LostError(reply.ending.value)
    return reply


def _why(reply: Reply, otherwise: str) -> str:
    complaints = _complaints(reply)
    return complaints[0] if complaints else otherwise


def _complaints(reply: Reply) -> tuple[str, ...]:
    lines = [said(line) for line in reply.stderr.splitlines() if line.strip()]
    more = [f"and {len(lines) - _MOST_COMPLAINTS} more"] if len(lines) > _MOST_COMPLAINTS else []
    return (*lines[:_MOST_COMPLAINTS], *more)


def _entries(listing: bytes) -> Iterable[tuple[bytes, Entry]]:
    parts = listing.split(b"\0")
    for at in range(0, len(parts) - _FIELDS + 1, _FIELDS):
        kind, mode, user, group, size, changed, stamp, device, name, link = parts[at : at + _FIELDS]
        yield (
            name,
            Entry(
                kind=kind.decode(),
                mode=mode.decode(),
                user=said(user),
                group=said(group),
                size=int(size),
                changed=changed.decode(),
                stamp=stamp.decode(),
                device=device.decode(),
                link=link,
            ),
        )


def _with_extra(entries: Mapping[bytes, Entry], text: bytes) -> dict[bytes, Entry]:
    """Add what ``getfacl`` or ``getfattr`` said, which begin each file with ``# file: NAME``."""
    found = dict(entries)
    for block in text.split(b"\n\n"):
        lines = block.strip(b"\n").split(b"\n")
        if not lines[0].startswith(b"# file: "):
            continue
        name = _unescaped(lines[0].removeprefix(b"# file: ")).removeprefix(b"./")
        name = b"" if name == b"." else name
        if name in found:
            rest = sorted(line for line in lines[1:] if line and not line.startswith(b"# "))
            digest = hashlib.sha256(found[name].extra.encode() + b"\n".join(rest)).hexdigest()
            found[name] = replace(found[name], extra=digest)
    return found


def _unescaped(name: bytes) -> bytes:
    r"""Read a name in which ``\ooo`` stands for a byte."""
    parts = name.split(b"\\")
    read_parts = [bytes([int(each[:3], 8)]) + each[3:] for each in parts[1:]]
    return parts[0] + b"".join(read_parts)


def _hashes(text: bytes) -> Iterable[tuple[bytes, str]]:
    """Read what the hashing program said: after a backslash, the name is escaped."""
    for line in text.split(b"\n"):
        escaped = line.startswith(b"\\")
        digest, _, name = line.removeprefix(b"\\").partition(b"  ")
        if len(digest) not in _HASH_DIGITS or not name.startswith(b"./"):
            continue
        if escaped:
            name = _without_escapes(name)
        yield name.removeprefix(b"./"), digest.decode()


def _without_escapes(name: bytes) -> bytes:
    r"""Read ``\n``, ``\r`` and ``\\`` as GNU coreutils writes them."""
    meant = {b"n": b"\n", b"r": b"\r", b"\\": b"\\"}
    found, at = b"", 0
    while at < len(name):
        if name[at : at + 1] == b"\\":
            found += meant.get(name[at + 1 : at + 2], b"?")
            at += 2
        else:
            found += name[at : at + 1]
            at += 1
    return found
