"""Promises of a refresh: whole or not at all, gone on with, checked, and each estate its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from price_pages import MadeService

from inventory.errors import BadInputError, RefusedError, UnreachableError, UsageError
from migrate.catalogue.datasets import count, datasets, read_rows
from migrate.catalogue.lifecycle import lifecycle
from migrate.catalogue.market import market
from migrate.catalogue.offer import GIBIBYTE
from migrate.catalogue.overlay import SHIPPED, catalogue_of
from migrate.catalogue.refreshing.applying import alone, apply
from migrate.catalogue.refreshing.asking import Page, Question, Source
from migrate.catalogue.refreshing.feeds import FEEDS, Group, chosen
from migrate.catalogue.refreshing.refresh import Order, Renewed, refresh, regions_of
from migrate.catalogue.staleness import Stale, in_a_line, staleness
from migrate.model.verdict import Cloud

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
OWN = {Group.AWS: "eu-west-2", Group.AZURE: "uksouth"}
REGIONS = {Group.AWS: ("eu-west-2", "eu-west-1"), Group.AZURE: ("uksouth", "westeurope")}


def order(*only: str, afresh: bool = False, accept_losses: bool = False) -> Order:
    """Order data sets to be refreshed."""
    return Order(feeds=chosen(only), regions=REGIONS, afresh=afresh, accept_losses=accept_losses)


ONE_REGION = replace(order("aws"), regions={Group.AWS: ("eu-west-2",)})


def run(
    folder: Path, service: MadeService, what: Order, now: datetime = NOW
) -> tuple[Renewed, ...]:
    """Refresh an estate's catalogue by one service that answers for all of them."""
    services = {source: lambda: service for source in Source}
    return refresh(folder, services, what, now=now, tell=lambda _: None)


def test_every_data_set_is_renewed_and_holds_what_it_held(tmp_path: Path) -> None:
    """Answers that say what the catalogue says leave sizes, prices and dates as they were."""
    run(tmp_path, MadeService(), order())
    new = catalogue_of(tmp_path)
    for cloud, region in ((Cloud.AWS, "eu-west-2"), (Cloud.AZURE, "uksouth")):
        before, after = market(cloud, region), market(cloud, region, new)
        assert {each.name for each in after.offers} == {each.name for each in before.offers}
        assert {each.name: each.linux.usd for each in after.offers if each.linux} == {
            each.name: each.linux.usd for each in before.offers if each.linux
        }
        assert after.date == TODAY
        assert before.date < TODAY
    assert lifecycle("debian", "12", new) == date(2026, 7, 11)
    assert count(datasets(new)["lifecycle"], new) == count(datasets()["lifecycle"])


def test_a_refreshed_price_says_that_it_was_observed_and_when(tmp_path: Path) -> None:
    """The stand-in for UK South's disks gives way to a price of its own."""
    run(tmp_path, MadeService(), order("azure-disks"))
    rows = read_rows("azure_disks.csv", catalogue_of(tmp_path))
    found = next(row for row in rows if row["size"] == "P10" and row["redundancy"] == "LRS")
    assert found["uksouth_usd_month"] == found["westeurope_usd_month"] != ""
    assert found["uksouth_basis"] == "observed-2026-11-23"


def test_a_refreshed_size_is_read_back_as_it_was_told(tmp_path: Path) -> None:
    """Processors, memory and zones come from the answer."""
    run(tmp_path, MadeService(), order("aws-instance-types", "azure-sizes"))
    new = catalogue_of(tmp_path)
    found = next(x for x in market(Cloud.AWS, "eu-west-2", new).offers if x.name == "m6a.xlarge")
    assert (found.vcpus, found.memory_bytes) == (4, 16 * GIBIBYTE)
    row = next(
        row for row in read_rows("azure_vm_sizes.csv", new) if row["name"] == "Standard_E4-2s_v5"
    )
    assert (row["vcpu"], row["vcpu_constrained"], row["zones_uksouth"]) == ("4", "2", "1|2|3")
    assert (row["uncached_iops"], row["uncached_mb_s"]) == ("6400", "96")


def test_regions_that_were_not_asked_for_keep_their_rows_and_their_dates(tmp_path: Path) -> None:
    """A part that is older than the rest is told apart, and the whole is as old as it is."""
    one = replace(order("aws-instance-prices"), regions={Group.AWS: ("eu-west-2",)})
    run(tmp_path, MadeService(), one)
    new = catalogue_of(tmp_path)
    found = datasets(new)["aws-instance-prices"]
    assert found.as_of("eu-west-2") == TODAY
    assert found.as_of("eu-west-1") == found.date == datasets()["aws-instance-prices"].date
    assert "eu-west-1" in found.source
    assert len(market(Cloud.AWS, "eu-west-1", new).offers) == len(
        market(Cloud.AWS, "eu-west-1").offers
    )


class Elsewhere(MadeService):
    """A service that says of another region what the catalogue says of a known one."""

    def page(self, question: Question, token: str | None) -> Page:
        """Return a page of the region asked for."""
        known = {"eu-central-1": "eu-west-2", "francecentral": "westeurope"}[question.region]
        page = super().page(replace(question, region=known), token)
        content = json.loads(json.dumps(page.content).replace(known, question.region))
        return replace(page, content=content)


def test_a_region_that_the_catalogue_did_not_have_can_be_asked_for(tmp_path: Path) -> None:
    """It becomes a market like the others, with its sizes, disks and their prices."""
    regions = {Group.AWS: ("eu-central-1",), Group.AZURE: ("francecentral",)}
    run(tmp_path, Elsewhere(), replace(order("aws", "azure"), regions=regions))
    new = catalogue_of(tmp_path)
    for cloud, region, known in (
        (Cloud.AWS, "eu-central-1", "eu-west-2"),
        (Cloud.AZURE, "francecentral", "westeurope"),
    ):
        there, here = market(cloud, region, new), market(cloud, known)
        assert {(each.name, each.linux and each.linux.usd) for each in there.offers} == {
            (each.name, each.linux and each.linux.usd) for each in here.offers
        }
        assert there.date == TODAY
        assert len(market(cloud, known, new).offers) == len(here.offers)
    disks = read_rows("azure_disks.csv", new)
    assert all(row["francecentral_basis"] == "observed-2026-11-23" for row in disks)


def test_estates_do_not_see_each_others_catalogues(tmp_path: Path) -> None:
    """One estate's refresh changes neither another's catalogue nor the shipped one."""
    mine, other = tmp_path / "mine", tmp_path / "other"
    run(mine, MadeService(), order("lifecycle"))
    assert catalogue_of(other) == SHIPPED
    assert datasets(catalogue_of(mine))["lifecycle"].date == TODAY
    assert datasets(catalogue_of(other))["lifecycle"].date < TODAY
    assert datasets()["lifecycle"].date < TODAY


def test_what_an_earlier_refresh_renewed_stays(tmp_path: Path) -> None:
    """A second refresh of something else keeps the first one's data sets."""
    run(tmp_path, MadeService(), order("lifecycle"))
    run(tmp_path, MadeService(), order("azure-disks"), NOW + timedelta(days=1))
    found = datasets(catalogue_of(tmp_path))
    assert found["lifecycle"].date == TODAY
    assert found["azure-disks"].as_of("uksouth") == TODAY + timedelta(days=1)


def test_a_newer_decant_goes_before_an_older_refresh(tmp_path: Path) -> None:
    """A refreshed data set that is older than the shipped one does not count."""
    run(tmp_path, MadeService(), order("lifecycle"), datetime(2026, 8, 1, tzinfo=UTC))
    assert datasets(catalogue_of(tmp_path))["lifecycle"] == datasets()["lifecycle"]


@pytest.mark.parametrize("fails_at", [0, 1, 4, 9])
def test_a_refresh_that_was_cut_off_goes_on_where_it_was(tmp_path: Path, fails_at: int) -> None:
    """No page is asked for twice, nothing is applied before the end, and the end is the same."""
    service = MadeService()
    service.fails_at, service.error = fails_at, UnreachableError("it broke off")
    with pytest.raises(UnreachableError):
        run(tmp_path, service, ONE_REGION)
    assert catalogue_of(tmp_path) == SHIPPED
    assert len(service.asked) == fails_at
    run(tmp_path, service, ONE_REGION, NOW + timedelta(hours=2))
    assert len(service.asked) == len(set(service.asked))
    whole = MadeService()
    run(tmp_path / "whole", whole, ONE_REGION)
    assert service.asked == whole.asked
    for feed in chosen(["aws"]):
        file = datasets()[feed.dataset].file
        ours, theirs = (catalogue_of(each).folder / file for each in (tmp_path, tmp_path / "whole"))
        assert ours.read_text() == theirs.read_text()


@pytest.mark.parametrize(("hours", "afresh"), [(25, False), (1, True), (-1, False)])
def test_pages_too_old_or_unwanted_are_asked_for_again(
    tmp_path: Path, hours: int, *, afresh: bool
) -> None:
    """Pages of another day, of a clock gone wrong, or before ``--afresh`` do not count."""
    service = MadeService()
    service.fails_at, service.error = 3, UnreachableError("it broke off")
    with pytest.raises(UnreachableError):
        run(tmp_path, service, order("aws-instance-types"))
    before = len(service.asked)
    later = NOW + timedelta(hours=hours)
    run(tmp_path, service, order("aws-instance-types", afresh=afresh), later)
    assert service.asked[:before] == service.asked[before : 2 * before]


def test_a_page_that_was_cut_while_it_was_kept_is_asked_for_again(tmp_path: Path) -> None:
    """A page of the journal that cannot be read is no page."""
    service = MadeService()
    service.fails_at, service.error = 2, UnreachableError("it broke off")
    with pytest.raises(UnreachableError):
        run(tmp_path, service, order("aws-instance-types"))
    page = min((tmp_path / "catalogue" / "journal").rglob("*.json"))
    page.write_text(page.read_text()[:50])
    run(tmp_path, service, order("aws-instance-types"))
    assert len(service.asked) == len(set(service.asked)) + 1


class Spoiled(MadeService):
    """A service whose pages are changed before they are given."""

    def __init__(self, change: str) -> None:
        super().__init__()
        self.change = change

    def page(self, question: Question, token: str | None) -> Page:
        """Return a page with one thing wrong."""
        page = super().page(question, token)
        items = page.content["Items"]
        if self.change == "loss":
            kept = [
                each for each in items if "_D" in each["armSkuName"] or "B2s" in each["skuName"]
            ]
            return replace(page, content={**page.content, "Items": kept})
        if self.change == "anchor":
            kept = [each for each in items if each["armSkuName"] != "Standard_D2s_v3"]
            return replace(page, content={**page.content, "Items": kept})
        if self.change == "unit":
            dear = [{**each, "retailPrice": each["retailPrice"] * 730} for each in items]
            return replace(page, content={**page.content, "Items": dear})
        if self.change == "shape":
            return replace(page, content={"Items": [{"price": 1}], "NextPageLink": None})
        if self.change == "circle":
            return replace(page, next="7")
        raise AssertionError(self.change)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ("loss", RefusedError, "entries that were there before"),
        ("anchor", RefusedError, "lacks Standard_D2s_v3 with Linux"),
        ("unit", RefusedError, "730.00 times those before"),
        ("shape", UnreachableError, "is a required property"),
        ("circle", UnreachableError, "leads back to a page that was there before"),
    ],
)
def test_what_cannot_be_believed_is_refused_and_nothing_applied(
    tmp_path: Path, change: str, error: type[Exception], said: str
) -> None:
    """A great loss, a missing well-known size, another unit, shape or a circle change nothing."""
    with pytest.raises(error, match=said):
        run(tmp_path, Spoiled(change), order("lifecycle", "azure-size-prices"))
    assert catalogue_of(tmp_path) == SHIPPED


def test_losses_can_be_accepted_but_not_a_missing_anchor(tmp_path: Path) -> None:
    """``--accept-losses`` lets what is really gone go; a set without its anchors is never one."""
    what = order("azure-size-prices", accept_losses=True)
    renewed = run(tmp_path, Spoiled("loss"), what)
    assert renewed[0].entries < renewed[0].entries_before
    with pytest.raises(RefusedError):
        run(tmp_path, Spoiled("anchor"), replace(what, afresh=True))


def test_prices_of_nothing_are_no_prices(tmp_path: Path) -> None:
    """A placeholder at a price of nothing leaves the price unknown, and many are a loss."""

    class Free(MadeService):
        def page(self, question: Question, token: str | None) -> Page:
            page = super().page(question, token)
            items = [{**each, "retailPrice": 0} for each in page.content["Items"]]
            return replace(page, content={**page.content, "Items": items})

    with pytest.raises(RefusedError):
        run(tmp_path, Free(), order("azure-disks"))


def test_two_refreshes_do_not_work_on_one_estate(tmp_path: Path) -> None:
    """The second is told so, and changes nothing."""
    with alone(tmp_path), pytest.raises(UsageError, match="another refresh"):
        run(tmp_path, MadeService(), order("lifecycle"))


def test_a_set_that_is_gone_is_said(tmp_path: Path) -> None:
    """A pointer to nowhere, or out of the estate, is an error with the remedy, never a guess."""
    run(tmp_path, MadeService(), order("lifecycle"))
    pointer = tmp_path / "catalogue" / "current"
    for said in ("20260101T000000Z-00000000", "../../etc", ""):
        pointer.write_text(said)
        with pytest.raises(BadInputError, match="lost") as caught:
            catalogue_of(tmp_path)
        assert caught.value.hint is not None


def test_only_the_set_before_is_kept_beside_the_one_that_counts(tmp_path: Path) -> None:
    """Older sets, and what a crash left, go with the next refresh."""
    for day in range(4):
        run(tmp_path, MadeService(), order("azure-disks"), NOW + timedelta(days=day))
        (tmp_path / "catalogue" / "sets" / ".unfinished-x").mkdir()
    run(tmp_path, MadeService(), order("azure-disks"), NOW + timedelta(days=5))
    assert len(list((tmp_path / "catalogue" / "sets").iterdir())) == 2


_KILLED_AT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from migrate.catalogue.overlay import catalogue_of
from migrate.catalogue.refreshing.applying import alone, apply

folder, left = Path(sys.argv[1]), int(sys.argv[2])
files = {"eol.json": "{\\"new\\": 1}", "azure_disks.csv": "new\\n1\\n"}
entry = {"holds": "x", "date": "2030-01-01", "source": "new", "licence": "x"}
entries = {
    "lifecycle": {"file": "eol.json", **entry},
    "azure-disks": {"file": "azure_disks.csv", **entry},
}

def watch(event, arguments):
    global left
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}:
        if any(str(folder) in str(each) or ".unfinished" in str(each) for each in arguments[:2]):
            left -= 1
            if left < 0:
                os._exit(9)

with alone(folder) as where:
    before = catalogue_of(folder)
    sys.addaudithook(watch)
    apply(where, before, files, entries, now=datetime(2030, 1, 1, tzinfo=UTC))
os._exit(0)
"""


def test_a_crash_at_any_step_leaves_the_old_set_or_the_new_one_whole(tmp_path: Path) -> None:
    """Killed before each of its steps in turn, it never shows one new file beside an old one."""
    seen = set()
    run(tmp_path / "before", MadeService(), order("lifecycle", "azure-disks"))
    for step in range(60):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "before", folder)
        old = catalogue_of(folder)
        ended = subprocess.run(
            [sys.executable, "-c", _KILLED_AT, str(folder), str(step)], check=False
        )
        after = catalogue_of(folder)
        sources = {
            "new" if datasets(after)[name].source == "new" else "old"
            for name in ("lifecycle", "azure-disks")
        }
        texts = {
            "new" if "new" in (after.folder / file).read_text()[:12] else "old"
            for file in ("eol.json", "azure_disks.csv")
        }
        assert sources == texts
        assert len(sources) == 1
        assert (after == old) == (sources == {"old"})
        seen |= sources
        if ended.returncode == 0:
            break
    else:
        pytest.fail("it never came to its end")
    assert seen == {"old", "new"}
    assert step > 10


def test_a_full_disk_is_said_and_leaves_the_old_set(tmp_path: Path) -> None:
    """Where nothing can be written the catalogue is as it was."""
    with alone(tmp_path) as folder:
        (folder / "sets").rmdir()
        (folder / "sets").write_text("in the way")
        with pytest.raises(BadInputError, match="cannot be written"):
            apply(folder, SHIPPED, {"eol.json": "{}"}, {}, now=NOW)
    assert catalogue_of(tmp_path) == SHIPPED


def test_what_is_old_is_said_with_its_age_and_its_remedy() -> None:
    """Each data set has its limit; one that no refresh renews says so."""
    found = {each.dataset: each for each in staleness(datasets(), TODAY)}
    assert found["lifecycle"].age_days == 93
    assert "decant catalogue refresh" in str(found["lifecycle"])
    assert not found["os-support"].refreshed
    assert "aws-instance-prices" not in found


def test_at_its_limit_a_data_set_is_not_yet_old() -> None:
    """Ninety days are within a limit of ninety."""
    prices = {"aws-instance-prices": datasets()["aws-instance-prices"]}
    day = prices["aws-instance-prices"].date
    assert staleness(prices, day + timedelta(days=90)) == ()
    assert len(staleness(prices, day + timedelta(days=91))) == 1


def test_what_is_stale_is_said_in_one_short_line() -> None:
    """It counts, names the oldest, and parts what can be renewed from what comes with Decant."""
    prices, shares = (
        Stale(dataset=name, date=day, age_days=1, limit_days=0, refreshed=refreshed)
        for name, day, refreshed in (
            ("prices", date(2026, 8, 1), True),
            ("commitments", date(2020, 1, 1), False),
        )
    )
    assert in_a_line(()) == ""
    assert in_a_line((prices,)) == (
        "the catalogue is old: prices of 2026-08-01: decant catalogue refresh; "
        "decant catalogue lists them"
    )
    several = in_a_line((prices, replace(prices, dataset="sizes", date=date(2026, 9, 1)), shares))
    assert several == (
        "the catalogue is old: 2 data sets, the oldest prices of 2026-08-01: "
        "decant catalogue refresh; commitments of 2020-01-01, which only a newer Decant can renew; "
        "decant catalogue lists them"
    )


def test_nothing_renewed_is_old(tmp_path: Path) -> None:
    """After a refresh of all regions nothing that it renews is stale, but what it says it kept."""
    service = MadeService()
    known = regions_of(SHIPPED, OWN)
    what = Order(feeds=FEEDS, regions={group: tuple(names) for group, names in known.items()})
    run(tmp_path, service, what)
    stale = staleness(datasets(catalogue_of(tmp_path)), TODAY)
    assert not [each for each in stale if each.refreshed]


def test_the_index_of_a_set_is_complete_json(tmp_path: Path) -> None:
    """Whoever looks into the estate's folder finds what is there, from where and when."""
    run(tmp_path, MadeService(), order("lifecycle"))
    index = json.loads((catalogue_of(tmp_path).folder / "datasets.json").read_text())
    assert index["lifecycle"]["date"] == "2026-11-23"
    assert "endoflife.date" in index["lifecycle"]["source"]
