"""A bucket holds the same files as the old server's folder: by key, size and checksum.

Only what a store keeps as a checksum of the whole object counts. Of an object that was uploaded in
several parts, or is encrypted by a key of one's own, S3 keeps none unless it was asked to: it is
unknown then, or read whole where ``read_back`` is set.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from inventory.model.asking import Reply
from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.data.buckets import Against, Bucketful, compare_bucket
from migrate.data.folders import Terms
from migrate.data.model import CannotTellError
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MOST_BYTES = 512 * 1024 * 1024
_MOST_NAMED = 50


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    if "folder" not in given or "bucket" not in given:
        return unknown("name the old folder and the bucket in this check's parameters")
    if not sight.move.source:
        return unknown("it is not known where the old server is asked")
    store = sight.clouds.objects(given["bucket"])
    if isinstance(store, Unknown):
        return unknown(f"{given['bucket']}: {store}")

    def tell(script: str, seconds: float) -> Reply:
        return sight.ask(sight.move.source, script, seconds=seconds, most_bytes=_MOST_BYTES)

    named = f"{sight.move.source} {given['folder']} {given['bucket']}"
    terms = Terms(
        ignore=tuple(given.get("ignore", ())),
        part_seconds=given.get("part_seconds", 600),
        pause_seconds=given.get("pause_seconds", 0),
        until=time.monotonic() + given.get("minutes", 120) * 60,
    )
    against = Against(
        tell=tell,
        folder=given["folder"],
        store=store,
        read_back=given.get("read_back", False),
    )
    key = f"objects {hashlib.sha256(named.encode()).hexdigest()[:16]}"
    try:
        return _say(compare_bucket(against, terms, sight.memory, key), given)
    except CannotTellError as error:
        return unknown(str(error))


def _say(found: Bucketful, given: Mapping[str, Any]) -> CheckResult:
    observed = {
        "folder": given["folder"],
        "bucket": given["bucket"],
        "files": found.files,
        "bytes": found.size,
        "remembered": found.remembered,
        "differing": len(found.differences),
        "first": [list(each) for each in found.differences[:_MOST_NAMED]],
        "untold": found.untold[:_MOST_NAMED],
        "not_compared": found.aside,
    }
    if found.differences:
        named = listed([f"{path} {words}" for path, words in found.differences])
        aside = f"; and it cannot be told: {listed(found.untold, 3)}" if found.untold else ""
        return failed(f"{len(found.differences)} objects differ: {named}{aside}", **observed)
    if found.untold:
        return unknown(listed(found.untold), **observed)
    if not found.files:
        return unknown("there is no file in the folder, so there is nothing to compare")
    aside = f"; not compared: {listed(found.aside)}" if found.aside else ""
    return passed(
        f"{given['bucket']} holds the {found.files} files of {given['folder']}, {found.size} "
        f"bytes, by key, size and checksum{aside}",
        **observed,
    )


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "folder": {"description": "On the old server.", "type": "string", "pattern": "^/"},
            "bucket": {
                "description": "The bucket, and the prefix of its keys: s3://bucket/prefix.",
                "type": "string",
                "pattern": "^s3://[a-z0-9][a-z0-9.-]+(/.*)?$",
            },
            "ignore": {
                "description": "Paths below the folder to leave out, such as *.tmp.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
            },
            "read_back": {
                "description": "Whether to read objects of which the store keeps no checksum: "
                "their traffic may cost money.",
                "type": "boolean",
                "default": False,
            },
            "minutes": {
                "description": "How long it may take.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 120,
            },
            "part_seconds": {
                "description": "How long the server may take for one look or batch of files.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 600,
            },
            "pause_seconds": {
                "description": "How long to let the server rest after each batch.",
                "type": "number",
                "minimum": 0,
                "default": 0,
            },
        },
    },
    run=_run,
    reads="Lists the folder by find and the bucket by its keys, lets the server hash its files, "
    "and asks the store for the checksums that it keeps.",
    about=About.BOTH,
)
