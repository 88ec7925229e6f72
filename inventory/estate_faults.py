"""What may be wrong in ``decant.toml``: its shape, shares that do not add up, secrets in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from inventory.errors import BadInputError, Place
from inventory.schema_glance import plainly_fits
from inventory.secret import is_reference

_SECRET = re.compile(
    r"password|passwd|secret|token|passphrase|private_?key|api_?key", re.IGNORECASE
)
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s]+@")
_WHOLE = 100


def check(table: Mapping[str, Any], path: Path, text: str) -> None:
    """Check what was read from ``path``, whose text tells the lines.

    Raises:
        BadInputError: something is wrong; the place names line and field as far as they can be
            found.

    """
    _no_secrets(table, path, text)
    _against_schema(table, path, text)
    _shares_add_up(table, path, text)
    _sites_are_places(table, path, text)
    _people_are_somebody(table, path, text)


def estate_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``decant.toml``."""
    text = files("inventory").joinpath("estate.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def wrong(
    path: Path, text: str, where: Sequence[str | int], message: str, hint: str = ""
) -> BadInputError:
    """Return the error for the field at ``where``, with its place."""
    dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return BadInputError(
        message,
        hint=hint or "see docs/reference/configuration.md for what it may hold",
        place=Place(file=path, line=find_line(text, where), field=dotted.lstrip(".") or None),
    )


def find_line(text: str, where: Sequence[str | int]) -> int | None:
    """Find the line of a field in TOML text, as well as its layout lets it be found; 1 the first.

    Looks for the table's heading (the nth one for an array of tables), then for the key below it.
    """
    names = [part for part in where if isinstance(part, str)]
    if not names:
        return None
    nth = next((part for part in where if isinstance(part, int)), 0)
    lines = text.splitlines()
    heading = re.compile(rf"\s*\[\[?\s*{re.escape(names[0])}\s*[\].]")
    starts = [number for number, line in enumerate(lines, 1) if heading.match(line)]
    if not starts:
        return None
    start = starts[min(nth, len(starts) - 1)]
    for name in reversed(names[1:]):
        key = re.compile(rf"""\s*(\[.*\.)?["']?{re.escape(name)}["']?\s*[=.\]]""")
        for number, line in enumerate(lines[start:], start + 1):
            if re.match(r"\s*\[\[", line):
                break
            if key.match(line):
                return number
    return start


def _no_secrets(table: Any, path: Path, text: str, where: tuple[str | int, ...] = ()) -> None:
    children = table.items() if isinstance(table, dict) else enumerate(table)
    for name, value in children:
        named = isinstance(name, str) and _SECRET.search(name)
        if named and not (isinstance(value, str) and is_reference(value)):
            hint = "leave it out, or say where it is: env:NAME, keyring:SERVICE/NAME or file:PATH"
            raise wrong(path, text, (*where, name), "a secret has no place in this file", hint)
        if isinstance(value, str) and _PASSWORD_IN_URL.search(value):
            hint = "leave it out: PGPASSWORD or ~/.pgpass give it to PostgreSQL"
            raise wrong(path, text, (*where, name), "a password has no place in this file", hint)
        if isinstance(value, dict | list):
            _no_secrets(value, path, text, (*where, name))


def _against_schema(table: Mapping[str, Any], path: Path, text: str) -> None:
    schema = estate_schema()
    if plainly_fits(table, schema, schema):
        return
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    fault = best_match(Draft202012Validator(schema).iter_errors(table))
    if fault is None:
        return
    where: tuple[str | int, ...] = tuple(fault.absolute_path)
    unexpected = re.search(r"\('([^']+)' was unexpected\)", fault.message)
    if unexpected:
        where = (*where, unexpected[1])
        raise wrong(path, text, where, f"there is no field {unexpected[1]!r} here")
    raise wrong(path, text, where, fault.message)


def _shares_add_up(table: Mapping[str, Any], path: Path, text: str) -> None:
    partners = table.get("partners", [])
    total = sum(Decimal(str(each["share"])) for each in partners)
    if partners and total != _WHOLE:
        message = f"the partners' shares add up to {total}, not 100"
        raise wrong(path, text, ("partners",), message, "mend the shares")
    names = [each["name"] for each in partners]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong(path, text, ("partners", index, "name"), f"a second partner {name!r}")


def _people_are_somebody(table: Mapping[str, Any], path: Path, text: str) -> None:
    partners = {each["name"] for each in table.get("partners", [])}
    people = table.get("people", [])
    for index, person in enumerate(people):
        if person["partner"] not in partners:
            message = f"there is no partner {person['partner']!r}"
            raise wrong(path, text, ("people", index, "partner"), message)
        for field in ("name", "key"):
            said = person[field].split()[:2] if field == "key" else person[field]
            others = [
                each[field].split()[:2] if field == "key" else each[field]
                for each in people[:index]
            ]
            if said in others:
                hint = "each person has a name and a key of their own"
                message = f"a second person with the {field} {person[field]!r}"
                raise wrong(path, text, ("people", index, field), message, hint)
    for index, move in enumerate(table.get("moves", [])):
        for partner in move.get("partners", ()):
            if partner not in partners:
                where = ("moves", index, "partners")
                raise wrong(path, text, where, f"there is no partner {partner!r}")


def _sites_are_places(table: Mapping[str, Any], path: Path, text: str) -> None:
    for index, site in enumerate(table.get("sites", [])):
        for network in site.get("networks", []):
            try:
                ip_network(network, strict=False)
            except ValueError:
                hint = "write it as 10.1.0.0/16"
                where = ("sites", index, "networks")
                raise wrong(path, text, where, f"{network!r} is no network", hint) from None
