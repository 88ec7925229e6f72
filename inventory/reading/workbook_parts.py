"""The parts of an xlsx file looked over before it is read: how far it reaches, and its beginning.

The reader holds a sheet as a rectangle from its first cell to its last, so a file of 1 kB with two
cells can fill any memory. Whoever opens a workbook also wants to know its sheets' headers first,
without reading all of it. One pass over the bytes tells both.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from defusedxml.ElementTree import fromstring

from inventory.errors import BadInputError
from inventory.reading.limits import check_unpacked
from inventory.reading.workbook_calamine import Faults

HEAD: Final = 1 << 20
"""Bytes of each sheet from which its header is told."""
MOST_BYTES: Final = 4 << 30
"""Of all parts, unpacked."""
_CHUNK: Final = 1 << 20
_LONGEST_CELL: Final = 1 << 16
"""Bytes of a chunk that wait for the next, so that no cell is cut."""
_MOST_STRINGS: Final = 192 << 20
"""Bytes of the strings' part that are worth being read twice."""
_MOST_FAULTS: Final = 100_000
_UNUSUAL: Final = re.compile(
    rb'<c(?:[>/\t\r\n]| (?!r=")| r="(?:[A-Z]{3}|[K-Z][A-Z]\d|[A-Z]+\d{6}))'
)
"""A cell beyond column JZ or row 99999, or one that does not say first where it stands."""
_PREFIXED: Final = re.compile(rb"<\w+:c[ >/\s]")
"""A cell under a prefix of a namespace."""
_FAULT: Final = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>(#[^<]{1,20})</v>'
)
_LAST_ROW: Final = re.compile(rb".*</((?:\w+:)?)row>", re.DOTALL)
_LOCAL_HEADER: Final = struct.Struct("<26xHH")
_END: Final = struct.Struct("<4s16xH")
_WHOLE: Final = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What was seen of a workbook."""

    sheets: tuple[str, ...] = ()
    """The names of those sheets that cannot be larger than 286 columns by 99999 rows."""
    head: bytes | None = None
    """A workbook with these sheets, of which each ends early; None where none was made."""
    faults: dict[str, Faults] = field(default_factory=dict)
    """By the sheet's name, the errors in its cells."""


def look_over(name: str, held: IO[bytes]) -> Parts:
    """Look a workbook over.

    Raises:
        BadInputError: it unpacks to more than a workbook does, or is damaged.

    """
    with zipfile.ZipFile(held) as archive:
        infos = archive.infolist()
    plain = sum(each.file_size for each in infos)
    check_unpacked(name, plain, sum(each.compress_size for each in infos), MOST_BYTES)
    seen = {info.filename: _look(name, held, info) for info in infos}
    sheets = _sheets({part: each.kept for part, each in seen.items()})
    unusual = {part for part, each in seen.items() if not each.usual}
    if len(seen) < len(infos) or not _ends_plainly(held) or unusual - set(sheets.values()):
        return Parts()
    usual = {sheet: part for sheet, part in sheets.items() if part not in unusual}
    return Parts(
        sheets=tuple(usual),
        head=_head({part: seen[part].kept for part in (*_WHOLE, *usual.values()) if part in seen}),
        faults={sheet: seen[part].faults for sheet, part in sheets.items() if seen[part].faults},
    )


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What was seen of one part."""

    kept: bytes
    usual: bool
    faults: Faults


def _look(name: str, held: IO[bytes], info: zipfile.ZipInfo) -> _Seen:
    most = _MOST_STRINGS if info.filename in _WHOLE else HEAD
    kept = bytearray()
    usual = True
    faults: dict[tuple[int, int], str] = {}
    before = b""
    for chunk in _unpacked(name, held, info):
        if len(kept) < most:
            kept += chunk
        looked_at, before = _at_a_cell(before + chunk)
        usual = usual and _is_usual(looked_at)
        if b' t="e"' in looked_at and len(faults) < _MOST_FAULTS:
            faults.update(_faults(looked_at))
    usual = usual and _is_usual(before)
    faults.update(_faults(before))
    return _Seen(kept=_closed(bytes(kept), info), usual=usual, faults=faults)


def _is_usual(chunk: bytes) -> bool:
    # A plain search is many times as fast, and seldom finds anything.
    if b":c" in chunk and _PREFIXED.search(chunk):
        return False
    return not _UNUSUAL.search(chunk)


def _at_a_cell(chunk: bytes) -> tuple[bytes, bytes]:
    """Part a chunk where its last cell begins."""
    place = max(chunk.rfind(b"<c "), chunk.rfind(b"<c>"), len(chunk) - _LONGEST_CELL)
    return chunk[:place], chunk[place:]


def _unpacked(name: str, held: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield all that a part unpacks to, which must be as much as the archive says."""
    held.seek(info.header_offset)
    header = held.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise EOFError
    name_size, extra_size = _LOCAL_HEADER.unpack(header)
    held.seek(name_size + extra_size, io.SEEK_CUR)
    if info.compress_type == zipfile.ZIP_STORED:
        unpack, left, size = None, info.compress_size, info.compress_size
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        unpack, left, size = zlib.decompressobj(-zlib.MAX_WBITS), info.compress_size, 0
    else:
        raise BadInputError(f"{name}: {info.filename}: it is packed in an unusual way")
    while left > 0:
        packed = held.read(min(left, _CHUNK // 8))
        if not packed:
            raise EOFError
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        while packed:
            chunk = unpack.decompress(packed, _CHUNK)
            packed = unpack.unconsumed_tail
            size += len(chunk)
            if size > info.file_size:
                raise BadInputError(f"{name}: {info.filename}: it unpacks to more than it says")
            yield chunk
    if size != info.file_size or (unpack and (not unpack.eof or unpack.unused_data)):
        raise BadInputError(f"{name}: {info.filename}: it is damaged")


def _ends_plainly(held: IO[bytes]) -> bool:
    """Say whether every reader finds the same list of parts in this archive."""
    held.seek(-_END.size, io.SEEK_END)
    mark, comment_size = _END.unpack(held.read(_END.size))
    return bool(mark == b"PK\x05\x06" and comment_size == 0)


def _faults(chunk: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for letters, row, error in _FAULT.findall(chunk):
        column = 0
        for letter in letters:
            column = 26 * column + letter - 64
        yield (int(row) - 1, column - 1), error.decode("utf-8", "replace")


def _closed(head: bytes, info: zipfile.ZipInfo) -> bytes:
    """Return the beginning of a sheet as a sheet; nothing where that cannot be."""
    if len(head) >= info.file_size:
        return head
    found = _LAST_ROW.match(head)
    if not found:
        return b""
    prefix = found[1]
    return found[0] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """Return each sheet's part, by the sheet's name."""
    try:
        targets = {
            each.get("Id"): each.get("Target", "")
            for each in fromstring(parts["xl/_rels/workbook.xml.rels"])
        }
        sheets = [
            (each.get("name", ""), targets[_relation(each.attrib)])
            for each in fromstring(parts["xl/workbook.xml"]).iter()
            if each.tag.rpartition("}")[2] == "sheet"
        ]
    except (KeyError, ValueError, SyntaxError):
        return {}
    paths = {name: posixpath.normpath(posixpath.join("/xl", target)) for name, target in sheets}
    return {name: path[1:] for name, path in paths.items() if path[1:] in parts}


def _relation(attributes: dict[str, str]) -> str | None:
    return next((value for key, value in attributes.items() if key.endswith("}id")), None)


def _head(parts: dict[str, bytes]) -> bytes | None:
    if not all(parts.values()):
        return None
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()
