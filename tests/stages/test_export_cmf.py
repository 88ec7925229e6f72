"""Cloud Migration Factory's intake form is filled in as the factory reads it."""

from __future__ import annotations

from pathlib import Path

from inventory.exporters.cloud_migration_factory import EXPORTER
from inventory.exporters.mgn import EXPORTER as MGN
from inventory.importers.cloud_migration_factory import IMPORTER
from inventory.model.facts import FQDN, HOSTNAME, OS_FAMILY, OS_NAME
from inventory.model.imported import ServerRecord
from inventory.model.importer import CERTAIN
from inventory.model.placement import (
    ENVIRONMENT,
    NAMED_APPLICATIONS,
    NAMED_STRATEGY,
    NAMED_WAVE,
    ROLE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.reading.opening import open_files
from tests.stages.aws_exports import export, facts, imported, lacking, records, rows, server

FIXTURES = Path(__file__).parent.parent / "fixtures" / "imports" / "cloud-migration-factory"
LINUX = OS_FAMILY.known("linux")
OS = "server_os_version"
EMPTY = "app_name, aws_accountid, aws_region, server_os_version, server_fqdn"


def test_what_is_known_stands_in_its_column() -> None:
    """Under the names and in the words of the factory, in UTF-8 with its mark."""
    (written,) = export(
        EXPORTER,
        server(
            "pay-1",
            LINUX,
            FQDN.known("pay-1.example.org"),
            OS_NAME.known("Ubuntu 22.04.3 LTS"),
            NAMED_WAVE.known("Wave 1"),
            NAMED_APPLICATIONS.known(("Löhne",)),
            NAMED_STRATEGY.known("Rehost"),
            ROLE.known("web"),
            ENVIRONMENT.known("prod"),
            TAGS.known((Tag(name="zone", value="1"), Tag(name="critical", value="yes"))),
            TARGET_SETTINGS.known(
                (
                    Tag(name="account-id", value="011122223333"),
                    Tag(name="region", value="eu-west-2"),
                    Tag(name="launch:placement:tenancy", value="default"),
                    Tag(name="launch:nic:0:security-group-id:1", value="sg-2"),
                    Tag(name="launch:nic:0:security-group-id:0", value="sg-1"),
                    Tag(name="launch:volume:/dev/sda:type", value="gp3"),
                    Tag(name="cmf:ebs_encrypted", value="true"),
                )
            ),
        ),
    )
    assert written.content.startswith(b"\xef\xbb\xbf")
    assert not written.lacking
    (row,) = rows(written)
    assert {column: cell for column, cell in row.items() if cell} == {
        "wave_name": "Wave 1",
        "app_name": "Löhne",
        "aws_accountid": "011122223333",
        "aws_region": "eu-west-2",
        "server_name": "pay-1",
        "server_os_family": "linux",
        "server_os_version": "Ubuntu 22.04.3 LTS",
        "server_fqdn": "pay-1.example.org",
        "server_tier": "web",
        "server_environment": "prod",
        "r_type": "Rehost",
        "securitygroup_IDs": "sg-1;sg-2",
        "tenancy": "Shared",
        "tags": "zone=1;critical=yes",
        "ebs_encrypted": "true",
    }


def test_what_is_mandatory_and_unknown_is_told_and_never_made_up() -> None:
    """A strategy has a word for it; all else stays empty for people to fill in."""
    written = export(EXPORTER, server("a", LINUX), server("b", NAMED_STRATEGY.known("Refactor")))
    first, second = rows(written[0])
    assert (first["r_type"], second["r_type"]) == ("TBC", "TBC")
    assert {column for column, cell in first.items() if cell} == {
        "server_name",
        "server_os_family",
        "r_type",
    }
    assert lacking(written) == [
        ("a", "r_type is not known: written as TBC"),
        ("a", f"mandatory and not known: {EMPTY}: left empty"),
        ("b", "r_type: 'Refactor' is none of the factory's: written as TBC"),
        (
            "b",
            f"mandatory and not known: {EMPTY.replace(OS, f'server_os_family, {OS}')}: left empty",
        ),
    ]


def test_servers_that_the_factory_cannot_tell_or_move_are_left_out_and_told() -> None:
    """Of one name, without a host name, of another system."""
    written = export(
        EXPORTER,
        server("web-1", LINUX, NAMED_STRATEGY.known("Retain")),
        server("WEB-1", LINUX),
        server("192.0.2.7", LINUX),
        server("Web server (old)", LINUX),
        server("192.0.2.8", LINUX, HOSTNAME.known("db-1"), NAMED_STRATEGY.known("Retain")),
        server("power", OS_FAMILY.known("aix")),
    )
    assert [row["server_name"] for row in rows(written[0])] == ["web-1", "db-1"]
    assert [(name, what) for name, what in lacking(written) if "mandatory and" not in what] == [
        ("WEB-1", "another server is called WEB-1, which is one to the factory: left out"),
        ("192.0.2.7", "server_name is mandatory, and no host name is known: left out"),
        ("Web server (old)", "server_name is mandatory, and no host name is known: left out"),
        ("power", "the factory takes linux and windows alone, not aix: left out"),
    ]


def test_what_the_factory_would_misread_is_left_out_and_told() -> None:
    """It parts tags at semicolons and keeps of a value what stands before a second =."""
    written = export(
        EXPORTER,
        server(
            "a",
            LINUX,
            NAMED_STRATEGY.known("Retain"),
            NAMED_WAVE.known("W" * 151),
            NAMED_APPLICATIONS.known(("@SUM(A1)", "Intranet")),
            TAGS.known(
                (
                    Tag(name="a", value="1;2"),
                    Tag(name="b", value="x=y"),
                    Tag(name="password", value="***"),
                    Tag(name="c", value="ok"),
                )
            ),
        ),
    )
    (row,) = rows(written[0])
    assert (row["tags"], row["wave_name"], row["app_name"]) == ("c=ok", "", "Intranet")
    assert lacking(written)[:-1] == [
        ("a", "wave_name has more than 150 characters: left out"),
        ("a", "app_name begins with '@', which a spreadsheet would run: left out"),
        ("a", "app_name takes one application: 'Intranet' is written"),
        ("a", "tags: 'a' or its value holds ';', which parts them: left out"),
        ("a", "tags: 'b' or its value holds '=', which parts them: left out"),
    ]


def test_a_round_trip_changes_nothing() -> None:
    """What is imported, exported and imported again says the same of each server."""
    samples = [
        ((name, (FIXTURES / name).read_bytes()),)
        for name in ("made-first-release.csv", "made-marked-utf-8.csv", "made-shared-texts.xlsx")
    ]
    for given in [*(each.files for each in IMPORTER.examples), *samples]:
        first = [
            each for each in IMPORTER.read(open_files(given)) if isinstance(each, ServerRecord)
        ]
        written = export(EXPORTER, *map(imported, first))
        assert IMPORTER.recognise(open_files([("form.csv", written[0].content)])) == CERTAIN
        again = {each.key: each for each in records(IMPORTER, written)}
        assert again.keys() == {each.key for each in first}
        for before in first:
            told, after = dict(facts(before)), dict(facts(again[before.key]))
            for each in (told, after):  # what the factory says of its own work, and secrets
                each["ownership.tags"] = {
                    tag
                    for tag in each.get("ownership.tags", ())  # type: ignore[attr-defined]  # tags
                    if tag.value != "***" and not tag.name.startswith("cmf:")
                }
                each["ownership.target_settings"] = set(each.get("ownership.target_settings", ()))  # type: ignore[call-overload]  # tags
            assert after == told


def test_what_was_planned_in_the_factory_can_be_written_for_mgn() -> None:
    """Account, subnet and instance type stand in MGN's columns."""
    example = IMPORTER.examples[0]
    first = next(
        each for each in IMPORTER.read(open_files(example.files)) if isinstance(each, ServerRecord)
    )
    (row,) = rows(export(MGN, imported(first))[0])
    assert row["mgn:account-id"] == "111122223333"
    assert row["mgn:launch:instance-type"] == "m5.large"
    assert row["mgn:launch:nic:0:subnet-id"] == "subnet-11112222"
    assert row["mgn:launch:placement:tenancy"] == "default"
    assert not any("cmf" in column for column in row)
