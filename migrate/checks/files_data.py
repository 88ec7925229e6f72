"""The new server's folders hold the same files as the old one's: names, sizes, owners, content.

Both servers list their folders and hash their files themselves; nothing is written on them.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from inventory.amount import amount
from inventory.model.asking import Reply
from migrate.checks._say import failed, listed, no_replacement, passed, unknown
from migrate.data.folders import Folders, Terms, Two, compare_folders
from migrate.data.model import CannotTellError
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MOST_BYTES = 512 * 1024 * 1024
"""Of one answer: about three million entries."""
_MOST_NAMED = 50


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    folders = given.get("folders")
    if not folders:
        return unknown("name the folders in this check's parameters")
    if sight.move.replacement is None:
        return no_replacement()
    if not sight.move.source:
        return unknown("it is not known where the old server is asked")
    until = time.monotonic() + given.get("minutes", 120) * 60
    found: dict[str, Folders | str] = {}
    for each in folders:
        try:
            found[each["old"]] = _compared(sight, each, given, until)
        except CannotTellError as error:
            found[each["old"]] = str(error)
    return _say(found, given)


def _compared(
    sight: Sight, folder: Mapping[str, str], given: Mapping[str, Any], until: float
) -> Folders:
    old, new = folder["old"], folder.get("new", folder["old"])
    key = hashlib.sha256(f"{sight.move.source} {old} {sight.move.replacement} {new}".encode())
    two = Two(
        old=partial(_tell, sight, sight.move.source),
        new=partial(_tell, sight, sight.move.replacement or ""),
        old_folder=old,
        new_folder=new,
    )
    terms = Terms(
        ignore=tuple(given.get("ignore", ())),
        owners=given.get("owners", True),
        permissions=given.get("permissions", True),
        times=given.get("times", True),
        share=given.get("percent", 100) / 100,
        part_seconds=given.get("part_seconds", 600),
        pause_seconds=given.get("pause_seconds", 0),
        until=until,
    )
    return compare_folders(two, terms, sight.memory, f"files {key.hexdigest()[:16]}")


def _tell(sight: Sight, target: str, script: str, seconds: float) -> Reply:
    return sight.ask(target, script, seconds=seconds, most_bytes=_MOST_BYTES)


def _say(found: Mapping[str, Folders | str], given: Mapping[str, Any]) -> CheckResult:
    told = {folder: each for folder, each in found.items() if isinstance(each, Folders)}
    wrong = [
        f"{folder}: {path} {words}"
        for folder, each in told.items()
        for path, words in each.differences
    ]
    untold = [f"{folder}: {each}" for folder, each in found.items() if isinstance(each, str)]
    untold += [f"{folder}: {words}" for folder, each in told.items() for words in each.untold]
    observed = {
        "folders": {folder: _observed(each) for folder, each in told.items()},
        "untold": untold[:_MOST_NAMED],
        "percent": given.get("percent", 100),
    }
    if wrong:
        aside = f"; and it cannot be told: {listed(untold, 3)}" if untold else ""
        differ = amount(len(wrong), "entry differs", "entries differ")
        return failed(f"{differ}: {listed(wrong)}{aside}", **observed)
    if untold:
        return unknown(listed(untold), **observed)
    return _passed(told, given, observed)


def _passed(
    told: Mapping[str, Folders], given: Mapping[str, Any], observed: dict[str, Any]
) -> CheckResult:
    files = sum(each.files for each in told.values())
    if not files:
        return unknown("there is no file in these folders, so there is nothing to compare")
    share = given.get("percent", 100)
    content = "every file's content" if share == 100 else f"the content of {share} % of them"  # noqa: PLR2004 - percent
    aside = sorted({words for each in told.values() for words in each.aside})
    size = amount(sum(each.size for each in told.values()), "byte")
    same = amount(files, f"file of {size} is", f"files of {size} are")
    return passed(
        f"{same} the same on both servers, with {content} compared"
        + (f"; not compared: {listed(aside)}" if aside else ""),
        **observed,
    )


def _observed(each: Folders) -> dict[str, Any]:
    return {
        "files": each.files,
        "bytes": each.size,
        "entries": each.entries,
        "read": each.read,
        "remembered": each.remembered,
        "ignored": each.ignored,
        "differing": len(each.differences),
        "first": [list(pair) for pair in each.differences[:_MOST_NAMED]],
        "not_compared": list(each.aside),
    }


_FOLDER: dict[str, Any] = {"type": "string", "pattern": "^/"}
_SWITCH: dict[str, Any] = {"type": "boolean", "default": True}

CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "folders": {
                "description": "The folders, on one file system each.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["old"],
                    "properties": {
                        "old": {**_FOLDER, "description": "On the old server."},
                        "new": {**_FOLDER, "description": "On the new one; the same if left out."},
                    },
                },
            },
            "ignore": {
                "description": "Paths below the folders to leave out, such as *.tmp or cache.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
            },
            "owners": {**_SWITCH, "description": "Whether owners must be the same, by name."},
            "permissions": {
                **_SWITCH,
                "description": "Whether permissions must be the same; access lists and attributes "
                "too where both servers can tell them.",
            },
            "times": {
                **_SWITCH,
                "description": "Whether files must have been changed at the same second.",
            },
            "percent": {
                "description": "How many files of a hundred are read; always the same ones. Names, "
                "sizes and the rest are compared of all.",
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": 100,
                "default": 100,
            },
            "minutes": {
                "description": "How long it may take for all folders.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 120,
            },
            "part_seconds": {
                "description": "How long a server may take for one look, or for a batch of files "
                "of at most 1 GiB.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 600,
            },
            "pause_seconds": {
                "description": "How long to let the servers rest after each batch.",
                "type": "number",
                "minimum": 0,
                "default": 0,
            },
        },
    },
    run=_run,
    reads="Lists the folders on both servers by find, and lets each hash its files by sha256sum "
    "at the lowest priority; nothing is written there.",
    about=About.BOTH,
)
