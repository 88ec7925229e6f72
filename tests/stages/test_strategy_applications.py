"""Promises of what becomes of applications: grouped, judged by their worst server, and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cost_samples import costing

from inventory.errors import UsageError
from inventory.model.application import Application, Confidence, Dependency
from inventory.model.fact import Fact, Facts, Known, Observation, Origin, Reason, Unknown
from inventory.model.facts import CONNECTIONS
from inventory.model.placement import NAMED_APPLICATIONS, POWER, Power
from inventory.model.server import Server
from inventory.model.utilisation import HISTORY, Utilisation, spread
from migrate.model.plan import Destination
from migrate.model.strategy import Decision, Grouping, Override, Strategy
from migrate.model.supplier import Offer, Step, SupplierEvent
from migrate.model.verdict import Axis, Cloud, Finding, Missing, Readiness, Severity, Verdict
from migrate.stages.strategy import RULES
from migrate.strategy.deciding import decisions
from migrate.strategy.grouping import group
from migrate.strategy.overriding import find_application, override
from migrate.strategy.reading import read_table
from migrate.strategy.register import by_every_name, entries
from migrate.strategy.seen import Seen, clients_of
from migrate.strategy.servers import server_strategies
from migrate.strategy.staying import staying

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TABLE = read_table(None, tuple(RULES.all()))
Software = Mapping[str, Fact[tuple[Application, ...]]]


def server(name: str, *facts: Observation, answers: bool = True) -> Server:
    """Make a server."""
    return Server(
        id=f"id-{name}",
        name=name,
        target=f"ssh://root@{name}",
        facts=Facts.from_observations(facts),
        first_seen=NOW,
        last_asked=NOW,
        last_answered=NOW if answers else None,
        unreachable=None if answers else Unknown(reason=Reason.UNREACHABLE),
    )


def software(software_id: str, category: str, *, agent: bool = False) -> Application:
    """Make something that was recognised and runs."""
    return Application(
        id=software_id,
        name=software_id.upper(),
        vendor=None,
        category=category,
        version=None,
        ports=(),
        confidence=Confidence.HIGH,
        why=(),
        lifecycle_product=None,
        runs=True,
        is_agent=agent,
    )


HOUSING = software("npshousing", "lob-housing")
POSTGRESQL = software("postgresql", "database")
NGINX = software("nginx", "web")


def running(**names: tuple[Application, ...]) -> Software:
    """Say what runs on servers, by name (``_`` for a hyphen)."""
    return {f"id-{name.replace('_', '-')}": Known(value=each) for name, each in names.items()}


def finding(rule: str, axis: Axis, severity: Severity) -> Finding:
    """Make a finding."""
    return Finding(
        rule=rule,
        title=f"Title of {rule}",
        axis=axis,
        severity=severity,
        observed="what was seen",
        why="why",
        fix="fix",
        source="source",
        source_date=date(2026, 11, 22),
    )


def verdict(
    name: str,
    cloud: Cloud,
    axes: Sequence[Readiness] = (Readiness.READY,) * 3,
    findings: tuple[Finding, ...] = (),
    missing: tuple[Missing, ...] = (),
) -> Verdict:
    """Make a verdict on fit, move and support."""
    fit, move, support = axes
    return Verdict(
        server_id=f"id-{name}",
        server=name,
        cloud=cloud,
        fit=fit,
        move=move,
        support=support,
        findings=findings,
        missing=missing,
        judged=1,
        coverage="A",
        size=None,
        no_size="made",
        rules_version="made",
        catalogue_date=date(2026, 11, 22),
        at=NOW,
    )


def ready(*names: str) -> tuple[Verdict, ...]:
    """Make verdicts by which servers are ready everywhere."""
    return tuple(verdict(name, cloud) for name in names for cloud in Cloud)


def decide(
    servers: Sequence[Server],
    recognised: Software,
    verdicts: Sequence[Verdict] = (),
    *,
    events: Mapping[str, Sequence[SupplierEvent]] | None = None,
    uses: Sequence[Dependency] = (),
    overrides: Mapping[str, Override] | None = None,
) -> tuple[tuple[Decision, ...], Seen]:
    """Decide on the applications of an estate."""
    seen = Seen(
        servers={each.id: each for each in servers},
        verdicts={(each.server_id, each.cloud): each for each in verdicts},
        clients=clients_of(uses),
        suppliers=by_every_name(entries(events or {}, ())),
        table=TABLE,
        at=NOW,
        hub_opens=date(2027, 9, 1),
    )
    return tuple(decisions(group(servers, recognised), seen, overrides or {})), seen


def only(decided: tuple[tuple[Decision, ...], Seen]) -> Decision:
    """Return the one decision that there is."""
    (one,) = decided[0]
    return one


def test_every_server_is_in_an_application() -> None:
    """Named ones go together, line-of-business software is one, and the others stand alone."""
    named = server("pay-1", NAMED_APPLICATIONS.known(("Payroll",)))
    servers = [named, server("h-1"), server("h-2"), server("db-1"), server("db-2"), server("mute")]
    agent = software("zabbix-agent", "monitoring", agent=True)
    recognised = {
        **running(pay_1=(NGINX,), h_1=(HOUSING, POSTGRESQL, agent), h_2=(HOUSING,)),
        **running(db_1=(POSTGRESQL, agent), db_2=(POSTGRESQL,)),
        "id-mute": Unknown(reason=Reason.NEEDS_PRIVILEGE),
    }
    found = {
        each.name: (each.grouping, [part.server for part in each.components])
        for each in group(servers, recognised)
    }
    assert found == {
        "Payroll": (Grouping.INVENTORY, ["pay-1"]),
        "NPSHOUSING": (Grouping.RECOGNISED, ["h-1", "h-2"]),
        "db-1 (POSTGRESQL)": (Grouping.SERVER, ["db-1"]),
        "db-2 (POSTGRESQL)": (Grouping.SERVER, ["db-2"]),
        "mute": (Grouping.SERVER, ["mute"]),
    }


def test_decant_toml_goes_before_what_an_inventory_names() -> None:
    """A grouping of the estate's own takes servers by pattern."""
    servers = [server("pay-1", NAMED_APPLICATIONS.known(("Old name",))), server("PAY-2")]
    found = group(servers, running(pay_1=(), PAY_2=()), {"Payroll": ("pay-*",)})
    assert [(each.name, len(each.components)) for each in found] == [("Payroll", 2)]
    assert found[0].grouping is Grouping.ESTATE


def test_what_runs_on_named_servers_belongs_to_the_named_application() -> None:
    """A product recognised there is no second application; its supplier's answer counts."""
    named = server("h-1", NAMED_APPLICATIONS.known(("Tenants",)))
    recognised = running(h_1=(HOUSING, POSTGRESQL))
    events = {"npshousing": [answer(Offer.YES)]}
    found = only(decide([named], recognised, ready("h-1"), events=events))
    assert found.application.name == "Tenants"
    assert found.strategy is Strategy.REPURCHASE


@pytest.mark.parametrize(
    ("one", "other", "worst", "named"),
    [
        (Readiness.READY, Readiness.CONDITIONS, Readiness.CONDITIONS, "h-2"),
        (Readiness.UNKNOWN, Readiness.CONDITIONS, Readiness.UNKNOWN, "h-1"),
        (Readiness.UNKNOWN, Readiness.NOT_READY, Readiness.NOT_READY, "h-2"),
        (Readiness.READY, Readiness.READY, Readiness.READY, ""),
    ],
)
def test_an_application_is_as_its_worst_server(
    one: Readiness, other: Readiness, worst: Readiness, named: str
) -> None:
    """Not ready, unknown, with conditions, ready: the worst decides, and the server is named."""
    verdicts = [
        verdict(name, cloud, (each, Readiness.READY, Readiness.READY))
        for name, each in (("h-1", one), ("h-2", other))
        for cloud in Cloud
    ]
    servers = [server("h-1"), server("h-2")]
    found = only(decide(servers, running(h_1=(HOUSING,), h_2=(HOUSING,)), verdicts))
    assert (found.verdicts[0].fit.readiness, found.verdicts[0].fit.server) == (worst, named)


def test_the_finding_that_decides_is_told() -> None:
    """The reason of an axis is the weightiest finding on it, or what is missing."""
    blocker = finding("too-large", Axis.FIT, Severity.BLOCKER)
    missing = Missing(
        rule="boot", title="t", axis=Axis.MOVE, facts=("boot.type",), why_unknown="not told",
        decides=True,
    )  # fmt: skip
    axes = (Readiness.NOT_READY, Readiness.UNKNOWN, Readiness.READY)
    one = verdict("web-1", Cloud.AWS, axes, (blocker,), (missing,))
    found = only(decide([server("web-1")], running(web_1=(NGINX,)), [one]))
    aws, azure = found.verdicts
    assert aws.fit.because == "Title of too-large: what was seen [too-large]"
    assert aws.move.because == "boot.type: not told [boot]"
    assert azure.fit.readiness is Readiness.UNKNOWN
    assert "never classified" in azure.fit.because


def quiet(days: int = 120, percent: float = 1.0) -> Observation:
    """Tell that a server was watched and did hardly anything."""
    low = spread([percent] * 10)
    watched = Utilisation(
        source="sar", since=NOW - timedelta(days=days), until=NOW, samples=10, cpu_percent=low,
        memory_percent=low,
    )  # fmt: skip
    return HISTORY.known((watched,))


def test_an_idle_server_is_retired_only_when_nobody_uses_it() -> None:
    """Idle, its connections seen, and no client: retire. A client or unseen connections: not."""
    seen = server("old-1", quiet(), CONNECTIONS.known(()))
    recognised = running(old_1=(NGINX,))
    assert only(decide([seen], recognised, ready("old-1"))).strategy is Strategy.RETIRE
    use = Dependency(
        client="outside:10.0.0.9", server="id-old-1", protocol="tcp", port=443, process=None,
        connections=1,
    )  # fmt: skip
    used = only(decide([seen], recognised, ready("old-1"), uses=[use]))
    assert used.strategy is Strategy.REHOST
    unseen = only(decide([server("old-1", quiet())], recognised, ready("old-1")))
    assert unseen.strategy is Strategy.REHOST
    assert "idle" in {each.row for each in unseen.proposal.open_rows}
    busy = server("old-1", quiet(percent=60.0), CONNECTIONS.known(()))
    assert only(decide([busy], recognised, ready("old-1"))).known["usage"] == "in-use"


@pytest.mark.parametrize("power", [Power.OFF, None])
def test_one_unknown_server_keeps_an_application_from_being_retired(power: Power | None) -> None:
    """All of an application's servers must be known to be off; one that is not known holds it."""
    off = server("h-1", POWER.known(Power.OFF), answers=False)
    other = server("h-2", *((POWER.known(power),) if power else ()), answers=False)
    found = only(decide([off, other], running(h_1=(HOUSING,), h_2=(HOUSING,))))
    assert found.strategy is (Strategy.RETIRE if power else Strategy.UNDECIDED)


def test_a_server_that_answers_is_on() -> None:
    """What a hypervisor's old export says of its power does not retire what answers."""
    there = server("web-1", POWER.known(Power.OFF))
    assert only(decide([there], running(web_1=(NGINX,)), ready("web-1"))).known["power"] == "on"


@pytest.mark.parametrize(("days", "power"), [(90, "on"), (91, "unknown")])
def test_an_answer_of_long_ago_does_not_make_a_server_on(days: int, power: str) -> None:
    """After the limit its power is unknown, with the day on which it last answered."""
    old = replace(server("web-1"), last_answered=NOW - timedelta(days=days))
    told = only(decide([old], running(web_1=(NGINX,)))).known["power"]
    assert told.startswith("on" if power == "on" else "unknown: not told (last told on 2026-08-24")


@pytest.mark.parametrize(("days", "power"), [(90, "off"), (91, "unknown")])
def test_an_export_of_long_ago_does_not_make_a_server_off(days: int, power: str) -> None:
    """It may have been switched on since."""
    origin = Origin(source="rvtools:vc", question="vInfo", at=NOW - timedelta(days=days), run="r1")
    off = server("web-1", replace(POWER.known(Power.OFF), origin=origin), answers=False)
    told = only(decide([off], running(web_1=(NGINX,)))).known["power"]
    assert told.startswith(
        "off" if power == "off" else "unknown: not told (last told on 2026-08-24"
    )


def test_a_newer_export_goes_before_an_answer_of_long_ago() -> None:
    """What was told since decides; the old answer does not make it unknown."""
    origin = Origin(source="rvtools:vc", question="vInfo", at=NOW, run="r1")
    off = server("web-1", replace(POWER.known(Power.OFF), origin=origin))
    old = replace(off, last_answered=NOW - timedelta(days=400))
    assert only(decide([old], running(web_1=(NGINX,)))).known["power"] == "off"


def test_what_ties_a_server_to_the_building_keeps_its_application() -> None:
    """A finding of a tie, on any of its servers, leads to the Hub, with the finding as proof."""
    tie = finding("usb-licence-key", Axis.FIT, Severity.CONDITION)
    axes = (Readiness.CONDITIONS, Readiness.READY, Readiness.READY)
    tied = [verdict("h-2", cloud, axes, (tie,)) for cloud in Cloud]
    decided, seen = decide(
        [server("h-1"), server("h-2")],
        running(h_1=(HOUSING,), h_2=(HOUSING,)),
        [*ready("h-1"), *tied],
    )
    assert (decided[0].strategy, decided[0].destinations) == (Strategy.RETAIN, (Destination.HUB,))
    (record,) = staying(decided, seen, costing().costs((), (), {}))
    (proof,) = [each for each in record.evidence if each.what == "finding"]
    assert proof.says == "h-2: Title of usb-licence-key: what was seen (aws, azure)"
    assert any("was considered is not recorded" in gap for gap in record.gaps)
    assert any("would cost in a cloud is not known" in gap for gap in record.gaps)


def test_a_note_is_no_tie() -> None:
    """A finding that only notes something keeps nothing in the building."""
    note = finding("usb-licence-key", Axis.FIT, Severity.NOTE)
    noted = [verdict("web-1", cloud, findings=(note,)) for cloud in Cloud]
    found = only(decide([server("web-1")], running(web_1=(NGINX,)), noted))
    assert found.known["physical-tie"] == "no"
    assert found.strategy is Strategy.REHOST


def answer(saas: Offer, cloud: Offer = Offer.UNKNOWN) -> SupplierEvent:
    """Make a supplier's answer."""
    return SupplierEvent(
        product="NPSHOUSING", step=Step.ANSWERED, on=date(2026, 11, 2), by="Jane Doe", saas=saas,
        cloud=cloud, says="as it is", recorded_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "strategy"),
    [
        ((), Strategy.REHOST),
        ((answer(Offer.UNKNOWN),), Strategy.REHOST),
        ((answer(Offer.YES),), Strategy.REPURCHASE),
        ((answer(Offer.NO),), Strategy.REHOST),
        ((answer(Offer.NO, Offer.NO),), Strategy.RETAIN),
    ],
)
def test_the_suppliers_answer_decides_and_nothing_less(
    told: tuple[SupplierEvent, ...], strategy: Strategy
) -> None:
    """A product is bought as a service, or stays, only when its supplier said so."""
    events = {"npshousing": told} if told else {}
    decided, seen = decide([server("h-1")], running(h_1=(HOUSING,)), ready("h-1"), events=events)
    assert decided[0].strategy is strategy
    for record in staying(decided, seen, costing().costs((), (), {})):
        (proof,) = [each for each in record.evidence if each.what == "supplier"]
        assert "software as a service: no; in a public cloud: no; “as it is”" in proof.says


def test_the_better_cloud_is_chosen_and_a_tie_is_told() -> None:
    """Where both can take it, the one with the better verdicts; both when they are the same."""
    both = only(decide([server("web-1")], running(web_1=(NGINX,)), ready("web-1")))
    assert both.destinations == (Destination.AWS, Destination.AZURE)
    axes = (Readiness.READY, Readiness.READY, Readiness.CONDITIONS)
    verdicts = (verdict("web-1", Cloud.AWS, axes), verdict("web-1", Cloud.AZURE))
    better = only(decide([server("web-1")], running(web_1=(NGINX,)), verdicts))
    assert better.destinations == (Destination.AZURE,)


def test_infrastructure_follows_its_applications() -> None:
    """The old server of what is replatformed goes; one that also serves what stays, stays."""
    servers = [server("db-1"), server("h-1"), server("h-2")]
    recognised = running(
        db_1=(POSTGRESQL,), h_1=(HOUSING, POSTGRESQL), h_2=(HOUSING, software("cctv-x", "cctv"))
    )
    verdicts = ready("db-1", "h-1", "h-2")
    decided, _ = decide(servers, recognised, verdicts, events={"npshousing": [answer(Offer.YES)]})
    found = {each.server: each for each in server_strategies(decided)}
    assert found["db-1"].strategy is Strategy.RETIRE
    assert found["db-1"].because == "db-1 (POSTGRESQL) is replatformed"
    assert found["h-1"].strategy is Strategy.RETIRE
    assert found["h-1"].confirm == "nothing else needs its POSTGRESQL"
    assert found["h-2"].strategy is Strategy.RETAIN


def test_a_decision_of_people_holds_and_says_when_it_is_stale() -> None:
    """It goes before the table; what changed since is told, and nothing else is."""
    servers, recognised = [server("web-1")], running(web_1=(NGINX,))
    before = only(decide(servers, recognised, ready("web-1")))
    made = override(before, Strategy.RETAIN, to=None, because="renewed", by="Jane Doe", at=NOW)
    assert made.destination is Destination.HUB
    overrides = {made.application: made}
    same = only(decide(servers, recognised, ready("web-1"), overrides=overrides))
    assert (same.strategy, same.stale) == (Strategy.RETAIN, ())
    assert same.proposal.strategy is Strategy.REHOST
    axes = (Readiness.READY, Readiness.CONDITIONS, Readiness.READY)
    changed = [verdict("web-1", cloud, axes) for cloud in Cloud]
    stale = only(decide(servers, recognised, changed, overrides=overrides))
    assert stale.strategy is Strategy.RETAIN
    assert stale.stale == (
        "move for aws was ready, is ready with conditions",
        "move for azure was ready, is ready with conditions",
    )


def test_a_decision_needs_a_reason_and_leads_somewhere_sensible() -> None:
    """Without a reason there is no decision; nothing is rehosted to the Hub."""
    found = only(decide([server("web-1")], running(web_1=(NGINX,)), ready("web-1")))
    with pytest.raises(UsageError, match="needs a reason"):
        override(found, Strategy.RETIRE, to=None, because=" ", by="Jane", at=NOW)
    with pytest.raises(UsageError, match="does not lead to hub"):
        override(found, Strategy.REHOST, to=Destination.HUB, because="x", by="Jane", at=NOW)


def test_applications_are_found_by_name_key_server_or_beginning() -> None:
    """Whatever people call an application finds it; what several are called is refused."""
    servers = [server("web-1"), server("web-2")]
    decided, _ = decide(servers, running(web_1=(NGINX,), web_2=(NGINX,)))
    for text in ("web-1", "WEB-1 (nginx)", "server:id-web-1", "web-1 ("):
        assert find_application(decided, text).application.name == "web-1 (NGINX)"
    with pytest.raises(UsageError, match="2 applications go by 'web'"):
        find_application(decided, "web")
    with pytest.raises(UsageError, match="no application 'mail'"):
        find_application(decided, "mail")


def test_of_an_unrecognised_application_everything_stays_open() -> None:
    """A server of which nothing is known is undecided, with low confidence and what to do next."""
    found = only(
        decide([server("mute", answers=False)], {"id-mute": Unknown(reason=Reason.UNREACHABLE)})
    )
    assert found.strategy is Strategy.UNDECIDED
    assert found.proposal.confidence is Confidence.LOW
    assert found.proposal.find_out
