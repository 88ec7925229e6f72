"""Classify servers: findings, a verdict on each of three axes, a size and its cost, per cloud."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property, partial
from pathlib import Path

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.errors import UsageError
from inventory.estate import Estate
from inventory.history.points import Point
from inventory.model.difference import ServerState
from inventory.model.server import Server
from inventory.registry import Plugin, Registry
from inventory.store.history import state_at
from inventory.store.servers import find_server
from inventory.store.store import Store
from migrate import judging
from migrate.catalogue.datasets import datasets
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.overlay import SHIPPED, Catalogue, catalogue_of
from migrate.catalogue.surroundings import surroundings
from migrate.judging.comparing import Cause, Change, Step, changes, keyed
from migrate.judging.derived import Estatewide, derived
from migrate.judging.judge import Judged, Panel
from migrate.judging.marks import Marking
from migrate.judging.readiness import coverage, readiness
from migrate.model.rule import Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Size, Verdict
from migrate.records import Body, load_verdicts, save_bodies
from migrate.sizing.money import Rate
from migrate.sizing.need import Need, need_of
from migrate.sizing.options import Options, options_of
from migrate.sizing.sizer import Sizer
from migrate.verdicts import Given, each_verdict, estatewide, with_bodies

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
        need: Need | str | None = None
        options: Options | None = None
        for cloud, sizer in self.sizers.items():
            if sizer.options is not options:
                options = sizer.options
                need = need_of(whole.facts, options)
            size = sizer.size(whole.facts, need)
            yield self._verdict(server, cloud, judged[cloud], size)

    def _verdict(self, server: Server, cloud: Cloud, judged: Judged, size: Size | str) -> Verdict:
        ready = readiness(judged)
        return Verdict(
            server_id=server.id,
            server=server.name,
            cloud=cloud,
            fit=ready[Axis.FIT],
            move=ready[Axis.MOVE],
            support=ready[Axis.SUPPORT],
            findings=judged.findings,
            missing=judged.missing,
            judged=judged.applied,
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
    as_of: date | None = None,
) -> tuple[Verdict, ...]:
    """Classify servers of the inventory as :func:`run_telling` does, and return all verdicts."""
    verdicts: list[Verdict] = []
    run_telling(store, estate, verdicts.append, at=at, names=names, clouds=clouds, as_of=as_of)
    return tuple(verdicts)


def run_telling(
    store: Store,
    estate: Estate,
    tell: Callable[[Verdict], None],
    *,
    at: datetime,
    names: Sequence[str] = (),
    clouds: Sequence[Cloud] = tuple(Cloud),
    as_of: date | None = None,
    jobs: int | None = None,
) -> None:
    """Classify servers of the inventory, all unless named, and keep their verdicts.

    Each is told as it comes and none is held, so that a large estate needs no more memory than a
    small one. ``as_of`` is the day as of which support is judged, today unless given; verdicts as
    of another day are told, and not kept: what is kept is what holds. ``jobs`` is how many
    processes judge; unless given, one for each processor where the estate is so large that it pays.

    Raises:
        UsageError: a name is that of no server, or of several.
        BadInputError: a rule of the estate cannot be used, a region has no prices, or one of
            several processes ended before its time; nothing is kept then.

    """
    judging = classifier(estate, clouds=clouds, at=at, today=as_of)

    def told(given: Iterable[Given]) -> Iterator[Body]:
        for verdict, body in given:
            tell(verdict)
            yield body

    among = estatewide(store, jobs)
    with _given(store, judging, among, names, jobs) as given:
        if as_of in {None, at.date()}:
            save_bodies(store, told(given), at=at)
        else:
            deque(told(given), maxlen=0)


@contextmanager
def _given(
    store: Store,
    judging: Classifier,
    among: Estatewide,
    names: Sequence[str],
    jobs: int | None,
) -> Iterator[Iterator[Given]]:
    """Give the verdicts on the servers of these names, or on all, as they are taken."""
    classify = partial(judging.classify, among=among)
    if names:
        chosen = {each.id: each for each in (find_server(store, name) for name in names)}
        yield with_bodies(classify(chosen.values()))
        return
    with each_verdict(store, classify, jobs) as given:
        yield given


def compare(
    store: Store,
    estate: Estate,
    before: str,
    *,
    at: datetime,
    names: Sequence[str] = (),
    clouds: Sequence[Cloud] = tuple(Cloud),
    jobs: int | None = None,
) -> tuple[Change, ...]:
    """Judge servers anew, keep nothing, and tell what differs from before, and what changed it.

    ``before`` is a folder of rules, which take the place of the estate's own; the version of the
    rules of verdicts that were kept; or a day, at whose end they were kept. ``jobs`` is how many
    processes judge the facts of now, as in :func:`run_telling`.

    Raises:
        UsageError: ``before`` means nothing, or nothing was kept by then.
        BadInputError: a rule cannot be used, or a region has no prices.

    """
    chosen = {find_server(store, name).id for name in names} if names else None
    judging = classifier(estate, clouds=clouds, at=at)
    among = estatewide(store, jobs)

    def judged(by: Classifier) -> dict[tuple[str, Cloud], Verdict]:
        with _given(store, by, among, names, jobs) as given:
            return keyed(verdict for verdict, _ in given)

    now = judged(judging)
    if Path(before).is_dir():
        other = replace(judging, rules=RULES.all(Path(before)))
        return changes(judged(other), [Step(cause=Cause.RULES, verdicts=now)])
    old = {key: each for key, each in _kept(store, before).items() if key[1] in clouds}
    old = {key: each for key, each in old.items() if chosen is None or key[0] in chosen}
    path = _between(
        store, old.values(), lambda day: classifier(estate, clouds=clouds, at=at, today=day)
    )
    return changes(old, [*path, Step(cause=Cause.FACTS, verdicts=now)])


def _kept(store: Store, before: str) -> dict[tuple[str, Cloud], Verdict]:
    day = _day(before)
    if day:
        found = load_verdicts(store, until=datetime.combine(day, time.max, UTC))
    else:
        found = load_verdicts(store, rules_version=before)
    if not found:
        raise UsageError(
            f"no verdict was kept that is of {before!r}",
            hint="give a day such as 2026-11-01, a rules version of earlier verdicts, or a folder",
        )
    return keyed(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _between(
    store: Store, old: Iterable[Verdict], made: Callable[[date | None], Classifier]
) -> Iterator[Step]:
    """Judge the facts of then by the rules of now, as of then and as of now."""
    judging = made(None)
    by_time: dict[datetime, set[str]] = defaultdict(set)
    versions = set()
    for each in old:
        by_time[each.at].add(each.server_id)
        versions.add(each.rules_version)
    then: dict[tuple[str, Cloud], Verdict] = {}
    today: dict[tuple[str, Cloud], Verdict] = {}
    for at, ids in by_time.items():
        known = state_at(store, Point(title=str(at), at=at)).servers.values()
        among = Estatewide.of(_as_server(each, at) for each in known)
        servers = [_as_server(each, at) for each in known if each.id in ids]
        then |= keyed(made(at.date()).classify(servers, among=among))
        today |= keyed(judging.classify(servers, among=among))
    same = versions == {rules_version(judging.rules)}
    yield Step(cause=Cause.CATALOGUE if same else Cause.RULES, verdicts=then)
    yield Step(cause=Cause.DAY, verdicts=today)


def _as_server(state: ServerState, at: datetime) -> Server:
    return Server(
        id=state.id,
        name=state.name,
        target="",
        facts=state.facts,
        unreachable=state.unreachable,
        first_seen=at,
        last_asked=at,
        gone=state.gone,
    )


def classifier(
    estate: Estate, *, clouds: Sequence[Cloud], at: datetime, today: date | None = None
) -> Classifier:
    """Return what the estate's servers are classified by, as of ``today`` or else of ``at``.

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
            today=today or at.date(),
            hub_opens=estate.hub_opens,
            catalogue=catalogue,
            regions=regions,
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
