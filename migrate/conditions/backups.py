"""The backup vaults are ready and encrypted, and a plan puts servers' backups there."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_backups import Backups, Vault


def _judge(told: Backups, landing: Landing) -> CheckResult:
    named = landing.zone.vaults
    bad, there = each_named(named, told.vaults, "backup vault")
    parts = [part for each, vault in there.items() for part in _vault(each, vault)]
    return together([*bad, *parts], none="")


def _vault(name: str, vault: Vault) -> Iterator[CheckResult]:
    short = name.rpartition("/")[2]
    for fact, wrong in (
        (vault.usable, f"{short} is {vault.state or 'not usable'}"),
        (vault.encrypted, f"{short} is not encrypted"),
    ):
        if isinstance(fact, Unknown):
            yield unknown(f"{short}: {fact}")
        elif not fact:
            yield failed(wrong)
    if isinstance(vault.plans, Unknown):
        yield unknown(f"{short}: its plans are {vault.plans}")
    elif not vault.plans:
        yield failed(f"{short}: no plan puts backups of servers there")
    else:
        key = vault.key or "the provider's key"
        words = f"{short}, encrypted by {key}, {_locked(vault)}, by {listed(list(vault.plans))}"
        yield passed(words, **{short: {"locked": vault.locked is True, "key": vault.key}})


def _locked(vault: Vault) -> str:
    if isinstance(vault.locked, Unknown):
        return f"whether it is locked is {vault.locked}"
    return "locked" if vault.locked else "not locked: an administrator can delete what is in it"


CONDITION = Condition(
    aspect=Backups,
    judge=_judge,
    passes="Every vault is ready and encrypted, and a plan or policy puts backups of servers "
    "there; whether it is locked is told.",
    fails="A vault does not exist, is not ready, or no plan leads there.",
    unknown="The zone names no vault; its plans may not be read; a state that is new to us.",
    beforehand=names("backup vault", "vaults"),
)
