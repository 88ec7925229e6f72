"""Reads the decision table: the estate's own ``strategy.yaml``, or the shipped one.

An estate's own table stands in place of the shipped one as a whole, so that what decides can be
read in one file, from top to bottom.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from inventory.errors import BadInputError, Place
from inventory.model.fact import Known, Reason, Unknown
from migrate.model.plan import Destination
from migrate.model.strategy import Strategy
from migrate.model.verdict import Cloud, Severity
from migrate.strategy.inputs import INPUTS
from migrate.strategy.table import EITHER, Row, Table, decide

FILE_NAME: Final = "strategy.yaml"
_DATA: Final = "migrate.strategy.data"
_HINT: Final = "decant strategy table prints the shipped one, with every input that there is"


def shipped_path() -> Path:
    """Return the path of the shipped table."""
    return Path(str(files(_DATA).joinpath("decision-table.yaml")))


def read_table(folder: Path | None, rules: Collection[str]) -> Table:
    """Read the table of an estate folder, or the shipped one when it has none.

    ``rules`` are the names of the rules that there are.

    Raises:
        BadInputError: it cannot be read, is not as the schema asks, or a row's example is decided
            by another row; the place names file, line and row.

    """
    return _read(table_path(folder) if folder else shipped_path(), rules)


def table_path(folder: Path) -> Path:
    """Return the path of the table that an estate goes by."""
    own = folder / FILE_NAME
    return own if own.is_file() else shipped_path()


def _read(path: Path, rules: Collection[str]) -> Table:
    content = _content(path)
    document = _document(path, content)
    _against_schema(path, document)
    rows = tuple(_row(each) for each in document["rows"])
    table = Table(
        rows=rows,
        rules={
            name: {str(rule): Severity(least) for rule, least in given.items()}
            for name, given in document["inputs-from-rules"].items()
        },
        managed={
            Cloud(cloud): dict(services) for cloud, services in document["managed-services"].items()
        },
        version=hashlib.sha256(content).hexdigest()[:12],
        origin="shipped" if path == shipped_path() else path.name,
    )
    _rules_are_there(path, document, rules)
    for index, row in enumerate(rows):
        _check_row(path, document, table, index, row)
    return table


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", place=Place(file=path)) from error


def _document(path: Path, content: bytes) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt", pure=True).load(content)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file=path, line=mark.line + 1 if mark else None)
        raise BadInputError(f"not YAML: {error.problem}", place=place) from error
    except (YAMLError, ValueError) as error:
        raise BadInputError(f"not YAML: {error}", place=Place(file=path)) from error


def _against_schema(path: Path, document: Any) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = json.loads(files(_DATA).joinpath("decision-table.schema.json").read_text("utf-8"))
    # Compared as JSON has them: YAML's dates become text.
    plain = json.loads(json.dumps(document, default=str))
    fault = best_match(Draft202012Validator(schema).iter_errors(plain))
    if fault is not None:
        where = list(fault.absolute_path)
        raise _wrong(path, document, where, fault.message)


def _rules_are_there(path: Path, document: Any, rules: Collection[str]) -> None:
    for name, given in document["inputs-from-rules"].items():
        for rule in given:
            if rule not in rules:
                where = ["inputs-from-rules", name, rule]
                raise _wrong(path, document, where, f"there is no rule {rule!r}")


def _check_row(path: Path, document: Any, table: Table, index: int, row: Row) -> None:
    if row.id in [each.id for each in table.rows[:index]]:
        raise _wrong(path, document, ["rows", index, "id"], f"a second row {row.id!r}")
    for part, given in (("when", row.when), ("example", row.example)):
        for name, words in given.items():
            allowed = INPUTS[name].values
            wrong = [word for word in words if allowed and word not in allowed]
            if wrong:
                message = f"{name} is never {wrong[0]!r}; it can be: {', '.join(allowed)}"
                raise _wrong(path, document, ["rows", index, part, name], message)
    decided = decide(table.rows, dict.fromkeys(Cloud, example_inputs(row))).row
    if decided is not row:
        by = f"row {decided.id!r} decides it" if decided else "no row decides it"
        raise _wrong(path, document, ["rows", index, "example"], f"its example fails: {by}")


def example_inputs(row: Row) -> dict[str, Any]:
    """Return the inputs of a row's example; what it does not name is unknown."""
    unknown = Unknown(reason=Reason.NOT_TOLD)
    return {
        name: Known(value=frozenset(row.example[name])) if name in row.example else unknown
        for name in INPUTS
    }


def _row(raw: Mapping[str, Any]) -> Row:
    destination = str(raw["destination"])
    return Row(
        id=str(raw["id"]),
        when=_words(raw["when"]),
        strategy=Strategy(raw["strategy"]),
        destinations=EITHER if destination == "cloud" else (Destination(destination),),
        reason=str(raw["reason"]),
        source=str(raw["source"]),
        source_date=date.fromisoformat(str(raw["source-date"])),
        example=_words(raw["example"]),
        confirm=str(raw.get("confirm", "")),
        verified=bool(raw.get("verified", True)),
    )


def _words(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        str(name): tuple(map(str, given)) if isinstance(given, list) else (str(given),)
        for name, given in raw.items()
    }


def _wrong(path: Path, document: Any, where: list[str | int], message: str) -> BadInputError:
    row = _row_id(document, where)
    return BadInputError(
        f"row {row!r}: {message}" if row else message,
        hint=_HINT,
        place=Place(file=path, line=_line(document, where), field=_dotted(where) or None),
    )


def _row_id(document: Any, where: list[str | int]) -> str:
    if len(where) > 1 and where[0] == "rows":
        try:
            return str(document["rows"][where[1]]["id"])
        except (KeyError, TypeError):
            return ""
    return ""


def _line(document: Any, where: list[str | int]) -> int | None:
    line: int | None = None
    current = document
    for part in where:
        marks: Any = getattr(current, "lc", None)
        try:
            found = marks.item(part) if isinstance(part, int) else marks.key(part)
            line, current = found[0] + 1, current[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _dotted(where: list[str | int]) -> str:
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return words.lstrip(".")
