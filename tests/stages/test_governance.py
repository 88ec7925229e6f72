"""Checks of the record: what people declared counts, or says what it lacks and what to type."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sights import NOW, SaidPast, facts, sight

from inventory.model.certificates import CERTIFICATES, Certificate, CertificateFile
from inventory.model.fact import Facts
from inventory.model.facts import DISKS, VIRTUALISATION
from inventory.model.parts import Disk, Transport
from inventory.registry import Registry
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.check import Check, Sight
from migrate.model.evidence import Attestation, CheckResult, Document, Fingerprint, Outcome
from migrate.model.playbook import About

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
RECORDS = (
    "accepted-by-owner", "backup-gone", "backup-restored", "directory-gone", "licences-reclaimed",
    "load-balancer-gone", "monitoring-gone", "records-updated", "retention-agreed", "waste-note",
)  # fmt: skip
PAPER = Document(name="note.pdf", sha256="ab" * 32, size_bytes=1000)
SAID = "handed over to CBDU123456"


def word(about: str, /, **changes: Any) -> Attestation:
    """Return a whole declaration, but for what is given."""
    whole = Attestation(
        id=f"id-of-{about}",
        server_id="s1",
        about=about,
        statement=SAID,
        person="Ann",
        partner="SBC",
        documents=(PAPER,),
        at=NOW - timedelta(hours=1),
        roles=("service owner",),
        signer="SHA256:ann",
    )
    return replace(whole, **changes)


def words(check: str, **changes: Any) -> tuple[Attestation, ...]:
    """Return whole declarations of all that a check asks for."""
    return tuple(word(each.about, **changes) for each in CHECKS.one(check).value.asks({}))


def run(check: str, seen: Sight, **parameters: object) -> CheckResult:
    """Run a check; what it observed must be JSON."""
    result = CHECKS.one(check).value.run(seen, parameters)
    json.dumps(dict(result.observed))
    return result


def switched_off(at: datetime) -> Act:
    """Return an act that switched the server off."""
    intent = Intent(
        id="i",
        server_id="s1",
        playbook="rehost",
        stage="power-off",
        action="power-off-ssh",
        what="power off web-1",
        relied_on=(),
        before=Fingerprint(parts={}),
        changes=("power",),
        holder="tests",
        signer="tests",
        at=at,
    )
    result = Result(
        id="r",
        server_id="s1",
        intent="i",
        aftermath=Aftermath.DONE,
        detail="gone",
        after=None,
        at=at + timedelta(minutes=1),
    )
    return Act(intent=intent, result=result)


@pytest.mark.parametrize("check", RECORDS)
def test_what_nobody_declared_is_unknown_and_says_what_to_type(check: str) -> None:
    """The result names each word, and the command by which it is declared."""
    result = run(check, sight())
    assert result.outcome is Outcome.UNKNOWN
    for asked in CHECKS.one(check).value.asks({}):
        assert f"decant attest web-1 {asked.about} --as PERSON" in result.detail
        assert asked.document == "" or "--file FILE" in result.detail


@pytest.mark.parametrize("check", RECORDS)
def test_what_was_declared_whole_passes_and_says_who_said_what(check: str) -> None:
    """Person, partner, words and documents stand in the evidence."""
    said = words(check)
    result = run(check, sight(attestations=said))
    assert result.outcome is Outcome.PASSED
    assert "Ann (SBC)" in result.detail
    assert SAID in result.detail
    assert result.observed["attestations"] == [each.id for each in said]
    assert result.observed["declared"][0]["documents"][0]["sha256"] == PAPER.sha256


@pytest.mark.parametrize("check", RECORDS)
def test_each_word_is_needed(check: str) -> None:
    """A declaration of something else is none."""
    others = tuple(word(f"{each.about}-of-another") for each in words(check))
    assert run(check, sight(attestations=others)).outcome is Outcome.UNKNOWN
    assert run(check, sight(attestations=words(check)[1:])).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("check", ["retention-agreed", "backup-restored", "waste-note"])
def test_a_document_that_is_asked_for_must_be_attached(check: str) -> None:
    """Words alone do not do where a document is asked for."""
    result = run(check, sight(attestations=words(check, documents=())))
    assert result.outcome is Outcome.FAILED
    assert "is not attached (--file)" in result.detail


def test_only_the_service_owner_accepts() -> None:
    """Somebody else's acceptance fails, and the role can be another by parameter."""
    said = words("accepted-by-owner", roles=("tester",))
    result = run("accepted-by-owner", sight(attestations=said))
    assert result.outcome is Outcome.FAILED
    assert "as service owner" in result.detail
    assert run("accepted-by-owner", sight(attestations=said), role="tester").outcome is (
        Outcome.PASSED
    )


def test_an_old_restore_proves_nothing() -> None:
    """A restore of more than thirty days ago is not of the final backup, unless so agreed."""
    said = words("backup-restored", at=NOW - timedelta(days=31))
    result = run("backup-restored", sight(attestations=said))
    assert result.outcome is Outcome.FAILED
    assert "older than 30 days" in result.detail
    assert run("backup-restored", sight(attestations=said), max_age_days=40).outcome is (
        Outcome.PASSED
    )


def test_what_is_dated_in_the_future_does_not_count() -> None:
    """A clock that ran ahead does not make a declaration count for longer."""
    said = words("licences-reclaimed", at=NOW + timedelta(minutes=1))
    assert run("licences-reclaimed", sight(attestations=said)).outcome is Outcome.FAILED


def test_a_partner_that_does_not_own_the_server_declares_nothing_of_it() -> None:
    """Where the plan names the owners, others' words fail."""
    seen = sight(attestations=words("licences-reclaimed"))
    others = replace(seen, move=replace(seen.move, partners=("EHDC",)))
    result = run("licences-reclaimed", others)
    assert result.outcome is Outcome.FAILED
    assert "SBC does not own the server" in result.detail
    owned = replace(seen, move=replace(seen.move, partners=("EHDC", "SBC")))
    assert run("licences-reclaimed", owned).outcome is Outcome.PASSED


def test_evidence_ends_with_what_it_rests_on() -> None:
    """It counts neither after the declaration's own end nor after the age that is allowed."""
    soon = NOW + timedelta(days=2)
    first = run("backup-restored", sight(attestations=words("backup-restored", expires=soon)))
    assert first.counts_until == soon
    second = run("backup-restored", sight(attestations=words("backup-restored")))
    assert second.counts_until == NOW - timedelta(hours=1) + timedelta(days=30)
    endless = run("licences-reclaimed", sight(attestations=words("licences-reclaimed")))
    assert endless.counts_until is None


def test_one_whole_declaration_is_enough_beside_a_faulty_one() -> None:
    """Another person's word without the document takes nothing from the one with it."""
    (good,) = words("retention-agreed")
    faulty = replace(good, id="other", person="Ben", documents=())
    for both in ((good, faulty), (faulty, good)):
        result = run("retention-agreed", sight(attestations=both))
        assert result.outcome is Outcome.PASSED
        assert result.observed["attestations"] == [good.id]


def test_of_several_whole_declarations_the_newest_is_relied_on() -> None:
    """Evidence names the one that it rests on."""
    (first,) = words("retention-agreed")
    newest = replace(first, id="newest", person="Ben")
    result = run("retention-agreed", sight(attestations=(first, newest)))
    assert result.observed["attestations"] == ["newest"]


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("carrier CBDU 98765, note 12", Outcome.PASSED),
        ("carrier cbdl123", Outcome.PASSED),
        ("carrier XCBDU123", Outcome.FAILED),
        ("a nice man with a van", Outcome.FAILED),
    ],
)
def test_the_waste_carrier_must_be_named(statement: str, outcome: Outcome) -> None:
    """Its registration number stands in the words; another form of it can be given."""
    said = words("waste-note", statement=statement)
    assert run("waste-note", sight(attestations=said)).outcome is outcome
    assert run("waste-note", sight(attestations=said), carrier="van").outcome is (
        Outcome.PASSED if "van" in statement else Outcome.FAILED
    )
    assert run("waste-note", sight(attestations=said), carrier="(").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("hypervisor", "outcome"), [("kvm", Outcome.PASSED), ("none", Outcome.UNKNOWN)]
)
def test_a_virtual_server_leaves_no_waste(hypervisor: str, outcome: Outcome) -> None:
    """Nobody has to declare it; of a physical one, and where it is not known, somebody has to."""
    past = SaidPast(now=facts(VIRTUALISATION.known(hypervisor)))
    assert run("waste-note", sight(past=past)).outcome is outcome


@pytest.mark.parametrize("check", ["waste-note", "media-sanitised", "backup-restored"])
def test_what_was_declared_before_the_last_act_cannot_be_true(check: str) -> None:
    """Nobody disposes of a server that runs; a backup from before its services stopped is none."""
    act = switched_off(NOW - timedelta(minutes=30))
    said = words(check, statement=f"{SAID}, S1 wiped")
    seen = sight(attestations=said, acts=(act,), past=SaidPast(now=owning(disk("sda", "S1"))))
    result = run(check, seen)
    assert result.outcome is Outcome.FAILED
    assert "before the last act" in result.detail
    later = words(check, statement=f"{SAID}, S1 wiped", at=NOW - timedelta(minutes=5))
    assert run(check, replace(seen, attestations=later)).outcome is Outcome.PASSED
    again = replace(seen, attestations=later, acts=(act, switched_off(NOW - timedelta(minutes=3))))
    assert run(check, again).outcome is Outcome.FAILED


def test_records_can_be_others() -> None:
    """Each record has a word of its own."""
    seen = sight(attestations=(word("runbooks-updated"),))
    assert run("records-updated", seen, records=["runbooks"]).outcome is Outcome.PASSED
    result = run("records-updated", seen, records=["runbooks", "cmdb"])
    assert result.outcome is Outcome.UNKNOWN
    assert "cmdb-updated" in result.detail
    assert "attest web-1 runbooks-updated" not in result.detail


def test_a_word_of_the_playbooks_own() -> None:
    """It asks for exactly what its parameters say, and for nothing without a word."""
    seen = sight(attestations=(word("change-approved", documents=()),))
    assert run("attested", seen).outcome is Outcome.UNKNOWN
    assert run("attested", seen, about="change-approved").outcome is Outcome.PASSED
    papers = {"about": "change-approved", "document": "the change request"}
    result = run("attested", seen, **papers)
    assert result.outcome is Outcome.FAILED
    assert "the change request" in result.detail
    (asked,) = CHECKS.one("attested").value.asks(papers)
    assert (asked.about, asked.document) == ("change-approved", "the change request")


def test_a_servers_name_with_a_blank_can_be_typed() -> None:
    """The command that is shown works as it stands."""
    seen = sight()
    named = replace(seen, move=replace(seen.move, server="web 1"))
    assert "decant attest 'web 1' licences-reclaimed" in run("licences-reclaimed", named).detail


def disk(name: str, serial: str | None, **more: Any) -> Disk:
    """Return a disk."""
    return Disk(name=name, size_bytes=10**12, serial=serial, **more)


def owning(*disks: Disk) -> Facts:
    """Return facts of a server with these disks."""
    return facts(DISKS.known(disks))


def media(*disks: Disk, said: str, **parameters: object) -> CheckResult:
    """Run media-sanitised for a server with these disks, for which that was declared."""
    past = SaidPast(now=owning(*disks))
    attestations = words("media-sanitised", statement=said)
    return run("media-sanitised", sight(past=past, attestations=attestations), **parameters)


TWO = (disk("sda", "S3Z1NB0K1"), disk("sdb", "S3Z1NB0K12"))


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("erased S3Z1NB0K1 and s3z1nb0k12, certificate 7", []),
        ("erased S3Z1NB0K12", ["S3Z1NB0K1"]),
        ("erased S3Z1NB0K1", ["S3Z1NB0K12"]),
        ("erased all disks", ["S3Z1NB0K1", "S3Z1NB0K12"]),
        ("erased XS3Z1NB0K1, S3Z1NB0K12-A", ["S3Z1NB0K1", "S3Z1NB0K12"]),
    ],
)
def test_each_disk_must_be_named_by_its_serial(said: str, missing: list[str]) -> None:
    """A disk that the certificate's words do not name fails, and is named."""
    result = media(*TWO, said=said)
    assert result.outcome is (Outcome.FAILED if missing else Outcome.PASSED)
    assert result.observed.get("missing", []) == missing


def test_disks_without_serial_go_by_their_names() -> None:
    """As virtual ones do; disks without size are none."""
    virtual = (disk("vda", None), Disk(name="sr0", size_bytes=0))
    assert media(*virtual, said="vda deleted with its image").outcome is Outcome.PASSED
    assert media(*virtual, said="vdab deleted").outcome is Outcome.FAILED


def test_two_certificates_cover_disks_together() -> None:
    """Of two people one each; evidence rests on both."""
    first, second = (
        word("sanitisation-certificate", id=tag, person=who, statement=f"{tag} shredded")
        for tag, who in (("S3Z1NB0K1", "Ann"), ("S3Z1NB0K12", "Ben"))
    )
    seen = sight(past=SaidPast(now=owning(*TWO)), attestations=(first, second))
    result = run("media-sanitised", seen)
    assert result.outcome is Outcome.PASSED
    assert result.observed["attestations"] == ["S3Z1NB0K1", "S3Z1NB0K12"]
    unsigned = replace(second, documents=())
    assert run("media-sanitised", replace(seen, attestations=(first, unsigned))).outcome is (
        Outcome.FAILED
    )


def test_disks_that_others_go_on_using_are_left_out_and_listed() -> None:
    """A logical unit of shared storage is named in the playbook or the plan."""
    result = media(*TWO, said="erased S3Z1NB0K1", elsewhere=["S3Z1NB0K12"])
    assert result.outcome is Outcome.PASSED
    assert result.observed["elsewhere"] == ["S3Z1NB0K12"]
    assert "in use elsewhere" in result.detail


def test_disks_behind_a_raid_controller_are_a_blind_spot() -> None:
    """That only the logical disk is known is said, also when it passes."""
    result = media(disk("sda", "L1", transport=Transport.RAID), said="L1: all members shredded")
    assert result.outcome is Outcome.PASSED
    assert "RAID controller" in result.detail


def test_unknown_disks_are_unknown() -> None:
    """What discovery never saw cannot be accounted for."""
    said = words("media-sanitised")
    assert run("media-sanitised", sight(attestations=said)).outcome is Outcome.UNKNOWN
    assert media(said="none").outcome is Outcome.UNKNOWN


def test_what_must_be_named_is_told_before_anybody_declares() -> None:
    """The serial numbers stand in the result, to be copied."""
    result = run("media-sanitised", sight(past=SaidPast(now=owning(*TWO))))
    assert result.outcome is Outcome.UNKNOWN
    assert "S3Z1NB0K1, S3Z1NB0K12" in result.detail


def certificate(serial: str, **more: Any) -> CertificateFile:
    """Return a certificate that a service uses, valid for a year unless given otherwise."""
    valid = Certificate(
        subject=f"CN={serial}.example.org",
        issuer="CN=Council CA",
        serial=serial,
        not_before=NOW - timedelta(days=30),
        not_after=NOW + timedelta(days=365),
        self_signed=False,
        authority=False,
        sha256="0" * 64,
    )
    used = more.pop("used_by", ("/etc/nginx/nginx.conf",))
    return CertificateFile(path="/etc/x.pem", used_by=used, certificate=replace(valid, **more))


def holding(*files: CertificateFile) -> SaidPast:
    """Return the past of a server with these certificates."""
    return SaidPast(now=facts(CERTIFICATES.known(files)))


def test_certificates_that_have_ended_need_nobodys_word() -> None:
    """Neither do self-signed ones, authorities, and files that no service uses."""
    past = holding(
        certificate("a1", not_after=datetime(2026, 1, 1, tzinfo=UTC)),
        certificate("a2", self_signed=True),
        certificate("a3", authority=True),
        certificate("a4", used_by=()),
    )
    assert run("certificates-gone", sight(past=past)).outcome is Outcome.PASSED


def test_each_valid_certificate_must_be_named() -> None:
    """By its serial number, colons or not; what is lacking is named."""
    past = holding(certificate("0a1b2c"), certificate("0a1b2d"))
    nobody = run("certificates-gone", sight(past=past))
    assert nobody.outcome is Outcome.UNKNOWN
    assert "0a1b2c (CN=0a1b2c.example.org)" in nobody.detail
    one = words("certificates-gone", statement="revoked 0A:1B:2C")
    result = run("certificates-gone", sight(past=past, attestations=one))
    assert result.outcome is Outcome.FAILED
    assert "do not name 0a1b2d" in result.detail
    both = words("certificates-gone", statement="revoked 0A:1B:2C; 0a1b2d goes on on web-2")
    assert run("certificates-gone", sight(past=past, attestations=both)).outcome is Outcome.PASSED


def test_certificates_that_nobody_knew_are_for_people_to_know() -> None:
    """A declaration is asked for, and that discovery did not know is said."""
    said = words("certificates-gone")
    result = run("certificates-gone", sight(attestations=said))
    assert result.outcome is Outcome.PASSED
    assert "is not known" in result.detail
    assert run("certificates-gone", sight()).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("check", [*RECORDS, "attested", "media-sanitised", "certificates-gone"])
def test_they_are_about_the_record(check: str) -> None:
    """A declaration is no proof of what stands in the old server's place."""
    found = CHECKS.one(check).value
    assert found.about is About.RECORD
    assert not found.about.proves_replacement
