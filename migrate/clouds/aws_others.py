"""What replaces a server in AWS and is no instance, described as a resource of the move.

Fingerprints bind evidence to it: another database, class, version or bucket is another thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inventory.model.fact import Reason, Unknown
from migrate.model.check import CloudResource
from migrate.model.target_database import Database
from migrate.model.target_storage import Storage

_STORES: Final = frozenset({"s3", "elasticfilesystem", "fsx"})


def as_resource(told: Callable[[type[Any]], Any], service: str) -> CloudResource | Unknown:
    """Describe a database or a store by what its reader tells, or say why that cannot be known.

    ``told`` tells an aspect of the resource; ``service`` is the one that its ARN names.
    """
    if service == "rds":
        return _of(told(Database))
    if service in _STORES:
        return _of(told(Storage))
    detail = f"nothing here describes a resource of {service}"
    return Unknown(reason=Reason.NOT_ASKED, detail=detail)


def _of(seen: Database | Storage | Unknown) -> CloudResource | Unknown:
    if isinstance(seen, Unknown):
        return seen
    if isinstance(seen, Database):
        size, image = seen.size, f"{seen.engine} {seen.version}"
    else:
        size, image = seen.kind, None
    return CloudResource(
        id=seen.id,
        exists=True,
        power_state=seen.state,
        healthy=seen.up,
        detail=f"its state is {seen.state}" if seen.state else "it has no state of its own",
        size=size,
        image=image,
        launched=seen.created,
    )
