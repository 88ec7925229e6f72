"""Fingerprints: by which signs an application is recognised, ours and the user's own.

Ours are in ``fingerprints.csv`` beside this file; a user's own have the same columns, of which only
``id``, ``name``, ``category`` and one sign are needed. An own fingerprint takes the place of ours
with the same identifier. What is known of local government's systems is laid over ours.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.applications.local_government import SYSTEMS_OF_COUNCILS, councils_systems
from inventory.errors import BadInputError, Place
from inventory.model.application import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

OURS: Final = Path(__file__).with_name("fingerprints.csv")
COLUMNS: Final = (
    "id", "name", "vendor", "category", "os", "process_names", "windows_services",
    "package_names", "cmdline_hint", "default_ports", "eol_product", "confidence", "services",
    "paths", "agent", "words", "purpose",
)  # fmt: skip
SYSTEMS: Final = frozenset({"linux", "win", "appliance", "saas"})
_NEEDED: Final = ("id", "name", "category")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_PORT: Final = re.compile(r"(\d{1,5})/(tcp|udp)\Z")
_LAST_PORT: Final = 65535
_SHORTEST_PLACE: Final = 3
"""How many letters a path has at least: fewer would be found everywhere."""


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """The signs of one application. Names may hold ``*`` for anything."""

    id: str
    name: str
    category: str
    vendor: str | None = None
    systems: frozenset[str] = frozenset({"linux", "win"})
    """Where it runs: ``linux`` is any Unix."""
    processes: tuple[str, ...] = ()
    windows_services: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    """Regular expressions; one is found in the command line of its processes, whatever the case."""
    ports: tuple[str, ...] = ()
    """Where it listens by default, as ``5432/tcp``."""
    lifecycle_product: str | None = None
    services: tuple[str, ...] = ()
    """What its services are called on Unix, where that is neither process nor package."""
    paths: tuple[str, ...] = ()
    """Files and folders that are there where it is: ``/opt/splunkforwarder``,
    ``*/wp-login.php``."""
    words: tuple[str, ...] = ()
    """Words in lower case that nothing else is called by, found in the names of folders, services,
    databases and sites, and in command lines."""
    is_agent: bool = False
    """Whether it looks after the server that it runs on, for something central."""
    purpose: str | None = None
    """What the people who use it do with it."""
    confidence: Confidence = Confidence.HIGH
    """How well the fingerprint itself is known."""
    is_own: bool = False
    """Whether the user wrote it: they know their estate better than we do."""


def load_fingerprints(*own: Path) -> tuple[Fingerprint, ...]:
    """Read ours, then each of the user's own: a file, or a folder that may hold one.

    Raises:
        BadInputError: a file cannot be read, or a row is malformed; the place names file, line
            and field.

    """
    found = {each.id: each for each in _ours()}
    for path in own:
        file = path if path.suffix == ".csv" else path / "fingerprints.csv"
        if file.is_file():
            found.update({each.id: replace(each, is_own=True) for each in _file(file)})
    return tuple(found.values())


def _ours() -> Iterator[Fingerprint]:
    systems = {each.id: each for each in councils_systems(SYSTEMS_OF_COUNCILS)}
    for each in _file(OURS):
        system = systems.pop(each.id, None)
        if system:
            words = (*each.words, *system.words)
            yield replace(each, words=words, purpose=each.purpose or system.purpose)
        else:
            yield each
    for system in systems.values():
        yield Fingerprint(
            id=system.id,
            name=system.product,
            category="line-of-business",
            vendor=system.supplier,
            words=system.words,
            purpose=system.purpose,
            confidence=Confidence.LOW,
        )


def _file(file: Path) -> Iterator[Fingerprint]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            f"the fingerprints cannot be read: {error}",
            hint="save the file as UTF-8 text, readable to you",
            place=Place(file=file),
        ) from error
    reader = csv.DictReader(text.splitlines(), strict=True)
    seen: set[str] = set()
    try:
        _check_columns(reader.fieldnames or (), file)
        for row in reader:
            fingerprint = _Row(row, Place(file=file, line=reader.line_num)).fingerprint()
            if fingerprint.id in seen:
                raise _malformed(file, reader.line_num, "id", f"{fingerprint.id!r} is there twice")
            seen.add(fingerprint.id)
            yield fingerprint
    except csv.Error as error:
        raise BadInputError(
            f"this is not CSV: {error}", place=Place(file=file, line=reader.line_num)
        ) from error


def _check_columns(names: object, file: Path) -> None:
    present = list(names) if isinstance(names, list | tuple) else []
    missing = [name for name in _NEEDED if name not in present]
    strange = [name for name in present if name not in COLUMNS]
    for name, what in ((missing, "is missing"), (strange, "is not known")):
        if name:
            raise _malformed(file, 1, str(name[0]), f"the column {name[0]!r} {what}")


def _malformed(file: Path, line: int | None, field: str, what: str) -> BadInputError:
    return BadInputError(
        what,
        hint=f"the columns are {', '.join(COLUMNS)}",
        place=Place(file=file, line=line, field=field),
    )


class _Row:
    """One row, being checked."""

    def __init__(self, values: Mapping[str | None, str | list[str] | None], place: Place) -> None:
        self._values = values
        self._place = place

    def fingerprint(self) -> Fingerprint:
        """Return what the row says, checked."""
        if None in self._values:
            raise self._error("confidence", "the row has more fields than there are columns")
        found = Fingerprint(
            id=self._needed("id", _ID),
            name=self._needed("name"),
            category=self._needed("category"),
            vendor=self._text("vendor") or None,
            systems=frozenset(self._list("os", _is_system)) or frozenset({"linux", "win"}),
            processes=self._list("process_names"),
            windows_services=self._list("windows_services"),
            packages=self._list("package_names"),
            hints=self._list("cmdline_hint", _is_expression),
            ports=self._list("default_ports", _is_port),
            lifecycle_product=self._text("eol_product") or None,
            services=self._list("services"),
            paths=self._list("paths", _is_place),
            words=tuple(each.casefold() for each in self._list("words", str.isalnum)),
            is_agent=self._is("agent"),
            purpose=self._text("purpose") or None,
            confidence=self._confidence(),
        )
        if not found.systems <= {"appliance", "saas"} and not _has_sign(found):
            raise self._error("process_names", "there is no sign to recognise it by")
        return found

    def _text(self, field: str) -> str:
        value = self._values.get(field)
        return value.strip() if isinstance(value, str) else ""

    def _needed(self, field: str, pattern: re.Pattern[str] = re.compile(r"(?s).+\Z")) -> str:
        value = self._text(field)
        if not pattern.match(value):
            raise self._error(field, f"{value!r} is no {field}")
        return value

    def _list(self, field: str, is_right: Callable[[str], bool] = bool) -> tuple[str, ...]:
        values = tuple(each.strip() for each in self._text(field).split(";") if each.strip())
        for each in values:
            if not is_right(each):
                raise self._error(field, f"{each!r} has no place here")
        return values

    def _is(self, field: str) -> bool:
        value = self._text(field).lower()
        if value not in {"", "yes", "no"}:
            raise self._error(field, f"{value!r} is neither yes nor no")
        return value == "yes"

    def _confidence(self) -> Confidence:
        value = self._text("confidence") or "high"
        try:
            return Confidence(value)
        except ValueError as error:
            raise self._error("confidence", f"{value!r} is not high, medium or low") from error

    def _error(self, field: str, what: str) -> BadInputError:
        return _malformed(self._place.file, self._place.line, field, what)


def _has_sign(fingerprint: Fingerprint) -> bool:
    named = fingerprint.processes or fingerprint.windows_services or fingerprint.services
    return bool(named or fingerprint.packages or fingerprint.paths or fingerprint.words)


def _is_place(text: str) -> bool:
    """Tell whether it is a path, or the end of one after ``*/``, and names something."""
    return text.startswith(("/", "*/")) and len(re.sub(r"\W", "", text)) >= _SHORTEST_PLACE


def _is_system(text: str) -> bool:
    return text in SYSTEMS


def _is_port(text: str) -> bool:
    match = _PORT.match(text)
    return match is not None and 0 < int(match[1]) <= _LAST_PORT


def _is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
