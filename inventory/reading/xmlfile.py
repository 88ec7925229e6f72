"""XML → elements, one after the other; entities and whatever is fetched are refused."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from inventory.errors import BadInputError
from inventory.reading.encodings import SAMPLE, encoding_of, lines
from inventory.reading.source import Source, damage_named

DEEPEST: Final = 500
"""How far elements may be nested."""
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_ENCODINGS: Final = (
    *("iso8859", "cp125", "cp437", "cp85", "koi8", "gb", "big5", "shift_jis", "cp932", "euc_"),
    "mac-roman",
)
"""How the names of encodings begin that files are written in."""
_ANY_LENGTH: Final = 1 << 62
"""Lines mean nothing in XML."""
_BEGINS: Final = re.compile(r"\s*<(\?xml\b|!DOCTYPE\b|!--|[A-Za-z_][\w.:-]*[\s/>])")
_ROOT: Final = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)


def looks_like_xml(beginning: str) -> bool:
    """Say whether a text begins as XML; HTML does not count."""
    return bool(_BEGINS.match(beginning)) and root_tag(beginning).lower() != "html"


def root_tag(beginning: str) -> str:
    """Return the tag of the outermost element, without its namespace; empty where there is none."""
    found = _ROOT.match(beginning)
    return found[1] if found else ""


def elements_of(source: Source, *tags: str) -> Iterator[Element]:
    """Yield each element of one of these tags as it ends, and let it go.

    Tags are without their namespaces, of what is within an element too. An element inside another
    of these tags comes first, and stays within the other. Nothing else is held.

    Raises:
        BadInputError: it is no XML, is nested too deeply, or declares entities.

    """
    with damage_named(source.name):
        try:
            yield from _walk(source, _Builder(source.name, frozenset(tags)))
        except ParseError as error:
            raise BadInputError(
                f"{source.name}: it is no XML: {error}",
                hint="the file may be cut, or still be being written",
            ) from error
        except DefusedXmlException as error:
            raise BadInputError(
                f"{source.name}: it declares entities, which are not read"
            ) from error


class _Builder:
    """Build the elements that are wanted and what is within them."""

    def __init__(self, name: str, tags: frozenset[str]) -> None:
        self.ended: list[Element] = []
        self._name = name
        self._tags = tags
        self._depth = 0
        self._open: list[Element] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadInputError(f"{self._name}: it is nested deeper than {DEEPEST} elements")
        local = tag.rpartition("}")[2]
        if self._open or local in self._tags:
            self._flush()
            element = Element(local, attributes)
            if self._open:
                self._open[-1].append(element)
            self._open.append(element)

    def data(self, text: str) -> None:
        """Keep what an element says."""
        if self._open:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """End an element."""
        self._depth -= 1
        if self._open:
            self._flush()
            element = self._open.pop()
            if element.tag in self._tags:
                self.ended.append(element)

    def close(self) -> None:
        """Hold nothing more."""

    def _flush(self) -> None:
        if self._text:
            text, self._text = "".join(self._text), []
            element = self._open[-1]
            if len(element):
                element[-1].tail = (element[-1].tail or "") + text
            else:
                element.text = (element.text or "") + text


def _walk(source: Source, builder: _Builder) -> Iterator[Element]:
    with source.open() as raw:
        encoding = _encoding(source.name, raw.read(SAMPLE))
    parser = DefusedXMLParser(target=builder)
    with lines(source.open(), source.name, _ANY_LENGTH, encoding) as text:
        # Nothing may stand before a declaration, and blanks often do.
        chunk = text.read(SAMPLE).lstrip()
        while chunk:
            parser.feed(chunk)
            yield from builder.ended
            builder.ended.clear()
            chunk = text.read(SAMPLE)
        parser.close()
        yield from builder.ended


def _encoding(name: str, beginning: bytes) -> str | None:
    """Return the encoding that a file declares, where its bytes do not show another.

    Raises:
        BadInputError: there is no such encoding.

    """
    declared = _DECLARED.match(beginning)
    seen = encoding_of(beginning)
    if seen != "utf-8" or not declared:
        return seen
    said = declared[1].decode("ascii", "replace").lower()
    if said.startswith(("utf", "us-ascii", "ascii")):
        return "utf-8"
    try:
        known = codecs.lookup(said).name
    except LookupError:
        known = ""
    if not known.startswith(_ENCODINGS):
        raise BadInputError(f"{name}: it declares an encoding that is not known: {said}")
    return known
