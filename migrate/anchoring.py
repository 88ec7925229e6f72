"""The anchors that decant.toml names, and whether the ledger holds all that they keep."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from inventory.errors import BadInputError, Place
from migrate.ledger.anchors import Anchor, Holding, holding

if TYPE_CHECKING:
    from inventory.estate import Estate
    from migrate.ledger.chain import Verification
    from migrate.ledger.trust import Trust

RETENTION_DAYS = 2557
"""How long an anchored head cannot be taken away, unless the address says ``?days=``: seven years,
one more than the six within which a claim may be brought (Limitation Act 1980, section 5)."""


def open_anchors(estate: Estate) -> tuple[Anchor, ...]:
    """Return the estate's anchors; none of them is asked anything yet.

    Raises:
        BadInputError: an address is wrong.

    """
    return tuple(_open(estate, each) for each in estate.anchors)


def holdings(estate: Estate, found: Verification, trust: Trust) -> tuple[Holding, ...]:
    """Ask every anchor of the estate, and compare the ledger with what it holds.

    Raises:
        BadInputError: an address is wrong.

    """
    return tuple(holding(each, found, trust) for each in open_anchors(estate))


def doubt(found: Iterable[Holding]) -> str:
    """Say why a ledger cannot be acted on, by what its anchors hold; empty when it can.

    An anchor that does not answer, or holds nothing yet, vouches for nothing.
    """
    return "; ".join(
        each.fault or f"it is not known whether it is whole: {each.unknown}"
        for each in found
        if each.fault or each.unknown
    )


def _open(estate: Estate, address: str) -> Anchor:
    kind, _, rest = address.partition(":")
    if kind == "file":
        from migrate.ledger.anchor_file import FileAnchor

        return FileAnchor(path=estate.folder / Path(rest).expanduser())
    parts = urlsplit(address)
    bucket, prefix, days = parts.netloc, parts.path.strip("/"), _days(estate, parts.query)
    if kind == "s3":
        from inventory.clouds.configured import aws_settings
        from migrate.clouds.anchor_s3 import S3Anchor

        return S3Anchor(settings=aws_settings(estate), bucket=bucket, prefix=prefix, days=days)
    from inventory.clouds.configured import azure_settings
    from migrate.clouds.anchor_azblob import BlobAnchor

    container, _, prefix = prefix.partition("/")
    if not container:
        raise _wrong(estate, f"{address} names no container", "azblob://ACCOUNT/CONTAINER")
    return BlobAnchor(
        settings=azure_settings(estate),
        account=bucket,
        container=container,
        prefix=prefix,
        days=days,
    )


def _days(estate: Estate, query: str) -> int:
    given = parse_qs(query)
    days = given.pop("days", [str(RETENTION_DAYS)])[-1]
    if given or not days.isascii() or not days.isdigit() or not int(days):
        raise _wrong(
            estate, f"an anchor's address ends in ?{query}", "?days=2557 is all it may say"
        )
    return int(days)


def _wrong(estate: Estate, message: str, hint: str) -> BadInputError:
    place = Place(file=estate.file, field="ledger.anchors")
    return BadInputError(message, hint=hint, place=place)
