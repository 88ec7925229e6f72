"""Quiet over the business cycle: passed only when discovery looked at all of it and saw nobody."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sights import NOW, SaidPast, facts, sight

from inventory.model.fact import Facts, Observation, Reason
from inventory.model.facts import CONNECTIONS, INTERFACES
from inventory.model.parts import Direction, Interface, Protocol
from inventory.model.sighting import Sighting, Use
from inventory.model.software import AT_JOBS, SCHEDULED_JOBS, USER_JOBS, JobKind, ScheduledJob
from migrate.checks.quiet_over_cycle import CHECK
from migrate.model.act import Act, Intent
from migrate.model.check import Sight
from migrate.model.evidence import CheckResult, Fingerprint, Outcome

DAY = timedelta(days=1)


def job(schedule: str, source: str = "/etc/cron.d/ledger") -> ScheduledJob:
    """Return a job of cron."""
    return ScheduledJob(kind=JobKind.CRON, source=source, schedule=schedule, command="run")


def told(*jobs: ScheduledJob, waiting: int = 0, more: tuple[Observation, ...] = ()) -> Facts:
    """Return what a server at 10.0.0.4 tells that has these jobs."""
    return facts(
        CONNECTIONS.known(()),
        INTERFACES.known((Interface(name="eth0", addresses=("10.0.0.4/24",)),)),
        SCHEDULED_JOBS.known(jobs),
        USER_JOBS.known(()),
        AT_JOBS.known(waiting),
        *more,
    )


def looks(days: float, every_hours: float = 12) -> tuple[datetime, ...]:
    """Return looks so often, from so many days ago until now."""
    count = int(days * 24 / every_hours)
    return tuple(NOW - timedelta(hours=every_hours) * number for number in range(count, -1, -1))


def seen(
    remote: str = "10.0.0.7",
    port: int = 443,
    *,
    days_ago: float = 1,
    direction: Direction = Direction.INBOUND,
    local: str = "10.0.0.4",
) -> Sighting:
    """Return a use of the server that was last seen so many days ago."""
    at = NOW - timedelta(days=days_ago)
    return Sighting(
        protocol=Protocol.TCP,
        direction=direction,
        local_address=local,
        remote_address=remote,
        port=port,
        process="nginx",
        first_seen=at,
        last_seen=at,
        looks=1,
        most_at_once=1,
    )


def view(past: SaidPast, old: Facts | None = None) -> Sight:
    """Return a sight of a server without jobs, unless given others, with that past."""
    return sight(old=old or told(), past=past, estate={"10.0.0.7": "app-1", "10.0.0.4": "web-1"})


def run(seen_now: Sight, **parameters: Any) -> CheckResult:
    """Run the check; what it observed must be JSON."""
    result = CHECK.run(seen_now, parameters)
    json.dumps(dict(result.observed))
    return result


def test_thirty_five_days_without_use_pass_and_tell_window_and_blind_spots() -> None:
    """Window, looks, largest gap and what looks cannot see stand in the result."""
    result = run(view(SaidPast(at=looks(36))))
    assert result.outcome is Outcome.PASSED
    assert result.observed["looks"] == 71
    assert result.observed["largest_gap_hours"] == 12
    assert result.observed["looked_since"] <= result.observed["needed_since"]
    assert any("between two looks" in each for each in result.observed["blind_spots"])


def test_one_use_within_the_window_fails_and_is_named() -> None:
    """A single client once is use, and it is told who, where and when."""
    result = run(view(SaidPast(at=looks(36), seen=(seen(days_ago=20),))))
    assert result.outcome is Outcome.FAILED
    assert "app-1 10.0.0.7 on 443/tcp nginx, last seen 2026-11-03" in result.detail


def test_use_before_the_window_does_not_count() -> None:
    """What was before is past."""
    assert run(view(SaidPast(at=looks(40), seen=(seen(days_ago=39),)))).outcome is Outcome.PASSED


@pytest.mark.parametrize("at", [(), looks(34), looks(2), (NOW - 40 * DAY, NOW)])
def test_too_few_looks_are_unknown(at: tuple[datetime, ...]) -> None:
    """A window that nobody looked at whole proves nothing."""
    result = run(view(SaidPast(at=at)))
    assert result.outcome is Outcome.UNKNOWN
    assert "reach back to 2026-10-19" in result.detail


def test_a_pause_in_the_looks_begins_the_window_anew() -> None:
    """Two days in which nobody looked are a hole, wherever in the window they lie."""
    holed = tuple(each for each in looks(36) if not 10 * DAY < NOW - each < 12 * DAY)
    result = run(view(SaidPast(at=holed)))
    assert result.outcome is Outcome.UNKNOWN
    assert result.observed["looked_since"].startswith("2026-11-13")
    assert run(view(SaidPast(at=holed)), most_hours_between_looks=49).outcome is Outcome.PASSED


def test_use_is_told_even_where_looks_are_too_few() -> None:
    """That it was used is known, however little was looked at."""
    assert run(view(SaidPast(at=looks(2), seen=(seen(),)))).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("schedule", "since"),
    [
        ("0 2 1 * *", "2026-10-19"),
        ("0 2 1 1,4,7,10 *", "2026-09-30"),
        ("0 2 1 4 *", "2026-03-31"),
        ("0 2 28-31 3,6,9,12 *", "2026-09-27"),
        ("@yearly", "2025-12-31"),
        ("@reboot", "2026-10-19"),
        ("*/5 * * * *", "2026-10-19"),
        ("0 2 29 2 *", "2024-02-28"),
        ("0 2 * 1 *", "2026-01-24"),
        ("0 2 * 1-11 *", "2026-10-19"),
    ],
)
def test_the_window_holds_a_whole_run_of_each_job(schedule: str, since: str) -> None:
    """The rarest job decides how far back it must reach, a day's margin before its run."""
    result = run(view(SaidPast(at=looks(36)), told(job("@daily"), job(schedule))))
    assert result.observed["needed_since"].startswith(since)


@dataclass(frozen=True, kw_only=True)
class PastAt(SaidPast):
    """A past in which the server told something just before one moment alone."""

    moment: datetime

    def known(self, before: datetime | None = None) -> Facts:
        """Return what it told then."""
        return self.before if before == self.moment else Facts()


def test_a_job_that_was_there_before_the_first_act_sets_the_cycle() -> None:
    """What we removed ourselves, as stopping does, still tells the cycle."""
    stopped = NOW - 50 * DAY
    fingerprint = Fingerprint(parts={})
    intent = Intent(
        id="i", server_id="s1", playbook="p", stage="stop", action="stop", what="stop",
        relied_on=(), before=fingerprint, changes=(), holder="tests", at=stopped,
    )  # fmt: skip
    past = PastAt(at=looks(36), before=told(job("0 2 1 4 *")), moment=stopped)
    seen_now = replace(view(past), acts=(Act(intent=intent, result=None),))
    assert run(seen_now).observed["needed_since"].startswith("2026-03-31")
    assert run(view(past)).observed["needed_since"].startswith("2026-10-19")


def outbound(to: str) -> Use:
    """Return what another server was seen to open to an address."""
    return Use(server="app-9", sighting=seen(to, direction=Direction.OUTBOUND, local="10.0.0.9"))


def test_use_at_an_address_that_it_had_counts_but_not_at_one_that_all_have() -> None:
    """A remembered address is its own; loopback and link-local ones are everybody's."""
    everywhere = Interface(name="eth0", addresses=("10.0.0.4/24", "127.0.0.1/8", "fe80::1/64"))
    old = told(more=(INTERFACES.known((everywhere,)),))
    had = facts(INTERFACES.known((Interface(name="eth1", addresses=("10.0.5.4/24",)),)))
    for address, outcome in (
        ("10.0.0.4", Outcome.FAILED),
        ("10.0.5.4", Outcome.FAILED),
        ("127.0.0.1", Outcome.PASSED),
        ("fe80::1", Outcome.PASSED),
    ):
        past = SaidPast(at=looks(36), used=(outbound(address),), now=had)
        assert run(view(past, old)).outcome is outcome, address


def test_a_job_of_the_quarter_is_named_as_the_reason() -> None:
    """Who reads why the window is not enough learns which job asks for it."""
    result = run(view(SaidPast(at=looks(36)), told(job("0 2 1 1,4,7,10 *"))))
    assert result.outcome is Outcome.UNKNOWN
    assert "a whole run of /etc/cron.d/ledger (0 2 1 1,4,7,10 *)" in result.detail
    long = SaidPast(at=looks(60))
    assert run(view(long, told(job("0 2 1 1,4,7,10 *")))).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("parameters", "since"),
    [
        ({"must_include": ["03-31", "04-05"]}, "2026-03-30"),
        ({"cycle": "quarter"}, "2026-08-18"),
        ({"cycle": "year"}, "2025-11-17"),
        ({"min_days": 7}, "2026-11-16"),
        ({"min_days": 7, "cycle": "month"}, "2026-10-19"),
    ],
)
def test_the_window_can_be_given(parameters: dict[str, Any], since: str) -> None:
    """Days of the year, the cycle itself and the least length are for people to say."""
    result = run(view(SaidPast(at=looks(36))), **parameters)
    assert result.observed["needed_since"].startswith(since)


def test_a_job_that_was_removed_lately_still_sets_the_cycle() -> None:
    """What it did when the window began counts, though its line is gone now."""
    past = SaidPast(at=looks(36), before=told(job("0 2 1 4 *")))
    assert run(view(past)).observed["needed_since"].startswith("2026-03-31")


@pytest.mark.parametrize(
    "old",
    [
        told(job("0 2 L * *")),
        told(waiting=2),
        told(more=(USER_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "crontabs may not be read"),)),
        told(more=(SCHEDULED_JOBS.unknown(Reason.NEEDS_PRIVILEGE, "hidden"),)),
    ],
    ids=["unreadable", "waiting at", "accounts' hidden", "system's hidden"],
)
def test_a_cycle_that_is_not_known_is_unknown_unless_given(old: Facts) -> None:
    """Jobs nobody can read or see leave the cycle open; a person may say how long it is."""
    past = SaidPast(at=looks(36))
    assert run(view(past, old)).outcome is Outcome.UNKNOWN
    assert run(view(past, old), cycle="month").outcome is Outcome.PASSED


def test_jobs_that_do_not_matter_can_be_named() -> None:
    """A pattern takes jobs out of the cycle."""
    old = told(job("0 2 L * *"), job("0 2 1 4 *", source="/etc/cron.d/tidy"))
    result = run(view(SaidPast(at=looks(36)), old), ignore_jobs=["/etc/cron.d/*"])
    assert result.outcome is Outcome.PASSED


def test_what_another_server_saw_of_itself_is_use_too() -> None:
    """A client's own sight of its connection counts, where the old server's looks missed it."""
    use = Use(
        server="app-9",
        sighting=seen("10.0.0.4", direction=Direction.OUTBOUND, local="10.0.0.9", days_ago=3),
    )
    result = run(view(SaidPast(at=looks(36), used=(use,))))
    assert result.outcome is Outcome.FAILED
    assert "app-9 10.0.0.9 on 443/tcp" in result.detail


def test_whom_the_playbook_names_does_not_count_and_is_listed() -> None:
    """Monitoring and backup are passed over by address, network and port, each with its reason."""
    past = SaidPast(at=looks(36), seen=(seen("10.0.8.9", 9100), seen("10.0.0.7")))
    ignore = [
        {"from": "10.0.8.0/24", "port": 9100, "why": "Prometheus"},
        {"from": "10.0.0.7", "why": "backup"},
    ]
    result = run(view(past), ignore=ignore)
    assert result.outcome is Outcome.PASSED
    assert any(
        "10.0.8.9" in each and "Prometheus" in each for each in result.observed["not_counted"]
    )
    assert len(result.observed["not_counted"]) == 2
    elsewhere = [{"from": "10.0.8.0/24", "port": 443, "why": "Prometheus"}]
    assert run(view(past), ignore=[ignore[1], *elsewhere]).outcome is Outcome.FAILED


def test_a_network_that_is_none_is_unknown() -> None:
    """A slip in the playbook does not pass."""
    result = run(view(SaidPast(at=looks(36))), ignore=[{"from": "10.0.0.300", "why": "slip"}])
    assert result.outcome is Outcome.UNKNOWN
    assert "10.0.0.300" in result.detail


def test_administration_from_outside_the_estate_does_not_count_and_is_listed() -> None:
    """Our own SSH is no use; but a server of the estate that logs in may be fetching files."""
    outside = SaidPast(at=looks(36), seen=(seen("192.0.2.1", 22),))
    result = run(view(outside))
    assert result.outcome is Outcome.PASSED
    assert "192.0.2.1" in result.detail
    inside = SaidPast(at=looks(36), seen=(seen("10.0.0.7", 22),))
    assert run(view(inside)).outcome is Outcome.FAILED
    assert run(view(inside), ignore_ports=[22]).outcome is Outcome.PASSED


def test_its_talk_with_itself_is_no_use() -> None:
    """Connections between its own addresses, mapped ones too, are nobody's use."""
    past = SaidPast(at=looks(36), seen=(seen("::ffff:10.0.0.4"),))
    assert run(view(past)).outcome is Outcome.PASSED


def test_what_it_opened_itself_is_told_and_counts_when_asked() -> None:
    """An old server that still calls others may still work for them."""
    past = SaidPast(at=looks(36), seen=(seen("10.0.0.7", 5432, direction=Direction.OUTBOUND),))
    result = run(view(past))
    assert result.outcome is Outcome.PASSED
    assert "app-1 10.0.0.7 on 5432/tcp" in result.observed["outward"][0]
    assert run(view(past), count_outward=True).outcome is Outcome.FAILED


def test_a_server_that_told_no_connections_now_is_unknown() -> None:
    """Not seeing connections is not seeing none."""
    old = told(more=(CONNECTIONS.unknown(Reason.NEEDS_PRIVILEGE, "ss is missing"),))
    result = run(view(SaidPast(at=looks(36)), old))
    assert result.outcome is Outcome.UNKNOWN
    assert "ss is missing" in result.detail


def test_a_look_dated_after_now_is_taken_as_now() -> None:
    """The look of this very run is a moment later than its beginning."""
    late = (*looks(36)[:-1], NOW + timedelta(seconds=3))
    result = run(view(SaidPast(at=late)))
    assert result.outcome is Outcome.PASSED
    assert result.observed["largest_gap_hours"] == 12


@pytest.mark.parametrize("hour", [0, 23])
def test_a_run_of_yesterday_is_not_whole_yet(hour: int) -> None:
    """In some time zone it may still go on; the run before it counts."""
    now = datetime(2026, 10, 2, hour, 30, tzinfo=UTC)
    past = SaidPast(at=tuple(now - DAY / 2 * number for number in range(300, -1, -1)))
    seen_now = replace(view(past, told(job("0 2 1 1,4,7,10 *"))), now=now)
    assert run(seen_now).observed["needed_since"].startswith("2026-06-30")
