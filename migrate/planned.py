"""What was planned for a move's new server, out of the verdicts that the store keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.fact import Reason, Unknown
from migrate.model.plan import Destination
from migrate.model.planned import Planned
from migrate.model.verdict import Cloud
from migrate.records import load_verdict

if TYPE_CHECKING:
    from inventory.store.store import Store
    from migrate.model.plan import Move

_CLOUDS: Final = {Destination.AWS: Cloud.AWS, Destination.AZURE: Cloud.AZURE}


def planned(store: Store, move: Move) -> Planned | Unknown:
    """Return what the latest verdict on the move's destination chose, or why nothing is chosen.

    Raises:
        StoreError: the verdict cannot be read.

    """
    cloud = _CLOUDS.get(move.to)
    if cloud is None:
        detail = f"{move.server} goes to {move.to.value}, for which no size is chosen"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)
    verdict = load_verdict(store, move.server_id, cloud)
    if verdict is None:
        detail = f"{move.server} was never classified for {cloud.value}: run decant classify"
        return Unknown(reason=Reason.NOT_ASKED, detail=detail)
    size = verdict.size
    if size is None:
        detail = f"classification chose no size for {move.server}: {verdict.no_size}"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return Planned(
        size=size.name,
        region=size.region,
        vcpus=size.vcpus,
        memory_bytes=size.memory_bytes,
        monthly_cost_pence=size.monthly_cost_pence,
        incomplete=size.incomplete,
        catalogue_date=size.catalogue_date,
        at=verdict.at,
    )
