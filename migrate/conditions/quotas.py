"""The account's quotas have room for the sizes and disks that are to land."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.conditions._need import lacking
from migrate.conditions._together import together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_quotas import Quota, Quotas

_GIB_A_TIB = 1024


def _judge(told: Quotas, landing: Landing) -> CheckResult:
    by_id = {each.id: each for each in told.quotas}
    wanted: Counter[str] = Counter()
    tib: dict[str, float] = defaultdict(float)
    parts = list(lacking(landing.beside, disks=True))
    for server in landing.beside.servers:
        of_size = told.of_size.get(server.size)
        if of_size is None or isinstance(of_size, Unknown):
            parts.append(unknown(f"{server.server}: {of_size or f'no quota for {server.size}'}"))
            continue
        wanted.update(dict.fromkeys(of_size, server.vcpus))
        wanted.update(told.of_server)
        for kind, gib in server.disks or ():
            of_disk = told.of_disk.get(kind)
            if of_disk is None or isinstance(of_disk, Unknown):
                parts.append(unknown(f"{server.server}: {of_disk or f'no quota for {kind} disks'}"))
            elif by_id[of_disk].unit == "disks":
                wanted[of_disk] += 1
            else:
                tib[of_disk] += gib / _GIB_A_TIB
    parts += _against(by_id, {**wanted, **tib})
    return together(parts, none="nothing is to land here")


def _against(quotas: dict[str, Quota], wanted: dict[str, float]) -> Iterator[CheckResult]:
    for key, amount in sorted(wanted.items()):
        quota = quotas.get(key)
        if quota is None:
            yield unknown(f"quota {key} is not told, and {_number(amount)} are needed of it")
        elif isinstance(quota.limit, Unknown) or isinstance(quota.used, Unknown):
            why = quota.limit if isinstance(quota.limit, Unknown) else quota.used
            yield unknown(f"{quota.name}: {_number(amount)} {quota.unit} are needed; {why}")
        else:
            yield _sum(quota, quota.limit, quota.used, amount)


def _sum(quota: Quota, limit: float, used: float, amount: float) -> CheckResult:
    left = limit - used - amount
    words = (
        f"{quota.name} ({quota.id}): {_number(limit)} {quota.unit}, less {_number(used)} in use "
        f"and {_number(amount)} needed, "
    )
    observed = {quota.id: {"limit": limit, "used": used, "needed": amount}}
    if left < 0:
        return failed(f"{words}is {_number(-left)} too few", **observed)
    return passed(f"{words}leaves {_number(left)}", **observed)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


CONDITION = Condition(
    aspect=Quotas,
    judge=_judge,
    passes="Limit less use less need is not below nothing, for every quota that sizes and disks "
    "count against; the arithmetic is shown.",
    fails="A quota is too small.",
    unknown="A server has no size or its disks are not known; no quota is known for a size.",
)
