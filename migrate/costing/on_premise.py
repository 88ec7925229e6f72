"""What servers cost where they stand: the estate's own bills, shared out to the penny."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.estate_costs import OnPremiseLine
from inventory.model.fact import FactKey
from inventory.model.facts import CPU_THREADS, INTERFACES, MEMORY_TOTAL
from inventory.model.server import Server
from inventory.model.site import Site
from migrate.costing.allocation import allocate
from migrate.costing.period import period_pence
from migrate.judging.network import addresses
from migrate.model.cost import MONTHS_A_YEAR, Account, Basis, Charge, Fund, Kind, Part

EXPECTED = (Kind.HARDWARE, Kind.POWER, Kind.LICENCE, Kind.SUPPORT)
"""What every server on premise costs something of: named as missing where nobody gave it."""
_WEIGHTS: Mapping[str, FactKey[int]] = {"by vCPU": CPU_THREADS, "by memory": MEMORY_TOTAL}


@dataclass(frozen=True, kw_only=True)
class OnPremise:
    """The bills of one estate over one period."""

    lines: tuple[OnPremiseLine, ...]
    sites: tuple[Site, ...]
    since: date
    years: int
    parts: tuple[Part, ...]
    """How the partners share what nothing else is agreed for."""

    def shared(
        self, servers: Sequence[Server], applications: Mapping[str, frozenset[str]]
    ) -> tuple[dict[str, tuple[Charge, ...]], tuple[Charge, ...]]:
        """Share every line among the servers that bear it; return the charges by server id.

        The second part is what no server bears. Nothing is lost: all parts of a line, and what is
        not borne, add up to the line.
        """
        charges: dict[str, list[Charge]] = defaultdict(list)
        unborne = []
        for line in self.lines:
            bearers = [each for each in servers if self._bears(each, line, applications)]
            if not bearers:
                unborne.append(self._charge(line, *self._amounts(line), "no server bears it"))
            for server, charge in zip(bearers, self._split(line, bearers), strict=True):
                charges[server.id].append(charge)
        every = {
            server.id: (*charges[server.id], *self._missing(charges[server.id]))
            for server in servers
        }
        return every, tuple(unborne)

    def _split(self, line: OnPremiseLine, bearers: Sequence[Server]) -> Iterator[Charge]:
        if not bearers:
            return
        monthly, period = self._amounts(line)
        weights, told = _weights(line.shared, bearers)
        each_month, each_period = allocate(monthly, weights), allocate(period, weights)
        for month, whole, known in zip(each_month, each_period, told, strict=True):
            due = "" if period else "nothing of it is due in these years; "
            how = f"{due}{line.shared}, among {len(bearers):,}; decant.toml"
            guessed = "" if known else f"{how}; its own weight is not known: the others' average"
            yield self._charge(line, month, whole, guessed or how, guessed=bool(guessed))

    def _amounts(self, line: OnPremiseLine) -> tuple[int, int]:
        """Return the pence in an average month, and over the period."""
        period = period_pence(line, self.since, self.years)
        months = MONTHS_A_YEAR * self.years
        return (2 * period + months) // (2 * months), period

    def _charge(
        self, line: OnPremiseLine, monthly: int, period: int, why: str, *, guessed: bool = False
    ) -> Charge:
        own = tuple(Part(partner=name, percent=part) for name, part in line.partners.items())
        return Charge(
            what=line.what,
            kind=Kind(line.kind),
            monthly_pence=monthly,
            period_pence=period,
            basis=Basis.ESTIMATE if guessed else Basis.DERIVED,
            why=why,
            account=Account(line.account),
            fund=Fund(line.fund) if line.fund else None,
            parts=own or self.parts,
        )

    def _bears(
        self, server: Server, line: OnPremiseLine, applications: Mapping[str, frozenset[str]]
    ) -> bool:
        if not (line.servers or line.sites or line.applications):
            return True
        return (
            any(_fits(server.name, pattern) for pattern in line.servers)
            or bool(line.sites and self._site(server) in line.sites)
            or bool(applications.get(server.id, frozenset()) & set(line.applications))
        )

    def _site(self, server: Server) -> str | None:
        interfaces = server.facts.value(INTERFACES) or ()
        known_as = (server.name, *(str(each.ip) for each in addresses(interfaces)))
        for site in self.sites:
            if any(site.holds(each) for each in known_as):
                return site.name
        return None

    def _missing(self, charges: Sequence[Charge]) -> Iterator[Charge]:
        given = {charge.kind for charge in charges}
        for kind in EXPECTED:
            if kind not in given:
                yield Charge(
                    what=kind.value,
                    kind=kind,
                    monthly_pence=None,
                    period_pence=None,
                    basis=Basis.UNKNOWN,
                    why=f'nobody gave it: [[on_premise]] with kind = "{kind.value}"',
                    parts=self.parts,
                )


def _weights(shared: str, bearers: Sequence[Server]) -> tuple[list[int], list[bool]]:
    """Return each server's weight, and whether it is its own.

    One that is not known is the average of those that are: nobody is charged nothing for it.
    """
    key = _WEIGHTS.get(shared)
    if key is None:
        return [1] * len(bearers), [True] * len(bearers)
    own = [server.facts.value(key) for server in bearers]
    known = [each for each in own if each is not None]
    average = max(1, sum(known) // len(known)) if known else 1
    return [average if each is None else each for each in own], [each is not None for each in own]


def _fits(name: str, pattern: str) -> bool:
    if pattern == "*":
        return True
    wild = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, name.lower()) is not None
