"""Reads playbooks: YAML against the published schema, with every fault named by file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from inventory.errors import BadInputError, Place
from inventory.registry import Plugin
from migrate.model.action import Action
from migrate.model.check import Check
from migrate.model.life import Step
from migrate.model.plan import Destination
from migrate.model.playbook import (
    ApprovalRule,
    Builds,
    CheckUse,
    Playbook,
    Replacement,
    Stage,
    Window,
)
from migrate.references import is_reference

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_USUAL = {
    Destination.AWS: "rehost-aws",
    Destination.AZURE: "rehost-azure",
    Destination.SAAS: "saas",
    Destination.HUB: "hub-move",
    Destination.RETIRE: "retire",
}
_WINDOWS = "such as {days: [mon, tue], from: '09:00', until: '16:00', zone: Europe/London}"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def usual_playbook(to: Destination, replacement: str | None) -> str:
    """Name the shipped playbook by which a server goes there, where the estate names none."""
    if to is Destination.HUB and replacement:
        return "rebuild"
    return _USUAL[to]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where playbooks lie, and what they may use."""

    checks: Mapping[str, Plugin[Check]]
    actions: Mapping[str, Plugin[Action]]
    own: Path | None = None
    """The estate's own folder of playbooks; its files come before the shipped ones."""

    def names(self) -> tuple[str, ...]:
        """Name every playbook that can be read, in order."""
        return tuple(sorted({path.stem for folder in self._folders() for path in _yaml(folder)}))

    def is_own(self, name: str) -> bool:
        """Tell whether a playbook is the estate's own, which stands before a shipped one."""
        return self.own is not None and (self.own / f"{name}.yaml").is_file()

    def read(self, name: str) -> Playbook:
        """Read one playbook.

        Raises:
            BadInputError: it is not there, or is not a playbook; the place names file, line and
                field.

        """
        for folder in self._folders():
            path = folder / f"{name}.yaml"
            if path.is_file():
                return read_playbook(path, checks=self.checks, actions=self.actions)
        raise BadInputError(
            f"there is no playbook {name!r}", hint=f"there are: {', '.join(self.names())}"
        )

    def _folders(self) -> tuple[Path, ...]:
        shipped = Path(str(files("playbooks")))
        return (self.own, shipped) if self.own else (shipped,)


def read_playbook(
    path: Path, *, checks: Mapping[str, Plugin[Check]], actions: Mapping[str, Plugin[Action]]
) -> Playbook:
    """Read the playbook in one file; its name is the file's.

    Raises:
        BadInputError: it cannot be read, or something in it is not as the schema, the checks and
            the actions ask; the place names file, line and field.

    """
    text = _bytes(path)
    document = _document(path, text)
    _against(_schema(), document, path, ())
    for index, stage in enumerate(document["stages"]):
        _check_stage(document, index, stage, path, checks, actions)
    return Playbook(
        name=path.stem,
        title=document["title"],
        stages=tuple(_stage(each, checks, actions) for each in document["stages"]),
        replacement=Replacement(document.get("replacement", "server")),
        digest=hashlib.sha256(text).hexdigest(),
    )


def parameters_fault(schema: Mapping[str, Any], parameters: Mapping[str, Any]) -> str | None:
    """Say what is wrong with a check's parameters, or None when nothing is."""
    fault = _first_fault(schema, parameters)
    return (
        None if fault is None else f"{_dotted(fault.absolute_path)}: {fault.message}".lstrip(": ")
    )


def _yaml(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(
        files("playbooks").joinpath("playbook.schema.json").read_text(encoding="utf-8")
    )
    return schema


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", place=Place(file=path)) from error


def _document(path: Path, text: bytes) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(
            file=path,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        )
        raise BadInputError(f"not YAML: {error.problem}", place=place) from error
    except (YAMLError, ValueError) as error:
        raise BadInputError(f"not YAML: {error}", place=Place(file=path)) from error


def _first_fault(schema: Mapping[str, Any], document: Any) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    faults = Draft202012Validator(dict(schema)).iter_errors(document)
    # What a reference stands for is not known yet: it is looked at when the check is run.
    return best_match(each for each in faults if not is_reference(each.instance))


def _against(
    schema: Mapping[str, Any], part: Any, path: Path, prefix: Sequence[str | int], root: Any = None
) -> None:
    fault = _first_fault(schema, part)
    if fault is None:
        return
    where = (*prefix, *fault.absolute_path)
    raise BadInputError(
        _in_words(fault),
        hint="see docs/reference/playbooks.md for what a playbook may hold",
        place=_place(path, part if root is None else root, where),
    )


def _in_words(fault: Any) -> str:
    if fault.validator == "oneOf":
        kinds = ", ".join(each["required"][0] for each in fault.validator_value)
        return f"it must have exactly one of: {kinds}"
    if fault.validator == "dependentRequired":
        return str(fault.message).replace("is a dependency of", "is needed beside")
    return str(fault.message)


_Wrong = Callable[..., BadInputError]


def _check_stage(
    document: Any,
    index: int,
    stage: Any,
    path: Path,
    checks: Mapping[str, Plugin[Check]],
    actions: Mapping[str, Plugin[Action]],
) -> None:
    here = ("stages", index)
    earlier = [each["name"] for each in document["stages"][:index]]

    def wrong(message: str, *where: str | int, hint: str) -> BadInputError:
        return BadInputError(message, hint=hint, place=_place(path, document, (*here, *where)))

    if stage["name"] in earlier:
        raise wrong(f"a second stage {stage['name']!r}", "name", hint="name each stage differently")
    for position, need in enumerate(stage.get("needs", ())):
        if need not in earlier:
            hint = f"it may need: {', '.join(earlier) or 'nothing'}"
            raise wrong(f"no earlier stage {need!r}", "needs", position, hint=hint)
    for position, window in enumerate(stage.get("windows", ())):
        fault = _window_fault(window)
        if fault:
            raise wrong(fault, "windows", position, hint=_WINDOWS)
    action = stage.get("action")
    if action is not None and action not in actions:
        raise wrong(f"unknown action {action!r}", "action", hint=f"there are: {', '.join(actions)}")
    for spot, use in _uses(stage, checks, wrong):
        schema = checks[use["check"]].value.parameters
        _against(schema, use.get("with", {}), path, (*here, *spot, "with"), document)


def _uses(
    stage: Any, checks: Mapping[str, Plugin[Check]], wrong: _Wrong
) -> Iterator[tuple[tuple[str, int], Any]]:
    """Yield a stage's uses of checks, each with its place, once it is known to be there."""
    seen: set[str] = set()
    for position, use in enumerate(stage.get("checks", ())):
        spot = ("checks", position)
        if use["check"] not in checks:
            hint = f"there are: {', '.join(checks)}"
            raise wrong(f"unknown check {use['check']!r}", *spot, "check", hint=hint)
        identifier = use.get("id", use["check"])
        if identifier in seen:
            raise wrong(f"a second check {identifier!r}", *spot, hint="give it an id of its own")
        seen.add(identifier)
        yield spot, use


def _window_fault(window: Mapping[str, Any]) -> str:
    if str(window["from"]) >= str(window["until"]):
        return "the window ends before it begins"
    zone = str(window.get("zone", "Europe/London"))
    return "" if zone in available_timezones() else f"there is no time zone {zone!r}"


def _stage(
    raw: Mapping[str, Any],
    checks: Mapping[str, Plugin[Check]],
    actions: Mapping[str, Plugin[Action]],
) -> Stage:
    action = str(raw["action"]) if "action" in raw else None
    return Stage(
        name=str(raw["name"]),
        help=str(raw["help"]),
        needs=tuple(str(need) for need in raw.get("needs", ())),
        reaches=Step(str(raw["reaches"])) if "reaches" in raw else None,
        wait=_duration(raw["wait"]) if "wait" in raw else timedelta(0),
        checks=tuple(_use(use, checks) for use in raw.get("checks", ())),
        approval=_approval(raw["approval"]) if "approval" in raw else None,
        action=action,
        builds=actions[action].value.builds if action else Builds.NOTHING,
        moves=bool(action) and actions[str(action)].value.moves,
        windows=tuple(_window(each) for each in raw.get("windows", ())),
        valid_for=_duration(raw["valid_for"]) if "valid_for" in raw else timedelta(0),
        rollback=str(raw.get("rollback", "")),
    )


def _use(raw: Mapping[str, Any], checks: Mapping[str, Plugin[Check]]) -> CheckUse:
    return CheckUse(
        id=str(raw.get("id", raw["check"])),
        check=str(raw["check"]),
        about=checks[str(raw["check"])].value.about,
        parameters=json.loads(json.dumps(raw.get("with", {}))),
        when_to=tuple(str(each) for each in raw.get("to", ())),
        excusable=bool(raw.get("excusable", False)),
    )


def _approval(raw: Mapping[str, Any]) -> ApprovalRule:
    return ApprovalRule(
        partners=int(raw["partners"]),
        people=int(raw.get("people", 1)),
        roles=tuple(str(each) for each in raw.get("roles", ())),
    )


def _window(raw: Mapping[str, Any]) -> Window:
    return Window(
        days=tuple(_DAYS.index(str(day)) for day in raw.get("days", _DAYS)),
        start=time.fromisoformat(str(raw["from"])),
        end=time.fromisoformat(str(raw["until"])),
        zone=str(raw.get("zone", "Europe/London")),
    )


def _duration(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def _dotted(path: Sequence[str | int]) -> str:
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.lstrip(".")


def _place(path: Path, document: Any, where: Sequence[str | int]) -> Place:
    """Find the line of a field: of its own key, or of the nearest thing around it."""
    line = column = None
    current = document
    for part in where:
        position = _position(current, part)
        if position is not None:
            line, column = position[0] + 1, position[1] + 1
        try:
            current = current[part]
        except (KeyError, IndexError, TypeError):
            break
    return Place(file=path, line=line, column=column, field=_dotted(where) or None)


def _position(container: Any, part: str | int) -> tuple[int, int] | None:
    marks = getattr(container, "lc", None)
    if marks is None:
        return None
    try:
        return marks.item(part) if isinstance(part, int) else marks.key(part)  # type: ignore[no-any-return]
    except (KeyError, TypeError, AttributeError):
        return None
