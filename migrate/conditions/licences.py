"""There are licences for every server that brings its own."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing, ServerNeed
from migrate.model.landing_licences import Licences
from migrate.rules.azure_windows_licence import LEAST_CORES


def _judge(told: Licences, landing: Landing) -> CheckResult:
    if isinstance(told.used, Unknown):
        return unknown(f"{told.where}: how many are in use is {told.used}")
    if isinstance(told.owned, Unknown):
        return unknown(f"{told.where}: how many there are is {told.owned}")
    needed = _needed(told.counted_by, [each for each in landing.beside.servers if each.windows])
    if needed is None:
        return unknown(f"{told.where} counts by {told.counted_by}, which a virtual machine has not")
    if told.owned is None:
        return unknown(f"{told.where} sets no number; {told.used} are in use and {needed} needed")
    return _sum(told, told.owned, told.used, needed, _doubtful(landing))


def _needed(counted_by: str, windows: Sequence[ServerNeed]) -> int | None:
    match counted_by:
        case "vCPU":
            return sum(each.vcpus for each in windows)
        case "Core":
            return sum(max(each.vcpus, LEAST_CORES) for each in windows)
        case "Instance":
            return len(windows)
        case _:
            return None


def _doubtful(landing: Landing) -> list[str]:
    servers = landing.beside.servers
    return [each.server for each in servers if each.windows is None] + list(landing.beside.unsized)


def _sum(told: Licences, owned: int, used: int, needed: int, doubtful: list[str]) -> CheckResult:
    left = owned - used - needed
    observed = {"owned": owned, "used": used, "needed": needed}
    words = (
        f"{told.where}: {owned} by {told.counted_by}, less {used} in use and {needed} needed, "
        f"{f'is {-left} too few' if left < 0 else f'leaves {left}'}"
    )
    if left < 0:
        refused = "; the cloud itself refuses servers beyond that" if told.refuses else ""
        return failed(f"{words}{refused}", **observed)
    if doubtful:
        doubt = f"not known whether these run Windows: {listed(doubtful)}"
        return unknown(f"{words}; {doubt}", **observed)
    return passed(words, **observed)


def _beforehand(landing: Landing) -> CheckResult | None:
    if landing.brings_windows:
        return None
    return passed("the estate brings no licences of Windows Server: they are rented with the size")


CONDITION = Condition(
    aspect=Licences,
    judge=_judge,
    passes="Licences of Windows Server that the estate has, less those in use, less those needed, "
    "are not below nothing; or the estate brings none.",
    fails="There are too few.",
    unknown="How many there are is told neither by the cloud nor by the estate.",
    beforehand=_beforehand,
)
