"""What an anchored head is called among objects and blobs, so that a listing tells all heads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.ledger.anchors import Head

_NAME = re.compile(r"(?P<entries>[0-9]{12})-(?P<digest>[0-9a-f]{64})\.json\Z")


def name_of(prefix: str, head: Head) -> str:
    """Return the name of a head's object."""
    return "/".join([*([prefix] if prefix else []), f"{head.entries:012d}-{head.digest}.json"])


def heads_among(prefix: str, names: Iterable[str]) -> tuple[Head, ...]:
    """Return the heads that names tell of; what lies beside them is left alone."""
    start = f"{prefix}/" if prefix else ""
    found = (_NAME.match(name.removeprefix(start)) for name in names if name.startswith(start))
    return tuple(
        {Head(entries=int(each["entries"]), digest=each["digest"]) for each in found if each}
    )
