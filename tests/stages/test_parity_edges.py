"""What is no difference after all, and what cannot be told: the edges of each check of parity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sights import NOW, sight

from inventory.model.certificates import CERTIFICATES, CERTIFICATES_UNREAD, CertificateFile
from inventory.model.fact import FactKey, Facts, Reason
from inventory.model.facts import FILESYSTEMS, FQDN, PACKAGES
from inventory.model.network import CLOCK, TIME_ZONE
from inventory.model.software import SCHEDULED_JOBS, JobKind, ScheduledJob
from inventory.model.storage import EXPORTS, SHARES, Export
from inventory.registry import Registry
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from tests.stages.parity_samples import (
    CRON,
    GIB,
    TEAM,
    certificate,
    filesystem,
    package,
    server,
)

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
SERVER = server()


def told(*changes: tuple[FactKey[Any], Any]) -> Facts:
    """Return the sample server's facts, some of them otherwise."""
    return Facts({**SERVER, **{of.name: of.known(value) for of, value in changes}})


def run(name: str, new: Facts, old: Facts = SERVER, **parameters: object) -> CheckResult:
    """Compare two servers."""
    return CHECKS.one(f"{name}-parity").value.run(sight(old=old, new=new), parameters)


def keys(result: CheckResult) -> list[str]:
    """Return the keys of all differences."""
    return [each["key"] for each in result.observed["differences"]]


def test_a_certificate_for_more_names_or_for_all_of_a_domain_will_do() -> None:
    """A wildcard is for one label before its domain; more names do no harm, fewer do."""
    for names in (
        ("shop.example.org", "www.example.org", "new.example.org"),
        ("*.example.org",),
        ("SHOP.example.org", "www.example.org"),
    ):
        new = told((CERTIFICATES, (certificate(*names),)))
        assert run("certificates", new).outcome is Outcome.PASSED
    for names in (("*.org",), ("example.org",), ("*.shop.example.org",)):
        new = told((CERTIFICATES, (certificate(*names),)))
        assert run("certificates", new).outcome is Outcome.FAILED


def test_a_certificate_that_had_expired_is_not_asked_for() -> None:
    """What served nobody any more is told, and is no reason against the new server."""
    old = told((CERTIFICATES, (certificate("old.example.org", ends=NOW - timedelta(days=1)),)))
    result = run("certificates", told((CERTIFICATES, ())), old)
    assert result.outcome is Outcome.PASSED
    assert keys(result) == ["was-expired:old.example.org"]


def test_a_certificate_that_begins_later_is_not_valid_yet() -> None:
    """Valid for longer, but not today: it fails."""
    later = certificate("shop.example.org", "www.example.org")
    assert later.certificate
    begun = replace(later.certificate, not_before=NOW + timedelta(days=1))
    result = run("certificates", told((CERTIFICATES, (replace(later, certificate=begun),))))
    assert keys(result) == ["not-yet:shop.example.org,www.example.org"]


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_certificate_that_was_not_read_leaves_it_unknown(side: str) -> None:
    """A file that is used and could not be read may be any certificate, or none."""
    hidden = CertificateFile(path="/etc/x.pem", used_by=("/etc/nginx.conf",), why_unread="denied")
    other = told((CERTIFICATES, (*SERVER.value(CERTIFICATES), hidden)))  # type: ignore[misc]
    pair = (SERVER, other) if side == "old" else (other, SERVER)
    result = run("certificates", *pair)
    assert result.outcome is Outcome.UNKNOWN
    assert f"/etc/x.pem of the {side} server was not read: denied" in result.detail
    unread = told((CERTIFICATES_UNREAD, ("/etc/haproxy.cfg",)))
    pair = (SERVER, unread) if side == "old" else (unread, SERVER)
    assert run("certificates", *pair).outcome is Outcome.UNKNOWN


def test_one_time_zone_under_two_names_is_one() -> None:
    """Links of the IANA database, and POSIX's rules for them; London is not UTC, even in winter."""
    for zone in ("GB", "Europe/Belfast", "GMT0BST,M3.5.0/1,M10.5.0"):
        assert "zone" not in str(keys(run("clock", told((TIME_ZONE, zone)))))
    for zone in ("GMT", "Etc/UTC", "Europe/Dublin"):
        assert keys(run("clock", told((TIME_ZONE, zone)))) != []


def test_a_clock_of_which_nobody_knows_when_it_was_read_proves_nothing() -> None:
    """Without the time of the answer two clocks cannot be compared: unknown."""
    new = Facts({**SERVER, CLOCK.name: CLOCK.known(NOW)})
    result = run("clock", new)
    assert result.outcome is Outcome.UNKNOWN
    assert "not told when" in result.detail


def test_clocks_are_compared_by_when_they_were_asked() -> None:
    """Two answers an hour apart whose clocks show an hour apart are of one time."""
    clock = SERVER[CLOCK.name]
    assert clock.origin
    later = NOW + timedelta(hours=1)
    asked = replace(CLOCK.known(later), origin=replace(clock.origin, at=later))
    assert run("clock", Facts({**SERVER, CLOCK.name: asked})).outcome is Outcome.PASSED


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_filesystem_that_does_not_tell_its_size_leaves_it_unknown(side: str) -> None:
    """Nobody answers for it, or the account may not look: it may be smaller."""
    unsized = replace(filesystem("/srv", 100 * GIB, "nosuid"), size_bytes=None)
    other = told((FILESYSTEMS, (filesystem("/"), unsized)))
    pair = (SERVER, other) if side == "old" else (other, SERVER)
    result = run("mounts", *pair)
    assert result.outcome is Outcome.UNKNOWN
    assert f"the {side} server did not tell the size of /srv" in result.detail


def test_how_much_smaller_a_filesystem_may_be_is_the_playbooks_to_say() -> None:
    """Ninety in a hundred are enough only where ninety are asked for."""
    new = told((FILESYSTEMS, (filesystem("/"), filesystem("/srv", 90 * GIB, "nosuid"))))
    assert run("mounts", new).outcome is Outcome.FAILED
    assert run("mounts", new, at_least_percent=91).outcome is Outcome.FAILED
    assert run("mounts", new, at_least_percent=90).outcome is Outcome.PASSED


def test_a_server_without_a_full_name_has_none_to_keep() -> None:
    """None on the old is nothing to ask for; one that is lost is; not knowing is neither."""
    none = Facts({**SERVER, FQDN.name: FQDN.unknown(Reason.NOT_TOLD, "it calls itself web-1")})
    assert run("names", none, none).outcome is Outcome.PASSED
    assert run("names", SERVER, none).outcome is Outcome.PASSED
    assert keys(run("names", none)) == ["missing:fqdn"]
    hidden = Facts({**SERVER, FQDN.name: FQDN.unknown(Reason.TIMED_OUT)})
    assert run("names", hidden).outcome is Outcome.UNKNOWN


def test_a_job_is_the_same_wherever_it_is_written() -> None:
    """Another file and other blanks are no difference; another command is."""
    moved = replace(CRON, source="/etc/crontab", command="/srv/shop/send   orders")
    timer = SERVER.value(SCHEDULED_JOBS)[1:]  # type: ignore[index]
    assert run("jobs", told((SCHEDULED_JOBS, (moved, *timer)))).outcome is Outcome.PASSED
    other = replace(CRON, command="/srv/shop/send invoices")
    assert run("jobs", told((SCHEDULED_JOBS, (other, *timer)))).outcome is Outcome.FAILED


def test_a_job_that_is_written_twice_is_missed_once() -> None:
    """Two equal lines run twice: one of them alone is not the same."""
    jobs = SERVER.value(SCHEDULED_JOBS)
    assert jobs
    twice = told((SCHEDULED_JOBS, (*jobs, CRON)))
    result = run("jobs", SERVER, twice)
    assert result.outcome is Outcome.FAILED
    assert len(keys(result)) == 1


def test_new_jobs_fail_only_where_that_is_asked() -> None:
    """A job that only the new server has is told, or to be explained by parameter."""
    more = ScheduledJob(
        kind=JobKind.CRON, source="/etc/cron.d/x", schedule="@daily", command="/x", user="root"
    )
    new = told((SCHEDULED_JOBS, (*SERVER.value(SCHEDULED_JOBS), more)))  # type: ignore[misc]
    assert run("jobs", new).outcome is Outcome.PASSED
    assert run("jobs", new, new_fails=True).outcome is Outcome.FAILED


def test_a_setting_that_nobody_asked_for_is_unknown_when_it_is_named() -> None:
    """A named setting that the old server did not tell is never taken for alike."""
    result = run("kernel", SERVER, parameters=["vm.swappiness", "net.ipv4.ip_forward"])
    assert result.outcome is Outcome.UNKNOWN
    assert "net.ipv4.ip_forward: the old server did not tell it" in result.detail
    assert run("kernel", SERVER, parameters=["vm.swappiness"]).outcome is Outcome.PASSED


def test_only_the_packages_that_matter_are_compared_where_they_are_named() -> None:
    """For another distribution a playbook names what matters; the rest is not even told."""
    new = told((PACKAGES, (package("nginx", "1.20.1-14.el9", "rpm"), package("x", "1", "rpm"))))
    assert keys(run("packages", new, packages=["nginx"])) == ["older:nginx:1.22.1-9:1.20.1-14.el9"]
    assert run("packages", new, packages=["no-such-thing"]).outcome is Outcome.UNKNOWN
    renamed = told((PACKAGES, (package("web", "1.22.1-9"),)))
    same_as = run("packages", renamed, packages=["nginx"], same_as={"nginx": "web"})
    assert same_as.outcome is Outcome.PASSED


def test_options_of_an_export_mean_what_they_come_to() -> None:
    """What is written out and what is left to its default is the same; order does not matter."""
    etab = ("rw", "sync", "wdelay", "hide", "secure", "root_squash", "sec=sys", "anonuid=65534")
    new = told((EXPORTS, (Export(path="/srv", client="10.0.0.0/8", options=etab),)))
    assert run("shares", new).outcome is Outcome.PASSED


def test_the_folder_of_a_share_is_told_and_its_name_may_change_its_capitals() -> None:
    """Clients see neither: it passes."""
    new = told((SHARES, (replace(TEAM, name="TEAM", path="/data/team"),)))
    result = run("shares", new)
    assert result.outcome is Outcome.PASSED
    assert keys(result) == ["path:smb:team:/srv/team:/data/team"]
