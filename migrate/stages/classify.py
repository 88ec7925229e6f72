"""Classify servers: findings, a verdict on each of three axes, a size and its cost, per cloud."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.estate import Estate
from inventory.model.server import Server
from inventory.registry import Plugin, Registry
from inventory.store.servers import each_server, find_server
from inventory.store.store import Store
from migrate import judging
from migrate.catalogue.datasets import datasets
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.overlay import SHIPPED, Catalogue, catalogue_of
from migrate.catalogue.surroundings import surroundings
from migrate.judging.derived import ESTATEWIDE, Estatewide, derived
from migrate.judging.judge import Judged, Panel
from migrate.judging.marks import Marking
from migrate.judging.readiness import coverage, readiness
from migrate.model.rule import Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Size, Verdict
from migrate.records import save_verdicts
from migrate.sizing.money import Rate
from migrate.sizing.options import options_of
from migrate.sizing.sizer import Sizer

RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule)


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """Everything that a classification rests on. Pure: no store, no clock."""

    rules: Mapping[str, Plugin[Rule]]
    sizers: Mapping[Cloud, Sizer]
    """One for each cloud that servers are judged for."""
    around: Surroundings
    matcher: Matcher
    """Recognises applications."""
    at: datetime
    catalogue: Catalogue = SHIPPED
    marking: Marking | None = None
    """How the estate marks its servers; None leaves marks unasked."""

    def classify(
        self, chosen: Iterable[Server], *, among: Estatewide | None = None
    ) -> Iterator[Verdict]:
        """Tell the verdicts, server by server and cloud by cloud.

        ``among`` is what all servers of the estate show together; without it, the chosen ones do.
        """
        if among is None:
            chosen = tuple(chosen)
            among = Estatewide.of(chosen)
        for server in chosen:
            yield from self._verdicts(server, among)

    def _verdicts(self, server: Server, among: Estatewide) -> Iterator[Verdict]:
        whole = replace(server, facts=derived(server, among, self.matcher, self.marking))
        judged = self._panel.judge(whole)
        for cloud, sizer in self.sizers.items():
            size = sizer.size(whole.facts)
            yield self._verdict(server, cloud, judged[cloud], size)

    def _verdict(self, server: Server, cloud: Cloud, judged: Judged, size: Size | str) -> Verdict:
        return Verdict(
            server_id=server.id,
            server=server.name,
            cloud=cloud,
            fit=readiness(judged, Axis.FIT),
            move=readiness(judged, Axis.MOVE),
            support=readiness(judged, Axis.SUPPORT),
            findings=judged.findings,
            missing=judged.missing,
            judged=len(judged.applied),
            coverage=coverage(judged),
            size=None if isinstance(size, str) else size,
            no_size=size if isinstance(size, str) else "",
            rules_version=self._rules_version,
            catalogue_date=min(self.sizers[cloud].market.date, self._lifecycle_date),
            at=self.at,
        )

    @cached_property
    def _panel(self) -> Panel:
        return Panel(self.rules, self.around, tuple(self.sizers))

    @cached_property
    def _rules_version(self) -> str:
        return rules_version(self.rules)

    @cached_property
    def _lifecycle_date(self) -> date:
        return datasets(self.catalogue)["lifecycle"].date


def run(
    store: Store,
    estate: Estate,
    *,
    at: datetime,
    names: Sequence[str] = (),
    clouds: Sequence[Cloud] = tuple(Cloud),
) -> tuple[Verdict, ...]:
    """Classify servers of the inventory, all unless named, and keep their verdicts.

    Raises:
        UsageError: a name is that of no server, or of several.
        BadInputError: a rule of the estate cannot be used, or a region has no prices.

    """
    judging = classifier(estate, clouds=clouds, at=at)
    verdicts = []

    def told() -> Iterator[Verdict]:
        for verdict in judging.classify(_chosen(store, names), among=estatewide(store)):
            verdicts.append(verdict)
            yield verdict

    save_verdicts(store, told(), at=at)
    return tuple(verdicts)


def estatewide(store: Store) -> Estatewide:
    """Return what all servers of the store show together."""
    return Estatewide.of(each_server(store, ESTATEWIDE))


def _chosen(store: Store, names: Sequence[str]) -> Iterable[Server]:
    if not names:
        return each_server(store)
    return {each.id: each for each in (find_server(store, name) for name in names)}.values()


def classifier(estate: Estate, *, clouds: Sequence[Cloud], at: datetime) -> Classifier:
    """Return what the estate's servers are classified by, as of ``at``.

    Raises:
        BadInputError: a rule of the estate cannot be used, or a region has no prices.

    """
    catalogue = catalogue_of(estate.folder)
    rate = Rate(usd_to_gbp=estate.usd_to_gbp, as_of=estate.usd_to_gbp_date)
    tables = {Cloud.AWS: estate.clouds.aws, Cloud.AZURE: estate.clouds.azure}
    regions = {cloud: tables[cloud].get("region", DEFAULT_REGIONS[cloud]) for cloud in clouds}
    options = options_of(estate.sizing)
    return Classifier(
        rules=RULES.all(estate.own("rules")),
        sizers={
            cloud: Sizer(market=market(cloud, region, catalogue), rate=rate, options=options)
            for cloud, region in regions.items()
        },
        around=surroundings(
            today=at.date(), hub_opens=estate.hub_opens, catalogue=catalogue, regions=regions
        ),
        matcher=Matcher(load_fingerprints(estate.folder)),
        at=at,
        catalogue=catalogue,
        marking=Marking(settings=estate.marks),
    )


def rules_version(rules: Mapping[str, Plugin[Rule]]) -> str:
    """Return a short digest of the rules' files and of what they are made of."""
    digest = hashlib.sha256()
    for path in sorted({plugin.path for plugin in rules.values()} | set(_made_of()), key=_by_name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _by_name(path: Path) -> tuple[str, str]:
    return path.name, str(path)


def _made_of() -> Iterator[Path]:
    return (path for folder in judging.__path__ for path in Path(folder).glob("*.py"))
