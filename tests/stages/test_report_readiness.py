"""The readiness report says what the material says: no more, no less, and unknown as unknown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from report_samples import NOW, finding, full_facts, material, missing, move, server, size, verdict

from inventory.model.fact import Reason, Unknown
from inventory.model.server import Server
from migrate.model.plan import Destination, Plan
from migrate.model.report import Material
from migrate.model.strategy import Strategy
from migrate.model.verdict import VERDICT_AXES, Axis, Cloud, Effort, Readiness, Severity
from migrate.reports._readiness import bars, sections, words
from migrate.reports._readiness.fates import PartCost, fates, ways
from migrate.reports._readiness.figures import Tally, cloud_figures, like_for_like
from migrate.reports._readiness.grounds import ground, grounds
from migrate.reports._readiness.obstacles import gaps, obstacles, remedy
from migrate.reports._readiness.subjects import subjects
from migrate.reports.readiness import REPORT


def table(of: Material) -> list[dict[str, str]]:
    """Read the CSV report back."""
    return list(csv.DictReader(io.StringIO(REPORT.formats["csv"](of))))


def row(of: Material, name: str, cloud: str) -> dict[str, str]:
    """Return one row of the CSV report."""
    return next(each for each in table(of) if (each["server"], each["cloud"]) == (name, cloud))


def document(of: Material) -> Any:
    """Read the JSON report back."""
    return json.loads(REPORT.formats["json"](of))


def text(of: Material) -> str:
    """Return the HTML report's words, without its tags."""
    html = REPORT.formats["html"](of)
    body = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_summary_counts_every_server_on_every_axis() -> None:
    """Each tally adds up to all servers; those never judged are among the unknown."""
    aws = cloud_figures(subjects(material()), Cloud.AWS)
    assert {axis: tally.total for axis, tally in aws.axes.items()} == dict.fromkeys(VERDICT_AXES, 6)
    assert aws.not_judged == ("new-1",)
    assert aws.axes[Axis.FIT].counts == {
        Readiness.READY: 3,
        Readiness.CONDITIONS: 0,
        Readiness.NOT_READY: 1,
        Readiness.UNKNOWN: 2,
    }


def test_the_html_says_who_did_not_answer_and_why() -> None:
    """The summary counts it, and a list names it with its reason."""
    words_of_it = text(material())
    assert "Decant found 6 servers . 5 answered the last time they were asked; 1 did not" in (
        words_of_it
    )
    assert "unreachable: connection refused on port 22" in words_of_it


def test_a_cost_without_a_price_is_never_nothing() -> None:
    """Totals name what they leave out; a server without a size has an unknown cost."""
    cost = cloud_figures(subjects(material()), Cloud.AWS).cost
    assert (cost.monthly_cost_pence, cost.priced) == (16050, 2)
    assert [each.server for each in cost.unpriced[1:]] == ["db-1", "new-1", "old-nas"]
    assert cost.incomplete == {"disk sda: no price for io2": 1}
    assert row(material(), "db-1", "aws")["monthly_cost"] == ""
    assert document(material())["summary"]["clouds"]["aws"]["monthly_cost_pence"] == 16050


def test_a_cloud_without_any_price_has_no_total() -> None:
    """The sum of no prices is unknown, not zero."""
    web = server("web-1")
    alone = replace(material(), servers=(web,), verdicts=(verdict(web, Cloud.AWS),), plan=None)
    assert document(alone)["summary"]["clouds"]["aws"]["monthly_cost_pence"] is None
    assert "Not known what AWS would cost a month" in text(alone)
    assert "£0.00" not in text(alone)


def test_clouds_are_compared_over_the_same_servers_only() -> None:
    """The comparison adds up the servers that have a price in every cloud, and says how many."""
    alike = like_for_like(subjects(material()), (Cloud.AWS, Cloud.AZURE))
    assert alike.servers == 2
    assert alike.monthly_cost_pence == {Cloud.AWS: 16050, Cloud.AZURE: 24690}
    assert "do not compare them with each other" in text(material())


def test_the_csv_gives_pounds_with_two_decimals_and_the_top_reasons() -> None:
    """One row for each server and cloud, blockers before conditions."""
    assert len(table(material())) == 12
    azure = row(material(), "app-1", "azure")
    assert azure["monthly_cost"] == "123.45"
    assert (azure["fit"], azure["move"]) == ("ready", "not ready")
    assert (azure["blockers"], azure["conditions"]) == ("1", "1")
    assert azure["top_reasons"].startswith("blocker: Secure boot (Secure Boot is on); condition:")


def test_a_finding_is_told_with_all_that_defends_it() -> None:
    """Observed value, why, fix, source and date stand together."""
    words_of_it = text(material())
    for part in ("Secure Boot is on", "the copy would not start", "1 February 2023"):
        assert part in words_of_it


def test_missing_facts_are_told_with_what_would_make_them_known() -> None:
    """Those on which a verdict hangs come first."""
    (gap,) = gaps(subjects(material()))
    assert gap.decides
    assert gap.servers[1:] == ("db-1",)
    assert "sudo" in gap.remedy


@pytest.mark.parametrize(
    ("fact", "reason", "what"),
    [
        ("disks.list", Reason.NOT_ASKED, "decant discover"),
        ("disks.list", Reason.NOT_TOLD, "decant import --template"),
        ("disks.list", Reason.NEEDS_PRIVILEGE, "--sudo"),
        ("disks.list", Reason.UNREACHABLE, "open the network"),
        ("disks.list", Reason.TIMED_OUT, "--timeout"),
        ("disks.list", Reason.UNREADABLE, "send us the answers"),
        ("network.tls", Reason.NOT_ASKED, "decant discover --tls"),
        ("derived.marks", Reason.NOT_TOLD, "[[marks]]"),
        ("placement.power", Reason.NOT_ASKED, "decant import"),
    ],
)
def test_every_reason_not_to_know_has_a_remedy(fact: str, reason: Reason, what: str) -> None:
    """Whoever reads that something is unknown reads what to type about it."""
    assert what in remedy(fact, f"{reason.value} (detail)")


def test_an_obstacle_is_told_once_with_all_its_servers() -> None:
    """Blockers come before conditions."""
    found = obstacles(subjects(material()))
    assert [each.finding.rule for each in found] == ["disk-size", "secure-boot", "os-ends"]
    assert found[2].servers == {Cloud.AWS: ("app-1",), Cloud.AZURE: ("app-1",)}
    assert found[2].count == 1
    assert found[2].alike == {("app-1",): (Cloud.AWS, Cloud.AZURE)}
    assert "AWS, Azure: app-1" in text(material())


def test_a_verdict_older_than_the_last_answer_is_called_out() -> None:
    """A reader is told that what was judged may have changed."""
    old = tuple(replace(each, at=NOW - timedelta(days=3)) for each in material().verdicts)
    outdated = replace(material(), verdicts=old)
    assert "answered again after being judged" in text(outdated)
    assert "answered again after being judged" not in text(material())


def test_verdicts_of_different_rules_are_called_out() -> None:
    """They cannot be compared with each other."""
    first, *rest = material().verdicts
    mixed = replace(material(), verdicts=(replace(first, rules_version="other"), *rest))
    assert "not all given by the same rules" in text(mixed)
    assert document(mixed)["rules_versions"] == ["7c1e09ab", "other"]


def test_each_cloud_may_have_a_catalogue_of_its_own_date() -> None:
    """That is no mixture: a cloud's verdicts compare when its own catalogue is the same."""
    dates = {Cloud.AWS: date(2026, 8, 22), Cloud.AZURE: date(2026, 8, 1)}
    verdicts = tuple(
        replace(each, catalogue_date=dates[each.cloud]) for each in material().verdicts
    )
    told = replace(material(), verdicts=verdicts)
    assert "not all given by the same rules" not in text(told)
    assert document(told)["catalogue_dates"] == {"aws": ["2026-08-22"], "azure": ["2026-08-01"]}


def test_what_one_reason_leaves_open_is_told_together() -> None:
    """One reason stands once, with all the rules and facts that it leaves open."""
    silent = server("old-nas")
    absent = tuple(
        replace(missing(decides=True), rule=f"rule-{number}", facts=(f"fact-{number}",))
        for number in range(20)
    )
    unknown = verdict(silent, Cloud.AWS, fit=Readiness.UNKNOWN, absent=absent)
    alone = replace(material(), servers=(silent,), verdicts=(unknown,), plan=None)
    (gap,) = gaps(subjects(alone))
    assert len(gap.facts) == 20
    assert row(alone, "old-nas", "aws")["top_reasons"] == "unknown: 20 rules (needs privilege)"
    assert text(alone).count("needs privilege") == 2


def test_nothing_is_concluded_of_a_server_that_never_answered() -> None:
    """Not that no rule found anything, that nothing runs on it, or that nobody uses it."""
    silent = server("old-nas", last_answered=None)
    unknown = verdict(silent, Cloud.AWS, fit=Readiness.UNKNOWN, absent=(missing(decides=True),))
    alone = text(replace(material(), servers=(silent,), verdicts=(unknown,), plan=None))
    assert "Nothing at all is known of 1 server that has never answered: old-nas" in alone
    assert "old-nas, all of it: it has never answered" in alone
    for conclusion in ("found anything.", "None was recognised", "No connection was seen"):
        assert conclusion not in alone


def test_a_server_that_replaces_another_is_not_counted() -> None:
    """New servers have arrived; they are named, not judged."""
    old, new = server("web-1"), server("web-1-new")
    planned = replace(move(old, Destination.AWS), replacement="ssh://root@web-1-new:22")
    plan = Plan(moves=(planned,), unplanned=(), warnings=(), at=NOW)
    both = replace(material(), servers=(old, new), verdicts=(), plan=plan)
    assert [each["name"] for each in document(both)["servers"]] == ["web-1"]
    assert "web-1-new replaces web-1" in text(both)


def test_a_server_that_is_switched_off_is_not_counted() -> None:
    """It does not answer because it is gone; that is no trouble and no unknown."""
    after = replace(material(), gone={"id-old-nas": NOW})
    assert "old-nas" not in {each["name"] for each in document(after)["servers"]}
    assert document(after)["done"] == [
        {"server": "old-nas", "why": "switched off, 23 November 2026, 09:30 UTC"}
    ]
    assert "Every server that was asked answered the last time." in text(after)


def test_a_server_is_never_given_one_score() -> None:
    """The three axes stay apart in every format."""
    azure = document(material())["servers"][1]["verdicts"]["azure"]
    assert [azure[axis.value] for axis in VERDICT_AXES] == [
        "ready",
        "not ready",
        "ready with conditions",
    ]
    assert not {"readiness", "score", "overall"} & azure.keys()


def test_a_bar_is_filled_by_its_parts() -> None:
    """Each part begins where the one before it ends; empty ones are left out."""
    counts = dict(zip(Readiness, (1, 0, 1, 2), strict=True))
    parts = bars.segments(Tally(counts=counts))
    assert [(each.start, each.width) for each in parts] == [
        ("0.00%", "25.00%"),
        ("25.00%", "25.00%"),
        ("50.00%", "50.00%"),
    ]


def test_a_thousand_servers_are_told_in_seconds() -> None:
    """The report of a large estate is written in bounded time and size."""
    servers = tuple(server(f"server-{number:04}") for number in range(1000))
    verdicts = tuple(
        verdict(each, cloud, sized=size("m5.large", 7000)) for each in servers for cloud in Cloud
    )
    large = replace(material(), servers=servers, verdicts=verdicts, plan=None)
    html = REPORT.formats["html"](large)
    assert html.count('<details class="server"') == 1000
    assert len(html) < 20_000_000


@pytest.mark.parametrize(
    ("write", "value", "expected"),
    [
        (words.size, 0, "0 bytes"),
        (words.size, 1023, "1023 bytes"),
        (words.size, 1536, "1.5 KiB"),
        (words.size, 8 * 1024**3, "8 GiB"),
        (words.size, 5 * 1024**6, "5120 PiB"),
        (words.moment, NOW, "23 November 2026, 09:30 UTC"),
        (lambda pence: words.money(pence, "GBP"), 123456, "£1,234.56"),
        (lambda pence: words.money(pence, "SEK"), 5, "SEK 0.05"),
        (lambda pence: words.money(pence, "GBP"), None, "unknown"),
        (lambda count: words.amount(count, "server"), 1, "1 server"),
        (lambda count: words.amount(count, "server"), 1200, "1,200 servers"),
    ],
)
def test_values_are_written_for_people(
    write: Callable[[Any], str], value: Any, expected: str
) -> None:
    """Money has two decimals, sizes have binary units, times are UTC."""
    assert write(value) == expected


def told_of(name: str) -> Server:
    """Make a server that an export alone tells of."""
    known = server(name, known=full_facts(name))
    never = Unknown(reason=Reason.NOT_ASKED, detail="known from rvtools:vc alone")
    return replace(known, target="", unreachable=never, last_answered=None, sources=("rvtools:vc",))


def test_what_exports_told_counts_as_an_answer_does() -> None:
    """The server was never asked, is not silent, and its verdicts stand."""
    one = told_of("vm-1")
    alone = replace(
        material(), servers=(one,), verdicts=(verdict(one, Cloud.AWS),), plan=None, gone={}
    )
    assert "1 was never asked, and is known from exports alone" in text(alone)
    assert "Nothing at all is known" not in text(alone)
    summary = document(alone)["summary"]
    assert (summary["answered"], summary["not_answered"], summary["never_asked"]) == (0, 1, 1)
    assert document(alone)["servers"][0]["last_heard"] is not None


def test_what_to_collect_next_is_told_for_the_estate_and_for_each_server() -> None:
    """What settles most stands first, in the page and in JSON."""
    one = server("web-1")
    absent = replace(missing(decides=True), axis=Axis.FIT)
    unknown = verdict(one, Cloud.AWS, fit=Readiness.UNKNOWN, absent=(absent,))
    alone = replace(material(), servers=(one,), verdicts=(unknown,), plan=None)
    assert "Collect next: ask with sudo. It would settle 1 unknown verdict by itself." in text(
        alone
    )
    following = document(alone)["summary"]["collect_next"]
    assert (following["way"], following["settles"]) == ("ask with sudo", 1)
    assert document(alone)["servers"][0]["collect_next"] == following


def test_each_verdict_opens_to_what_it_rests_on() -> None:
    """Under the verdict on an axis stand its findings with value, fix, effort and source."""
    one = server("web-1")
    found = replace(finding("disk-size", Axis.FIT, Severity.BLOCKER, "40 TiB"), effort=Effort.DAYS)
    judged = verdict(one, Cloud.AWS, fit=Readiness.NOT_READY, findings=(found,))
    html = REPORT.formats["html"](
        replace(material(), servers=(one,), verdicts=(judged,), plan=None)
    )
    opened = html.split('<details class="why">')[1].split("</details>")[0]
    for words_of in ("Fit", "40 TiB", found.fix, 'href="#rule-disk-size"'):
        assert words_of in opened
    rule = html.split('id="rule-disk-size"')[1].split("</section>")[0]
    for words_of in (
        "would not start",
        found.fix,
        "<dd>days</dd>",
        found.source,
        "1 February 2023",
    ):
        assert words_of in rule
    security = replace(found, rule="smb-1", axis=Axis.SECURITY, title="Old SMB")
    aside = replace(judged, findings=(security,), fit=Readiness.READY)
    assert "Old SMB" in text(replace(material(), servers=(one,), verdicts=(aside,), plan=None))


def test_a_rule_that_changed_between_versions_is_told_as_each_version_had_it() -> None:
    """No finding shows another version's reason or source."""
    one = server("web-1")
    found = finding("disk-size", Axis.FIT, Severity.BLOCKER, "40 TiB")
    newer = replace(found, why="The limit was raised.", source_date=date(2026, 9, 1))
    judged = tuple(
        verdict(one, cloud, fit=Readiness.NOT_READY, findings=(each,))
        for cloud, each in ((Cloud.AWS, found), (Cloud.AZURE, newer))
    )
    places = grounds(subjects(replace(material(), servers=(one,), verdicts=judged, plan=None)))
    assert places == {ground(found): "rule-disk-size", ground(newer): "rule-disk-size-2"}


def test_what_is_not_known_stands_with_the_verdict_that_hangs_on_it() -> None:
    """One reason stands once for all its rules; what no verdict hangs on stands apart."""
    one = server("web-1", known=full_facts("web-1"))
    absent = (
        replace(missing(decides=True), rule="lvm", title="No LVM", facts=("storage.lvm",)),
        missing(decides=True),
        replace(missing(decides=False), rule="tape", title="No tape drive"),
    )
    judged = tuple(verdict(one, cloud, move=Readiness.UNKNOWN, absent=absent) for cloud in Cloud)
    alone = subjects(replace(material(), servers=(one,), verdicts=judged, plan=None))[0]
    assert sections.lacking(alone, Axis.FIT) == {}
    assert sections.lacking(alone, Axis.MOVE) == {
        "needs privilege": sections.Lacking(
            titles=("Disks are not encrypted", "No LVM"), facts=("storage.disks", "storage.lvm")
        )
    }
    assert sections.aside(alone)["needs privilege"].titles == ("No tape drive",)


def test_a_server_is_found_by_what_people_know_of_it() -> None:
    """Its name, full name, address, system and software, in small letters."""
    web = next(each for each in subjects(material()) if each.server.name == "web-1")
    sought = sections.sought(web)
    for word in ("web-1.stevenage.example", "10.0.0.1/24", "debian", "nginx"):
        assert word in sought


def test_a_connection_of_a_server_that_is_gone_names_it() -> None:
    """Who was switched off since is still known by its name, not by an identifier."""
    after = replace(material(), gone={"id-web-1": NOW})
    assert "id-web-1" not in text(after)


def test_each_application_is_told_with_what_becomes_of_it_and_who_says_so() -> None:
    """What people decided stands with their reason; the table's proposal stays beside it."""
    words_of_it = text(material())
    assert "payroll Repurchase : software as a service · 1 server · decided" in words_of_it
    assert "the contract ends in March (Jane Doe, 20 November 2026)" in words_of_it
    assert "shop Rehost : AWS or Azure · 3 servers · proposed, medium confidence" in words_of_it
    assert "Each condition is put right or accepted." in words_of_it


def test_applications_are_counted_by_what_becomes_of_them() -> None:
    """A way that none goes is left out; it is told how many are decided by people."""
    of = material()
    counted = ways(fates(of, subjects(of)))
    assert [(each.strategy, each.applications, each.servers, each.decided) for each in counted] == [
        (Strategy.REHOST, 1, 3, 0),
        (Strategy.REPURCHASE, 1, 1, 1),
    ]


def test_what_an_application_costs_says_for_how_many_of_its_servers() -> None:
    """A server without a price is no server for nothing."""
    of = material()
    shop = next(
        each for each in fates(of, subjects(of)) if each.decision.application.name == "shop"
    )
    assert shop.costs[Cloud.AWS] == PartCost(monthly_cost_pence=16050, priced=2)
    assert "£160.50 2 of 3 servers" in text(of)


def test_the_json_tells_applications_with_who_decided() -> None:
    """A proposal has nobody who decided it; costs say for how many servers."""
    payroll, shop = document(material())["applications"]
    assert (payroll["strategy"], payroll["decided"]["by"]) == ("repurchase", "Jane Doe")
    assert payroll["destinations"] == ["saas"]
    assert (shop["decided"], shop["proposal"]["row"]) == (None, "rehost")
    assert shop["costs"]["aws"] == {"monthly_cost_pence": 16050, "priced_servers": 2}
    assert payroll["costs"]["aws"] == {"monthly_cost_pence": None, "priced_servers": 0}


def test_a_server_says_which_applications_it_is_part_of() -> None:
    """From a server one comes to its application, and back."""
    html = REPORT.formats["html"](material())
    assert '<a href="#application-app_3a_payroll">payroll</a> (repurchase)' in html
    assert 'id="application-app_3a_payroll"' in html


def test_a_plan_that_differs_from_what_was_decided_is_called_out() -> None:
    """Whoever reads of a server learns that its application is to go elsewhere."""
    of = material()
    assert "The plan says otherwise" not in text(of)
    database = next(each for each in of.servers if each.name == "db-1")
    moves = (move(database, Destination.AZURE),)
    planned = Plan(moves=moves, unplanned=(), warnings=(), at=NOW)
    assert (
        "The plan says otherwise than what becomes of payroll: Repurchase : software as a service"
    ) in text(replace(of, plan=planned))


def test_an_application_of_which_all_servers_are_gone_is_not_told() -> None:
    """What is left of one with a server that is gone counts what is left."""
    of = replace(material(), gone={"id-db-1": NOW, "id-web-1": NOW})
    found = fates(of, subjects(of))
    assert [(each.decision.application.name, len(each.servers)) for each in found] == [("shop", 2)]
    assert found[0].id_of("web-1") == ""
