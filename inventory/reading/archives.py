"""Archives → the files in them, refusing those that unpack without end or climb out of theirs.

Nothing is unpacked under the name that it has in the archive.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.reading.limits import check_unpacked
from inventory.reading.source import Source, damage_named

MOST_MEMBERS: Final = 200_000
MOST_IN_MEMORY: Final = 256 << 20
"""Of an archive in an archive."""


class _Zlib(io.RawIOBase):
    """What zlib alone packed, as OCS's agents do."""

    def __init__(self, packed: io.BufferedIOBase) -> None:
        super().__init__()
        self._packed = packed
        self._unpacker = zlib.decompressobj()

    def readable(self) -> bool:
        """Say that this is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Unpack as much as fits.

        Raises:
            EOFError: it is cut off.
            OSError: it is damaged.

        """
        while not self._unpacker.eof:
            held = self._unpacker.unconsumed_tail or self._packed.read(1 << 16)
            if not held:
                raise EOFError("it ends before its end")
            try:
                plain = self._unpacker.decompress(held, len(buffer))
            except zlib.error as error:
                raise OSError(str(error)) from error
            if plain:
                buffer[: len(plain)] = plain
                return len(plain)
        return 0


_PACKERS: Final[dict[bytes, Callable[[Any], io.BufferedIOBase]]] = {
    b"\x1f\x8b": lambda raw: gzip.GzipFile(fileobj=raw),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
    **dict.fromkeys(
        (b"x\x01", b"x\x9c", b"x\xda"), lambda raw: io.BufferedReader(_Zlib(raw), 1 << 16)
    ),
}
"""By what they begin with."""
_TAR_MARK: Final = slice(257, 262)
_JUNK: Final = {"thumbs.db", "desktop.ini"}


def is_zip(beginning: bytes) -> bool:
    """Say whether a file begins as a zip archive."""
    return beginning.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(beginning: bytes) -> bool:
    """Say whether a file begins as a tar archive."""
    return beginning[_TAR_MARK] == b"ustar"


def is_packed(beginning: bytes) -> bool:
    """Say whether a file is one that gzip, bzip2, xz or zlib wrote."""
    return beginning.startswith(tuple(_PACKERS))


def is_junk(path: str) -> bool:
    """Say whether a file is what systems leave lying about, or hidden: no part of an export."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return hidden or (bool(parts) and parts[-1].lower() in _JUNK)


def unpacked(source: Source, beginning: bytes) -> Source:
    """Return the one file that gzip, bzip2, xz or zlib packed."""
    packer = next(one for mark, one in _PACKERS.items() if beginning.startswith(mark))
    path = PurePosixPath(source.name)
    known = path.suffix.lower() in {".gz", ".bz2", ".xz"}
    name = str(path.with_suffix("")) if known else source.name
    if path.suffix.lower() == ".tgz":
        name = str(path.with_suffix(".tar"))

    def opened() -> io.BufferedIOBase:
        raw = source.open()
        return io.BufferedReader(_Bounded(raw, packer(raw), source.name), 1 << 20)

    return Source(name=name, open=opened)


class _Bounded(io.RawIOBase):
    """What a packer unpacks, as long as it stays within reason."""

    def __init__(self, packed: io.BufferedIOBase, plain: io.BufferedIOBase, name: str) -> None:
        super().__init__()
        self._packed, self._plain, self._name = packed, plain, name
        self._given = 0

    def readable(self) -> bool:
        """Say that this is read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer; zero at the end."""
        target = memoryview(buffer)  # type: ignore[arg-type]  # io's own signature says no more
        with damage_named(self._name):
            content = self._plain.read(len(target))
        target[: len(content)] = content
        self._given += len(content)
        check_unpacked(self._name, self._given, self._packed.tell())
        return len(content)

    def close(self) -> None:
        """Close both streams."""
        self._plain.close()
        self._packed.close()
        super().close()


def names_in_zip(source: Source) -> frozenset[str]:
    """Return the names of a zip archive's members."""
    with damage_named(source.name), source.open() as raw, zipfile.ZipFile(raw) as archive:
        return frozenset(archive.namelist())


def zip_members(source: Source) -> Iterator[Source]:
    """Yield the files in a zip archive.

    Raises:
        BadInputError: it is damaged or encrypted, or its members are too many, too large, links,
            or named as if to be written elsewhere.

    """
    with damage_named(source.name):
        raw = source.open()
        try:
            archive = zipfile.ZipFile(raw)
        except BaseException:
            raw.close()
            raise
        # Its members read from it for as long as they are wanted.
        weakref.finalize(archive, raw.close)
        infos = [each for each in archive.infolist() if not each.is_dir()]
    _check_count(source.name, len(infos))
    check_unpacked(
        source.name,
        sum(each.file_size for each in infos),
        sum(each.compress_size for each in infos),
    )
    for info in infos:
        _check_name(source.name, info.filename)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadInputError(f"{source.name}: {info.filename}: it is a link")
        if info.flag_bits & 1:
            raise BadInputError(
                f"{source.name}: {info.filename}: it is encrypted",
                hint="unpack it yourself and import the files",
            )
        if not is_junk(info.filename):
            yield _zip_member(source.name, archive, info)


def _zip_member(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Source:
    own = f"{name}/{info.filename}"

    def opened() -> io.BufferedIOBase:
        with damage_named(own):
            return archive.open(info)  # type: ignore[return-value]  # it is a buffered stream

    return Source(name=own, open=opened)


def tar_members(source: Source) -> Iterator[Source]:
    """Yield the files in a tar archive.

    Raises:
        BadInputError: as for :func:`zip_members`.

    """
    with damage_named(source.name):
        held = _Held(source)
        try:
            with tarfile.open(fileobj=held.file, mode="r:") as archive:
                members = [each for each in archive if not each.isdir()]
        except tarfile.TarError as error:
            raise BadInputError(f"{source.name}: it is damaged: {error}") from error
    _check_count(source.name, len(members))
    for each in members:
        _check_name(source.name, each.name)
        if not each.isreg() or each.sparse:
            raise BadInputError(f"{source.name}: {each.name}: it is a link, or no plain file")
        if not is_junk(each.name):
            yield _tar_member(source.name, held, each)


class _Held:
    """An archive in a file without a name, from which its members are read at their places."""

    def __init__(self, source: Source) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # it is closed when this is let go
        weakref.finalize(self, self.file.close)
        with source.open() as raw:
            while chunk := raw.read(1 << 20):
                self.file.write(chunk)
        self.file.seek(0)


def _tar_member(name: str, held: _Held, member: tarfile.TarInfo) -> Source:
    return Source(
        name=f"{name}/{member.name}",
        open=lambda: io.BufferedReader(_Slice(held, member.offset_data, member.size), 1 << 18),
    )


class _Slice(io.RawIOBase):
    """A part of a file."""

    def __init__(self, held: _Held, start: int, size: int) -> None:
        super().__init__()
        self._held, self._at, self._end = held, start, start + size

    def readable(self) -> bool:
        """Say that this is read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer; zero at the end."""
        target = memoryview(buffer)  # type: ignore[arg-type]  # io's own signature says no more
        wanted = min(len(target), self._end - self._at)
        content = os.pread(self._held.file.fileno(), wanted, self._at)
        if wanted and not content:
            raise EOFError("the archive ends within it")
        target[: len(content)] = content
        self._at += len(content)
        return len(content)


def _check_count(name: str, count: int) -> None:
    if count > MOST_MEMBERS:
        raise BadInputError(f"{name}: it holds more than {MOST_MEMBERS} files")


def _check_name(archive: str, member: str) -> None:
    posix, windows = PurePosixPath(member), PureWindowsPath(member)
    if posix.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise BadInputError(f"{archive}: {member!r} would lie outside the archive's own folder")
