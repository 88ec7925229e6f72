"""A bucket holds the same as the old server's folder, or the old bucket: by key, size and checksum.

Only a checksum of the whole object that the store itself calculated or compared counts. Of an
object that was uploaded in several parts, or is encrypted by a key of one's own, S3 keeps none
unless it was asked to; of one that was put there in blocks, Azure has only the uploader's word. It
is unknown then, or read whole where ``read_back`` is set.
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
from migrate.data.stores import Between, compare_stores
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.objects import ObjectStore
from migrate.model.playbook import About

_BUCKET = (
    "^(s3://[a-z0-9][a-z0-9.-]+|azblob://[a-z0-9]{3,24}/([a-z0-9][a-z0-9-]+|[$](root|web|logs)))"
    "(/.*)?$"
)
_MOST_BYTES = 512 * 1024 * 1024
_MOST_NAMED = 50


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    if "bucket" not in given or ("folder" in given) == ("old_bucket" in given):
        return unknown(
            "name the bucket, and the old folder or the old bucket, in this check's parameters"
        )
    store = sight.clouds.objects(given["bucket"])
    if isinstance(store, Unknown):
        return unknown(f"{given['bucket']}: {store}")
    terms = Terms(
        ignore=tuple(given.get("ignore", ())),
        part_seconds=given.get("part_seconds", 600),
        pause_seconds=given.get("pause_seconds", 0),
        until=time.monotonic() + given.get("minutes", 120) * 60,
    )
    try:
        if "folder" in given:
            return _with_folder(sight, given, store, terms)
        return _with_bucket(sight, given, store, terms)
    except CannotTellError as error:
        return unknown(str(error))


def _with_folder(
    sight: Sight, given: Mapping[str, Any], store: ObjectStore, terms: Terms
) -> CheckResult:
    if not sight.move.source:
        return unknown("it is not known where the old server is asked")

    def tell(script: str, seconds: float) -> Reply:
        return sight.ask(sight.move.source, script, seconds=seconds, most_bytes=_MOST_BYTES)

    against = Against(
        tell=tell,
        folder=given["folder"],
        store=store,
        read_back=given.get("read_back", False),
    )
    key = _key(f"{sight.move.source} {given['folder']}", given)
    return _say(compare_bucket(against, terms, sight.memory, key), given)


def _with_bucket(
    sight: Sight, given: Mapping[str, Any], store: ObjectStore, terms: Terms
) -> CheckResult:
    old = sight.clouds.objects(given["old_bucket"])
    if isinstance(old, Unknown):
        return unknown(f"{given['old_bucket']}: {old}")
    if given["old_bucket"].rstrip("/") == given["bucket"].rstrip("/"):
        return unknown(f"{given['bucket']} is named as the old bucket and as the new one")
    between = Between(old=old, new=store, read_back=given.get("read_back", False))
    key = _key(given["old_bucket"], given)
    return _say(compare_stores(between, terms, sight.memory, key), given)


def _key(old: str, given: Mapping[str, Any]) -> str:
    """Return the name under which a comparison is remembered."""
    named = f"{old} {given['bucket']}"
    return f"objects {hashlib.sha256(named.encode()).hexdigest()[:16]}"


def _say(found: Bucketful, given: Mapping[str, Any]) -> CheckResult:
    kind = "folder" if "folder" in given else "old_bucket"
    observed = {
        kind: given[kind],
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
        return unknown(f"there is nothing in {given[kind]} to compare")
    aside = f"; not compared: {listed(found.aside)}" if found.aside else ""
    return passed(
        f"{given['bucket']} holds the {found.files} files of {given[kind]}, {found.size} "
        f"bytes, by key, size and checksum{aside}",
        **observed,
    )


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "folder": {"description": "On the old server.", "type": "string", "pattern": "^/"},
            "old_bucket": {
                "description": "The old bucket, in place of a folder; written as bucket is.",
                "type": "string",
                "pattern": _BUCKET,
            },
            "bucket": {
                "description": "The bucket and the prefix of its keys: s3://bucket/prefix, or "
                "azblob://account/container/prefix.",
                "type": "string",
                "pattern": _BUCKET,
            },
            "ignore": {
                "description": "Paths to leave out, such as *.tmp.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
            },
            "read_back": {
                "description": "Whether to read objects of which a store keeps no checksum that "
                "counts: their traffic may cost money.",
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
                "description": "How long the old server may take for a look or batch of files.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 600,
            },
            "pause_seconds": {
                "description": "How long to let the old side rest after each batch.",
                "type": "number",
                "minimum": 0,
                "default": 0,
            },
        },
    },
    run=_run,
    reads="Lists the folder by find and buckets by their keys, lets the server hash its files, "
    "and asks the stores for the checksums that they keep.",
    about=About.BOTH,
)
