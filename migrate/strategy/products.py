"""Which applications are a supplier's product, and what the register says of them. Pure.

Line-of-business software is bought. Software that anybody installs for themselves, as databases
and web servers are, is not, unless the register names its supplier. Of what was not recognised
nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.fact import Fact, Known, Reason, Unknown
from migrate.model.supplier import Offer
from migrate.strategy.grouping import PLATFORM, slug

if TYPE_CHECKING:
    from inventory.model.application import Application
    from migrate.model.strategy import EstateApplication
    from migrate.model.supplier import SupplierEntry
    from migrate.strategy.inputs import Inputs, Value
    from migrate.strategy.seen import Seen

BOUGHT: Final = frozenset(
    {"access-control", "bms", "cctv", "crm", "ecm", "erp", "finance", "gis", "hr", "it-asset"}
    | {"itsm", "line-of-business", "lms", "telephony"}
)
"""Categories of what is bought from a supplier; ``lob-…`` are, too."""
_ROLES: Final = frozenset({"directory", "identity", "network", "pki"})
"""Categories of what a network needs, and that comes with its systems."""
_UNRECOGNISED: Final = "unrecognised"


def entry_of(application: EstateApplication, seen: Seen) -> SupplierEntry | None:
    """Return what the register says of an application: by its software, or by its name.

    Where several products run for one application, none of them stands for it.
    """
    named = seen.suppliers.get(application.software_id) or seen.suppliers.get(
        slug(application.name)
    )
    if named or application.software_id:
        return named
    ids = {
        each.id
        for part in application.components
        if isinstance(part.software, Known)
        for each in part.software.value
        if each.category not in PLATFORM
    }
    return seen.suppliers.get(ids.pop()) if len(ids) == 1 else None


def bought(
    application: EstateApplication, software: Fact[tuple[Application, ...]], seen: Seen
) -> Value:
    """Tell whether an application is a supplier's product."""
    if entry_of(application, seen) is not None:
        return Known(value=frozenset({"yes"}))
    if isinstance(software, Unknown):
        return software
    categories = {each.category for each in software.value}
    if any(each in BOUGHT or each.startswith("lob-") for each in categories):
        return Known(value=frozenset({"yes"}))
    if categories <= (PLATFORM | _ROLES) - {_UNRECOGNISED}:
        return Known(value=frozenset({"no"}))
    return Unknown(reason=Reason.NOT_TOLD, detail="nobody said whether it is bought")


def supplier_inputs(application: EstateApplication, seen: Seen) -> Inputs:
    """Return what its supplier answered, and when its contract ends.

    What a product typically offers is no answer: it stays unknown.
    """
    entry = entry_of(application, seen)
    return {
        "saas": _answer(entry, entry.saas if entry else Offer.UNKNOWN),
        "supplier-allows-cloud": _answer(entry, entry.cloud if entry else Offer.UNKNOWN),
        "contract-ends": _contract(entry, seen),
    }


def _answer(entry: SupplierEntry | None, offer: Offer) -> Value:
    if offer is not Offer.UNKNOWN:
        return Known(value=frozenset({offer.value}))
    asked = entry.waits_since if entry else None
    detail = f"asked on {asked}, no answer yet" if asked else "its supplier was not asked"
    return Unknown(reason=Reason.NOT_TOLD if asked else Reason.NOT_ASKED, detail=detail)


def _contract(entry: SupplierEntry | None, seen: Seen) -> Value:
    if entry is None or entry.contract_end is None:
        return Unknown(reason=Reason.NOT_TOLD, detail="the end of its contract is not known")
    if seen.hub_opens is None:
        return Unknown(reason=Reason.NOT_TOLD, detail="when the Hub opens is not known")
    before = entry.contract_end < seen.hub_opens
    return Known(value=frozenset({"before-hub" if before else "after-hub"}))
