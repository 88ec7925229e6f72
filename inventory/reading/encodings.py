"""Bytes of any common encoding → UTF-8, in bounded memory.

Exports come from Windows consoles (UTF-16), old tools (cp1252), and from several files put one
after the other (byte-order marks in the middle). Whatever they are, what comes out is UTF-8
without marks and without NULs.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from typing import Final

from inventory.errors import BadInputError

CHUNK: Final = 1 << 20
SAMPLE: Final = 1 << 16
"""How many bytes are looked at to tell what a file is."""
LONGEST_LINE: Final = 64 << 20
"""Bytes. No table has a longer one; a file of nothing else would fill the memory."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HALF_NULS: Final = 0.3
"""Latin text in UTF-16 has a NUL in every other byte: at least this share of those places."""


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows' western code page, those it lacks as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


codecs.register_error("decant-cp1252", _as_cp1252)


def encoding_of(beginning: bytes) -> str:
    """Return the encoding of text that begins so: by its mark, else by where its NULs stand."""
    for mark, name in _MARKS:
        if beginning.startswith(mark):
            return name
    sample = beginning[:4096]
    half = max(1, len(sample) // 2)
    odd, even = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if odd >= _HALF_NULS and even < _HALF_NULS / 10:
        return "utf-16-le"
    if even >= _HALF_NULS and odd < _HALF_NULS / 10:
        return "utf-16-be"
    return "utf-8"


def decoded(beginning: bytes) -> str:
    """Return a file's first bytes as text; a character that they cut is left out."""
    encoding = encoding_of(beginning)
    errors = "decant-cp1252" if encoding == "utf-8" else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    return decoder.decode(beginning).replace("\ufeff", "").replace("\0", "")


class Utf8(io.RawIOBase):
    """A stream of bytes, as UTF-8 without byte-order marks and NULs.

    Bytes that are no UTF-8 stay as they are: :func:`lines` reads them as cp1252.

    Raises:
        BadInputError: a line is longer than ``longest_line`` bytes.

    """

    def __init__(
        self, raw: io.BufferedIOBase, name: str, longest_line: int, encoding: str | None
    ) -> None:
        super().__init__()
        self._raw = raw
        self._name = name
        self._longest = longest_line
        self._line = 0
        self._ready = memoryview(b"")
        beginning = raw.read(SAMPLE)
        self._clean = _cleaner(encoding or encoding_of(beginning))
        self._take(beginning)

    def readable(self) -> bool:
        """Say that this is read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer with what comes next; zero at the end."""
        target = memoryview(buffer)  # type: ignore[arg-type]  # io's own signature says no more
        while not self._ready:
            chunk = self._raw.read(CHUNK)
            self._take(chunk)
            if not chunk:
                break
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the stream beneath too."""
        self._raw.close()
        super().close()

    @property
    def ends_within_a_line(self) -> bool:
        """Whether what was read so far has no end of a line at its end."""
        return self._line > 0

    def _take(self, chunk: bytes) -> None:
        clean = self._clean(chunk)
        end = max(clean.rfind(b"\n"), clean.rfind(b"\r"))
        self._line = len(clean) - end - 1 if end >= 0 else self._line + len(clean)
        if self._line > self._longest:
            raise BadInputError(f"{self._name}: it has a line of more than {self._longest} bytes")
        self._ready = memoryview(clean)


def _cleaner(encoding: str) -> Callable[[bytes], bytes]:
    """Return what turns the chunks of a stream into UTF-8; an empty chunk is its end."""
    if encoding == "utf-8":
        return _without_marks()
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def recoded(chunk: bytes) -> bytes:
        text = decoder.decode(chunk, final=not chunk)
        return text.replace("\ufeff", "").replace("\0", "").encode("utf-8", "replace")

    return recoded


def _without_marks() -> Callable[[bytes], bytes]:
    kept = b""

    def cleaned(chunk: bytes) -> bytes:
        nonlocal kept
        whole = kept + chunk if kept else chunk
        kept = b""
        if chunk:
            # The beginning of a mark that the chunk's end may have cut is kept for the next.
            cut = 2 if whole.endswith(b"\xef\xbb") else int(whole.endswith(b"\xef"))
            if cut:
                whole, kept = whole[:-cut], whole[-cut:]
        # To look for one byte is many times as fast as to look for three.
        if b"\xef" in whole:
            whole = whole.replace(codecs.BOM_UTF8, b"")
        return whole.replace(b"\0", b"")

    return cleaned


def lines(
    raw: io.BufferedIOBase,
    name: str,
    longest_line: int = LONGEST_LINE,
    encoding: str | None = None,
) -> io.TextIOWrapper:
    """Return a stream of bytes as text, in its own encoding or the one that is given.

    Its lines keep their ends.
    """
    # Of a class of our own, lines would be read at twice the cost.
    return io.TextIOWrapper(
        io.BufferedReader(Utf8(raw, name, longest_line, encoding), CHUNK),
        encoding="utf-8",
        errors="decant-cp1252",
        newline="",
    )


def ends_within_a_line(text: io.TextIOWrapper) -> bool:
    """Say whether what :func:`lines` gave, once all of it was read, has a last line without end."""
    beneath = getattr(text.buffer, "raw", None)
    return isinstance(beneath, Utf8) and beneath.ends_within_a_line
