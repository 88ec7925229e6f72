"""MGN's inventory is read row by row, and a server told by several rows is one."""

from __future__ import annotations

import csv
import io

import pytest

from inventory.errors import BadInputError
from inventory.importers.mgn import IMPORTER
from inventory.intake.take import take
from inventory.model.facts import CPU_CORES, FQDN, HOSTNAME, INTERFACES, OS_FAMILY
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO
from inventory.model.parts import Interface
from inventory.model.placement import (
    CONFIGURED_MEMORY,
    EXTERNAL_IDS,
    NAMED_APPLICATIONS,
    NAMED_WAVE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.model.utilisation import UTILISATION_TOLD, Level
from inventory.reading.opening import open_files
from tests.stages.aws_exports import NOW, known

REACH = "mgn:server:fqdn-for-action-framework"
SOMEBODYS = """mgn:region,mgn:server:user-provided-id,mgn:server:fqdn-for-action-framework,\
mgn:server:platform,mgn:server:tag:Portfolio,mgn:server:tag:CutoverId,mgn:app:name,\
mgn:app:description,mgn:wave:name,mgn:wave:description,mgn:launch:instance-type,\
mgn:launch:transfer-server-tags
eu-west-2,PAY-WEB-01,pay-web-01.example.org,Linux,move,CO-02,Payroll,Salaries,wave-02,Second,\
m6i.large,true
eu-west-2,PAY-APP-01,pay-app-01.example.org,Windows,move,CO-02,Payroll,Salaries,wave-02,Second,\
m6i.xlarge,true
eu-west-2,PAY-BATCH-01,pay-batch-01.example.org,Linux,move,CO-02,Payroll,Salaries,wave-02,Second,\
m6i.large,true
"""
EMPTY = (
    "mgn:account-id,mgn:region,mgn:wave:name,mgn:wave:tag:Wave,mgn:wave:description,mgn:app:name,"
    "mgn:app:tag:App,mgn:app:description,mgn:server:user-provided-id,mgn:server:platform,"
    "mgn:server:tag:Name,mgn:server:fqdn-for-action-framework,"
    "mgn:launch:nic:0:network-interface-id,mgn:launch:nic:0:subnet-id,"
    "mgn:launch:nic:0:security-group-id:0,mgn:launch:nic:0:private-ip:0,mgn:launch:instance-type,"
    "mgn:launch:placement:tenancy,mgn:launch:iam-instance-profile:name,"
    "mgn:launch:placement:host-id,mgn:launch:volume:label:type\n"
)


def items(content: str) -> list[Item]:
    """Read an inventory."""
    return list(IMPORTER.read(open_files([("mgn.csv", content.encode())])))


def servers(content: str) -> list[ServerRecord]:
    """Read the servers of an inventory."""
    return [each for each in items(content) if isinstance(each, ServerRecord)]


def test_an_inventory_that_somebody_filled_in_yields_what_an_independent_reader_counts() -> None:
    """Three servers, one application, one wave.

    It has the columns and the shape of data/mgn-import-wave-02.csv in
    https://github.com/McAv4l0s/aws-retail-migration-7rs (commit 21ea01cfc1a6; no licence, so that
    the values are made here), which has 3 servers, 1 application and 1 wave too.
    """
    told = list(csv.DictReader(io.StringIO(SOMEBODYS)))
    found = servers(SOMEBODYS)
    assert len(found) == len(told) == 3
    for row, record in zip(told, found, strict=True):
        assert known(record, FQDN) == [row["mgn:server:fqdn-for-action-framework"]]
        assert known(record, OS_FAMILY) == [row["mgn:server:platform"].lower()]
        assert known(record, NAMED_WAVE) == [row["mgn:wave:name"]]
        assert known(record, NAMED_APPLICATIONS) == [(row["mgn:app:name"],)]
        assert known(record, TAGS) == [
            (Tag(name="Portfolio", value="move"), Tag(name="CutoverId", value="CO-02"))
        ]
        (settings,) = known(record, TARGET_SETTINGS)
        assert Tag(name="launch:instance-type", value=row["mgn:launch:instance-type"]) in settings
        assert record.key == f"user-provided-id={row['mgn:server:user-provided-id']}"
        assert record.source == "mgn:eu-west-2"


def test_an_inventory_without_rows_is_known_and_is_an_error() -> None:
    """A template that nobody filled in.

    It is aws-application-migration-service-import.csv of massdriver-cloud/aws-mgn-scripts, commit
    dc6db9d5cbbf: a header, and no rows.
    """
    export = open_files([("aws-application-migration-service-import.csv", EMPTY.encode())])
    assert IMPORTER.recognise(export) == CERTAIN
    with pytest.raises(BadInputError, match="nothing in it was understood"):
        take(
            IMPORTER.read(export),
            at=NOW,
            run="run",
            keep_server=lambda _: None,
            keep_connection=lambda _: None,
        )


def test_several_rows_of_one_server_are_one_server() -> None:
    """They need not say the same; what one leaves empty another tells."""
    (record,) = servers(
        "mgn:server:id,mgn:server:user-provided-id,mgn:server:platform,mgn:server:tag:a,"
        "mgn:server:tag:b,mgn:app:name\n"
        "s-1,web-1,Linux,,,\n"
        ",web-1,,1,,Intranet\n"
        "s-1,,Linux,1,2,\n"
    )
    assert record.key == "user-provided-id=web-1"
    assert known(record, OS_FAMILY) == ["linux"]
    assert known(record, NAMED_APPLICATIONS) == [("Intranet",)]
    assert known(record, TAGS) == [(Tag(name="a", value="1"), Tag(name="b", value="2"))]
    assert known(record, EXTERNAL_IDS) == [
        (
            Tag(name="MGN user-provided-id", value="web-1"),
            Tag(name="MGN", value="s-1"),
        )
    ]


def test_rows_that_contradict_each_other_are_both_stated() -> None:
    """MGN would refuse them; here the conflict is shown."""
    (record,) = servers(
        "mgn:server:user-provided-id,mgn:wave:name,mgn:server:platform\n"
        "web-1,Wave 1,Linux\n"
        "web-1,Wave 2,Windows\n"
    )
    assert known(record, NAMED_WAVE) == ["Wave 1", "Wave 2"]
    assert known(record, OS_FAMILY) == ["linux", "windows"]


def test_an_applications_wave_is_its_servers() -> None:
    """A row of an application alone puts it into a wave, wherever the row stands."""
    told = items(
        "mgn:server:user-provided-id,mgn:app:name,mgn:wave:name\n"
        "web-1,Intranet,\n"
        ",Intranet,Wave 1\n"
        "web-2,Intranet,Wave 3\n"
        ",,Wave 9\n"
    )
    first, second = (each for each in told if isinstance(each, ServerRecord))
    assert known(first, NAMED_WAVE) == ["Wave 1", "Wave 3"]
    assert known(second, NAMED_WAVE) == ["Wave 3"]
    assert [(each.what, each.name) for each in told if isinstance(each, LeftOut)] == [
        ("application", "Intranet"),
        ("wave", "Wave 9"),
    ]


def test_one_number_in_two_accounts_is_two_servers() -> None:
    """People number their servers from 1 in each."""
    first, second = servers(
        "mgn:account-id,mgn:region,mgn:server:user-provided-id\n"
        "111122223333,eu-west-2,web-1\n"
        "444455556666,eu-west-2,web-1\n"
    )
    assert first.source == "mgn:111122223333:eu-west-2"
    assert second.source == "mgn:444455556666:eu-west-2"


def test_addresses_of_the_target_are_not_the_servers() -> None:
    """What is launched has another address than what is moved."""
    (record,) = servers(
        "mgn:server:user-provided-id,mgn:server:fqdn-for-action-framework,"
        "mgn:launch:nic:0:private-ip:0\n"
        "web-1,192.0.2.7,10.1.0.7\n"
    )
    assert known(record, INTERFACES) == [(Interface(name="interface 1", addresses=("192.0.2.7",)),)]
    assert known(record, HOSTNAME) == []
    assert record.name == "web-1"
    assert known(record, TARGET_SETTINGS) == [
        (Tag(name="launch:nic:0:private-ip:0", value="10.1.0.7"),)
    ]


def test_what_tells_the_service_to_forget_is_no_value() -> None:
    """Neither of a tag nor of a setting."""
    (record,) = servers(
        "mgn:server:user-provided-id,mgn:server:tag:Owner,mgn:launch:instance-type\n"
        "web-1,[DELETE_TAG],[RESET_VALUE]\n"
    )
    assert known(record, TAGS) == known(record, TARGET_SETTINGS) == []


def test_the_case_of_a_tags_name_is_kept() -> None:
    """Amazon tells Owner from owner."""
    (record,) = servers(
        "MGN:Server:User-Provided-Id,mgn:server:tag:Owner,mgn:server:tag:owner\nweb-1,a,b\n"
    )
    assert known(record, TAGS) == [(Tag(name="Owner", value="a"), Tag(name="owner", value="b"))]


def test_measures_of_a_wave_plan_are_read() -> None:
    """AWS Transform's list has columns beside those of MGN, whose names begin with metadata:."""
    (record,) = servers(
        "mgn:server:user-provided-id,metadata:total_cpu_cores,"
        "metadata:total_system_memory_mebibytes,metadata:average_cpu_utilization_percentage,"
        "metadata:peak_cpu_utilization_percentage,metadata:peak_memory_utilization_percentage\n"
        "web-1,2,1900.5,3.5,100,\n"
    )
    assert known(record, CPU_CORES) == [2]
    assert known(record, CONFIGURED_MEMORY) == [round(1900.5 * (1 << 20))]
    ((load,),) = known(record, UTILISATION_TOLD)
    assert load.cpu_percent == Level(mean=3.5, maximum=100)
    assert load.memory_percent is None


def test_what_cannot_be_understood_is_told_with_its_place() -> None:
    """The server is there without it."""
    told = items(
        "mgn:server:user-provided-id,mgn:server:platform,mgn:server:fqdn-for-action-framework\n"
        "web-1,AIX,not a name\n"
        ",Linux,\n"
    )
    assert [(each.why, each.where.row) for each in told if isinstance(each, Unread)] == [
        (f"{REACH}: 'not a name' is neither a host name nor an address", 2),
        ("mgn:server:platform: 'AIX' is neither Linux nor Windows", 2),
        ("it names no server, application or wave", 3),
    ]


def test_other_tables_are_none_of_its() -> None:
    """Without a column of MGN there is nothing to read."""
    export = open_files([("list.csv", b"name,platform\nweb-1,Linux\n")])
    assert IMPORTER.recognise(export) == NO
    with pytest.raises(BadInputError, match="columns of MGN"):
        list(IMPORTER.read(export))
