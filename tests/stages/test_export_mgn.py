"""MGN's inventory is written as the service takes it, for the servers that it can move."""

from __future__ import annotations

from inventory.exporters.mgn import EXPORTER
from inventory.importers.mgn import IMPORTER
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_FAMILY
from inventory.model.imported import ServerRecord
from inventory.model.importer import CERTAIN
from inventory.model.parts import Interface
from inventory.model.placement import (
    EXTERNAL_IDS,
    NAMED_APPLICATIONS,
    NAMED_WAVE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.reading.opening import open_files
from tests.stages.aws_exports import export, facts, imported, lacking, records, rows, server
from tests.stages.test_import_mgn import SOMEBODYS

LINUX = OS_FAMILY.known("linux")
NAMED = FQDN.known("web-1.example.org")
REACH = "mgn:server:fqdn-for-action-framework"


def test_what_is_known_stands_in_its_column() -> None:
    """A column for each tag and each setting that any server has."""
    written = export(
        EXPORTER,
        server(
            "web-1",
            LINUX,
            NAMED,
            NAMED_WAVE.known("Wave 1"),
            NAMED_APPLICATIONS.known(("Intranet",)),
            TAGS.known((Tag(name="Owner", value="Web team"),)),
            TARGET_SETTINGS.known(
                (
                    Tag(name="account-id", value="111122223333"),
                    Tag(name="launch:instance-type", value="m5.large"),
                    Tag(name="cmf:subnet_IDs_test", value="subnet-2222"),
                )
            ),
        ),
        server("web-2", OS_FAMILY.known("windows"), FQDN.known("web-2.example.org")),
    )
    assert rows(written[0]) == [
        {
            "mgn:account-id": "111122223333",
            "mgn:region": "",
            "mgn:wave:name": "Wave 1",
            "mgn:app:name": "Intranet",
            "mgn:server:user-provided-id": "id-of-web-1",
            "mgn:server:platform": "Linux",
            REACH: "web-1.example.org",
            "mgn:launch:instance-type": "m5.large",
            "mgn:server:tag:Owner": "Web team",
        },
        {
            "mgn:account-id": "",
            "mgn:region": "",
            "mgn:wave:name": "",
            "mgn:app:name": "",
            "mgn:server:user-provided-id": "id-of-web-2",
            "mgn:server:platform": "Windows",
            REACH: "web-2.example.org",
            "mgn:launch:instance-type": "",
            "mgn:server:tag:Owner": "",
        },
    ]
    assert lacking(written) == []


def test_a_number_that_was_given_once_is_never_changed() -> None:
    """The service would take another for another server."""
    numbered = server(
        "a", LINUX, NAMED, EXTERNAL_IDS.known((Tag(name="MGN user-provided-id", value="pay-1"),))
    )
    from_service = server("b", LINUX, EXTERNAL_IDS.known((Tag(name="MGN", value="s-3f1b"),)))
    told = rows(export(EXPORTER, numbered, from_service)[0])
    assert [(row["mgn:server:user-provided-id"], row["mgn:server:id"]) for row in told] == [
        ("pay-1", ""),
        ("", "s-3f1b"),
    ]


def test_a_server_that_cannot_be_reached_or_moved_is_left_out_and_told() -> None:
    """One such row would fail the import of all."""
    written = export(
        EXPORTER,
        server("short", LINUX, HOSTNAME.known("short")),
        server("six", LINUX, INTERFACES.known((Interface(name="a", addresses=("2001:db8::1",)),))),
        server("power", OS_FAMILY.known("aix"), FQDN.known("power.example.org")),
        server("unknown", FQDN.known("unknown.example.org")),
        server(
            "four", LINUX, INTERFACES.known((Interface(name="a", addresses=("192.0.2.7/24",)),))
        ),
    )
    assert [(row[REACH], row["mgn:server:platform"]) for row in rows(written[0])] == [
        ("unknown.example.org", ""),
        ("192.0.2.7", "Linux"),
    ]
    why = f"{REACH} is mandatory, and neither its full name nor an IPv4 address known: left out"
    assert lacking(written) == [
        ("short", why),
        ("six", why),
        ("power", "the service moves Linux and Windows alone, not aix: left out"),
        ("unknown", "mgn:server:platform is not known: left empty"),
    ]


def test_what_the_service_would_refuse_is_left_out_and_told() -> None:
    """Long values, a second application, more tags than 50, and what a spreadsheet would run."""
    tags = [Tag(name=f"t{number}", value="x") for number in range(51)]
    written = export(
        EXPORTER,
        server(
            "a",
            LINUX,
            NAMED,
            NAMED_WAVE.known("W" * 257),
            NAMED_APPLICATIONS.known(("Payroll", "Intranet")),
            TAGS.known(tuple(tags)),
        ),
        server("b", LINUX, NAMED, TAGS.known((Tag(name="Owner", value="=1+1"),))),
    )
    first, second = rows(written[0])
    assert sum(column.startswith("mgn:server:tag:") for column in first) == 50
    assert first["mgn:wave:name"] == ""
    assert set(second.values()) == {"", "id-of-b", "Linux", "web-1.example.org"}
    assert lacking(written) == [
        ("a", "mgn:wave:name has more than 256 characters: left out"),
        ("a", "mgn:app:name takes one application: 'Payroll' is written"),
        ("a", "tags: a server has 50 at most; 1 are left out"),
        ("b", "mgn:server:tag:Owner begins with '=', which a spreadsheet would run: left out"),
    ]


def test_tags_that_are_not_for_others_are_not_written() -> None:
    """The service's own, those of which a secret was left out, and those that say nothing."""
    tags = (
        Tag(name="aws:createdBy", value="x"),
        Tag(name="AWSApplicationMigrationServiceManaged", value="x"),
        Tag(name="mgn:server:lifecycle-state", value="READY_FOR_TEST"),
        Tag(name="password", value="***"),
        Tag(name="empty"),
    )
    (row,) = rows(export(EXPORTER, server("a", LINUX, NAMED, TAGS.known(tags)))[0])
    assert [column for column in row if ":tag:" in column] == []


def test_a_round_trip_changes_nothing() -> None:
    """What is imported, exported and imported again says the same of each server."""
    for given in [*(each.files for each in IMPORTER.examples), (("a.csv", SOMEBODYS.encode()),)]:
        first = [
            each for each in IMPORTER.read(open_files(given)) if isinstance(each, ServerRecord)
        ]
        written = export(EXPORTER, *map(imported, first))
        assert IMPORTER.recognise(open_files([("mgn.csv", written[0].content)])) == CERTAIN
        told = {each.key: each for each in records(IMPORTER, written)}
        left_out = {name for name, what in lacking(written) if what.endswith("left out")}
        for before in first:
            if before.name in left_out:
                continue
            after = told[before.key]
            assert after.source == before.source
            assert _without_states(facts(after)) == _without_states(facts(before))


def _without_states(told: object) -> object:
    """Return facts without what the service says of its own work, and in one order."""
    assert isinstance(told, dict)
    return {
        key: {each for each in value if not str(getattr(each, "name", "")).startswith("mgn:")}
        if isinstance(value, tuple)
        else value
        for key, value in told.items()
        if key != "ownership.tags"
    } | {"tags": {each for each in told.get("ownership.tags", ()) if ":" not in each.name}}
