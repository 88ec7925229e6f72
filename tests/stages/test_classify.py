"""Promises of classification: three axes, never blended, and unknown is never ready."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.errors import PluginError
from inventory.model.fact import FactKey, Facts, Observation, Origin, Reason, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MEMORY_AVAILABLE,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
    OS_VERSION,
    PACKAGES,
    PYTHON_VERSIONS,
    SECURE_BOOT,
    SERVICES,
    VIRTUALISATION,
)
from inventory.model.parts import BootType
from inventory.model.server import Server
from inventory.model.software import RUNTIMES
from inventory.registry import Plugin
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.surroundings import surroundings
from migrate.judging.examples import disk, installed, interface, mounted
from migrate.judging.units import GIB
from migrate.model.rule import Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import (
    VERDICT_AXES,
    Axis,
    Cloud,
    Readiness,
    Severity,
    Verdict,
)
from migrate.sizing.money import Rate
from migrate.sizing.sizer import Sizer
from migrate.stages.classify import RULES, Classifier, rules_version

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
READY = (
    HOSTNAME.known("web-1"),
    OS_FAMILY.known("linux"),
    OS_ID.known("ubuntu"),
    OS_VERSION.known("22.04"),
    KERNEL.known("5.15.0-91-generic"),
    ARCHITECTURE.known("x86_64"),
    VIRTUALISATION.known("vmware"),
    BOOT_TYPE.known(BootType.BIOS),
    CPU_THREADS.known(2),
    MEMORY_TOTAL.known(4 * GIB),
    MEMORY_AVAILABLE.known(2 * GIB),
    DISKS.known((disk("sda", 40, encrypted=False),)),
    FILESYSTEMS.known((mounted("/", "/dev/sda1"),)),
    INTERFACES.known((interface("eth0", "192.0.2.4/24"),)),
    PYTHON_VERSIONS.known(("3.10.12",)),
    PACKAGES.known((installed("bash", "5.1-6ubuntu1"),)),
    RUNTIMES.known(()),
)
RULE_FILES = RULES.all()
MATCHER = Matcher(load_fingerprints())


def server(*facts: Observation, unreachable: Unknown | None = None, name: str = "web-1") -> Server:
    """Make a server; of facts given twice the last counts."""
    return Server(
        id=f"id-{name}",
        name=name,
        target=f"ssh://root@{name}",
        facts=Facts.from_observations(facts),
        unreachable=unreachable,
        first_seen=NOW,
        last_asked=NOW,
    )


def classifier(*, today: date = TODAY, rules: dict[str, Plugin[Rule]] | None = None) -> Classifier:
    """Make a classifier for the default region of both clouds."""
    rate = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
    return Classifier(
        rules=RULE_FILES if rules is None else rules,
        sizers={
            cloud: Sizer(market=market(cloud, region), rate=rate)
            for cloud, region in DEFAULT_REGIONS.items()
        },
        matcher=MATCHER,
        around=surroundings(today=today, hub_opens=date(2027, 4, 1), regions=DEFAULT_REGIONS),
        at=NOW,
    )


def verdict(*facts: Observation, cloud: Cloud = Cloud.AZURE) -> Verdict:
    """Classify one server and return its verdict for one cloud."""
    found = classifier().classify([server(*facts)])
    return next(each for each in found if each.cloud is cloud)


def axes(found: Verdict) -> tuple[Readiness, ...]:
    """Return the verdict on each axis."""
    return tuple(found.on(axis) for axis in VERDICT_AXES)


def test_a_server_that_lacks_nothing_is_ready_on_both_clouds() -> None:
    """With every fact known that decides, and nothing found but notes, every axis is ready."""
    aws, azure = classifier(today=date(2025, 6, 1)).classify([server(*READY)])
    found = (*azure.findings, *aws.findings)
    assert {each.rule for each in found if each.severity is not Severity.NOTE} == set()
    assert axes(azure) == axes(aws) == (Readiness.READY,) * 3
    missing = {each.rule: each.decides for each in (*azure.missing, *aws.missing)}
    assert not any(missing.values())
    assert "azure-replication-ssh-at-boot" in missing
    assert (azure.coverage, aws.coverage) == ("A", "A")


def test_what_only_a_note_hangs_on_leaves_no_axis_unknown() -> None:
    """A missing fact that decides nothing is listed, and changes neither verdict nor grade."""
    missing = verdict(*READY, SERVICES.unknown(Reason.NOT_TOLD)).missing
    ssh = [each for each in missing if each.rule == "azure-replication-ssh-at-boot"]
    assert [(each.decides, each.why_unknown) for each in ssh] == [(False, "not told")]
    assert not any(each.decides for each in missing)


@pytest.mark.parametrize(
    ("fact", "axis", "readiness"),
    [
        (CPU_THREADS.known(200), Axis.FIT, Readiness.NOT_READY),
        (OS_VERSION.known("20.04"), Axis.FIT, Readiness.CONDITIONS),
        (BOOT_TYPE.unknown(Reason.NOT_TOLD), Axis.MOVE, Readiness.UNKNOWN),
        (SECURE_BOOT.known(value=True), Axis.MOVE, Readiness.NOT_READY),
        (HOSTNAME.known("web_1"), Axis.MOVE, Readiness.CONDITIONS),
        (OS_VERSION.known("16.04"), Axis.SUPPORT, Readiness.NOT_READY),
        (OS_VERSION.known("20.04"), Axis.SUPPORT, Readiness.CONDITIONS),
        (PACKAGES.unknown(Reason.NOT_TOLD), Axis.SUPPORT, Readiness.UNKNOWN),
    ],
)
def test_the_axes_are_judged_apart(fact: Observation, axis: Axis, readiness: Readiness) -> None:
    """Each axis comes to its own verdict from its own rules."""
    assert verdict(*READY, fact).on(axis) is readiness


def test_ubuntu_20_04_has_extended_support_until_it_has_not() -> None:
    """A system under extended support is a condition; once that has ended, a blocker."""
    old = verdict(*READY, OS_VERSION.known("20.04"))
    found = next(each for each in old.findings if each.rule == "system-support-ended")
    assert found.severity is Severity.CONDITION
    assert "extended support ends on" in found.observed


def test_a_blocker_decides_whatever_else_is_unknown() -> None:
    """Not ready is not ready, although other facts of the axis are missing."""
    found = verdict(CPU_THREADS.known(200))
    assert found.fit is Readiness.NOT_READY
    assert any(each.axis is Axis.FIT and each.decides for each in found.missing)


def test_a_server_that_never_answered_is_unknown_on_every_axis() -> None:
    """Without facts nothing is ready and nothing is not ready; the reason is that it is silent."""
    why = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")
    for found in classifier().classify([server(unreachable=why)]):
        assert axes(found) == (Readiness.UNKNOWN,) * 3
        assert found.findings == ()
        assert found.coverage == "E"
        assert {each.why_unknown for each in found.missing} == {"unreachable (connection refused)"}
        assert found.size is None
        assert "cpu.threads is unknown" in found.no_size


@pytest.mark.parametrize("key", [each.key for each in READY], ids=lambda key: key.name)
def test_no_fact_can_be_lost_and_the_server_stay_ready(key: FactKey[object]) -> None:
    """Take any fact from a ready server: each axis on which it decides becomes unknown."""
    made = classifier(today=date(2025, 6, 1))
    lost = [*READY, key.unknown(Reason.NEEDS_PRIVILEGE)]
    before, after = [*made.classify([server(*READY)])], [*made.classify([server(*lost)])]
    for whole, found in zip(before, after, strict=True):
        touched = {each.axis for each in found.missing if key.name in each.facts and each.decides}
        for axis in VERDICT_AXES:
            expected = Readiness.UNKNOWN if axis in touched else whole.on(axis)
            assert found.on(axis) is expected
    changed = [found for found in after if found.coverage != "A"]
    assert changed


def test_the_route_of_the_facts_changes_nothing() -> None:
    """The same facts, by another route and in another order, give the same verdict."""
    origin = Origin(source="rvtools.xlsx", question="vInfo", at=NOW, run="run-2")
    shuffled = [replace(each, origin=origin) for each in READY]
    random.Random(1).shuffle(shuffled)
    assert [*classifier().classify([server(*shuffled)])] == [
        *classifier().classify([server(*READY)])
    ]


def test_a_finding_can_be_defended() -> None:
    """A finding says what was seen, why it matters, how to mend it, and who says so since when."""
    found = verdict(*READY, MEMORY_TOTAL.known(4_000 * GIB)).findings[0]
    assert (found.rule, found.severity) == ("azure-memory", Severity.BLOCKER)
    assert found.observed == "4,000 GiB"
    assert "3,892 GB" in found.why
    assert "learn.microsoft.com" in found.source
    assert found.source_date == date(2026, 11, 22)


def test_an_unverified_source_says_so() -> None:
    """What a rule is itself unsure of is shown beside its finding."""
    found = verdict(*READY, OS_VERSION.known("24.04"))
    unsure = next(each for each in found.findings if each.rule == "azure-replication-os")
    assert unsure.source.endswith("(unverified)")


def test_the_weightiest_finding_comes_first() -> None:
    """Blockers stand before conditions, and those before notes."""
    found = verdict(*READY, HOSTNAME.known("web_1"), CPU_THREADS.known(200)).findings
    order = list(Severity)
    weights = [order.index(each.severity) for each in found]
    assert weights == sorted(weights)
    assert len(set(weights)) > 1


OWN_RULE = '''"""Ours is named as we name servers."""

from datetime import date

from inventory.model.facts import HOSTNAME
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="A name that is not ours",
    why="Our names begin with sbc.",
    fix="Rename it.",
    source="naming standard 3",
    source_date=date(2026, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about(HOSTNAME, lambda n: Passed() if n.startswith("sbc") else Flagged(observed=n)),
    examples=(
        flags("other", HOSTNAME.known("web-1")),
        passes("ours", HOSTNAME.known("sbc-web-1")),
        cannot_tell("not told", untold(HOSTNAME)),
    ),
)
'''


def test_a_rule_of_the_estate_judges_beside_ours(tmp_path: Path) -> None:
    """A file in the estate's own folder is a rule, and changes the version of the rules."""
    (tmp_path / "our_names.py").write_text(OWN_RULE)
    rules = RULES.all(tmp_path)
    found = [*classifier(rules=rules).classify([server(*READY)])]
    assert "our-names" in {each.rule for each in found[0].findings}
    assert "our-names" not in {each.rule for each in found[1].findings}
    assert found[0].rules_version == rules_version(rules) != rules_version(RULE_FILES)


def test_a_broken_rule_of_the_estate_stops_the_run(tmp_path: Path) -> None:
    """Nothing is judged with a rule missing: the file is named."""
    (tmp_path / "broken.py").write_text('"""Broken."""\nRULE = 1\n')
    with pytest.raises(PluginError, match=r"broken\.py"):
        RULES.all(tmp_path)


def test_a_rule_that_breaks_on_a_server_leaves_its_axis_unknown() -> None:
    """A rule's exception costs only itself, and is never read as passed."""

    def breaks(_facts: Facts, _around: Surroundings) -> Judgement:
        raise ValueError("no such luck")

    plugin = RULE_FILES["azure-cores"]
    rules = {**RULE_FILES, "breaks": replace(plugin, value=replace(plugin.value, judge=breaks))}
    found = [*classifier(rules=rules).classify([server(*READY)])][1]
    assert found.fit is Readiness.UNKNOWN
    assert found.missing[0].why_unknown == "the rule broke: ValueError: no such luck"


@pytest.mark.parametrize(("said", "words"), [(None, "nothing"), (True, "a bool")])
def test_a_rule_that_returns_no_judgement_stops_the_run(said: object, words: str) -> None:
    """It is not read as passed: the rule and its file are named."""
    plugin = RULE_FILES["azure-cores"]
    forgets = replace(plugin.value, judge=lambda *_: said)
    own = replace(plugin, name="forgets", value=forgets, path=Path("rules/forgets.py"))
    judging = classifier(rules={**RULE_FILES, "forgets": own})
    with pytest.raises(PluginError, match=f"'forgets' returned {words}") as raised:
        list(judging.classify([server(*READY)]))
    assert str(raised.value).startswith("rules/forgets.py: ")


def test_an_axis_that_no_rule_judged_is_unknown() -> None:
    """Silence is not consent: without rules every axis is unknown and the grade is the worst."""
    passing = replace(RULE_FILES["azure-cores"].value, judge=lambda *_: Passed())
    only = {"one": replace(RULE_FILES["azure-cores"], value=passing)}
    found = [*classifier(rules=only).classify([server(*READY)])]
    azure = next(each for each in found if each.cloud is Cloud.AZURE)
    aws = next(each for each in found if each.cloud is Cloud.AWS)
    assert axes(azure) == (Readiness.READY, Readiness.UNKNOWN, Readiness.UNKNOWN)
    assert axes(aws) == (Readiness.UNKNOWN,) * 3
    assert (azure.coverage, aws.coverage) == ("A", "E")


def test_the_version_is_that_of_the_rules_alone() -> None:
    """The same rules have the same version; it names them in few letters."""
    assert rules_version(RULE_FILES) == rules_version(RULES.all())
    assert len(rules_version(RULE_FILES)) == 12
    assert rules_version({}) != rules_version(RULE_FILES)


def test_a_size_and_its_cost_come_with_the_verdict() -> None:
    """A server that is known gets a size per cloud, dated by the oldest data behind it."""
    for found in classifier().classify([server(*READY)]):
        assert found.size is not None
        assert found.size.monthly_cost_pence
        assert found.size.vcpus >= 2
        assert found.no_size == ""
        assert found.catalogue_date <= found.size.catalogue_date
        assert found.at == NOW
