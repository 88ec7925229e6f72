"""What Amazon's discovery agents saw of servers is read, and who uses whom."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from inventory.errors import BadInputError
from inventory.importers.aws_discovery_agent import IMPORTER
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    FQDN,
    INTERFACES,
    KERNEL,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.imported import ConnectionRecord, Item, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO
from inventory.model.parts import Interface, Protocol
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY, CONFIGURED_SOCKETS
from inventory.model.utilisation import UTILISATION_TOLD, Level
from inventory.reading.opening import open_files
from tests.stages.aws_exports import known

(EXAMPLE,) = IMPORTER.examples
FILES = {name.partition("_")[2]: content.decode() for name, content in EXAMPLE.files}
OUT, IN = "sourceProcessConnection.csv", "destinationProcessConnection.csv"


def items(**changed: str) -> list[Item]:
    """Read the example, with some of its files changed or left out."""
    files = {**FILES, **{f"{name}.csv": text for name, text in changed.items()}}
    held = [(f"1_{name}", text.encode()) for name, text in files.items() if text]
    return list(IMPORTER.read(open_files(held)))


def servers(told: list[Item]) -> dict[str, ServerRecord]:
    """Return the servers by key."""
    return {each.key: each for each in told if isinstance(each, ServerRecord)}


def uses(told: list[Item]) -> list[ConnectionRecord]:
    """Return the uses of services."""
    return [each for each in told if isinstance(each, ConnectionRecord)]


def test_facts_of_a_server_come_from_all_tables() -> None:
    """Put together by the agent's identifier."""
    told = servers(items())
    web, db = told["o-web"], told["o-db"]
    assert known(web, FQDN) == ["web-1.example.org"]
    assert known(web, OS_VERSION) == ["22.04"]
    assert known(web, ARCHITECTURE) == ["x86_64"]
    assert known(web, VIRTUALISATION) == ["vmware"]
    assert known(web, INTERFACES) == [
        (
            Interface(name="eth0", mac="00:50:56:aa:bb:01", addresses=("192.0.2.10/24",)),
            Interface(name="lo"),
        )
    ]
    assert known(web, CONFIGURED_CPUS) == [4]
    assert known(web, CPU_CORES) == [2]
    assert known(web, CONFIGURED_SOCKETS) == [1]
    assert known(web, CONFIGURED_MEMORY) == [4 << 30]
    ((load,),) = known(web, UTILISATION_TOLD)
    assert load.cpu_percent == Level(mean=20, maximum=30)
    assert known(db, KERNEL) == ["10.0.14393"]
    assert known(db, UTILISATION_TOLD) == []


def test_uses_are_as_many_as_an_independent_reader_counts() -> None:
    """Both ends tell of one use; loopback and a row without a port are none."""
    rows = [
        row
        for name in (OUT, IN)
        for row in csv.DictReader(io.StringIO(FILES[name]))
        if row["destinationPort"].isdigit() and not row["sourceIp"].startswith("127.")
    ]
    wanted = {(row["sourceIp"], row["destinationIp"], row["destinationPort"]) for row in rows}
    told = items()
    assert len(uses(told)) == len(wanted) == 2
    assert sum(each.looks for each in uses(told)) == len(rows) == 4
    inside, outside = uses(told)
    assert (inside.client_key, inside.server_key, inside.port) == ("o-web", "o-db", 1433)
    assert (inside.client_process, inside.server_process) == ("nginx", "sqlservr.exe")
    assert (outside.client_key, outside.server_address) == ("o-web", "198.51.100.7")
    assert outside.server_key is None
    assert inside.first_seen == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert inside.last_seen == datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
    assert outside.protocol is Protocol.TCP
    (unread,) = (each for each in told if isinstance(each, Unread))
    assert unread.why == "destinationPort is 'none', no port"


def test_the_order_of_the_files_does_not_matter() -> None:
    """Connections may be read before it is known whose an address is."""
    export = open_files([(name, text.encode()) for name, text in reversed(FILES.items())])
    told = list(IMPORTER.read(export))
    assert {(each.client_key, each.server_key, each.looks) for each in uses(told)} == {
        ("o-web", "o-db", 3),
        ("o-web", None, 1),
    }


def test_an_address_that_several_servers_have_is_nobodys() -> None:
    """As those of bridges are; the agent's own end is known all the same."""
    header = "agentId,name,macAddress,ipAddress,netMask\n"
    told = items(
        networkInterface=f"{header}o-web,br0,,172.17.0.1,\no-db,br0,,172.17.0.1,\n",
        sourceProcessConnection=(
            "agentId,sourceIp,destinationIp,destinationPort,transportProtocol\n"
            "o-web,172.17.0.1,192.0.2.77,80,tcp\n"
            "o-web,192.0.2.10,172.17.0.1,81,UDP6\n"
        ),
        destinationProcessConnection="",
    )
    first, second = uses(told)
    assert (first.client_key, first.server_address) == ("o-web", "192.0.2.77")
    assert (second.client_key, second.server_key) == ("o-web", None)
    assert (second.server_address, second.protocol) == ("172.17.0.1", Protocol.UDP)


def test_times_are_read_with_the_month_first() -> None:
    """As the agents write them; one that cannot be read costs no connection."""
    (first, second) = uses(
        items(
            sourceProcessConnection=(
                "agentId,sourceIp,destinationIp,destinationPort,transportProtocol,"
                "agentCreationDate\n"
                "o-web,192.0.2.10,198.51.100.7,80,tcp,11/03/2026 07:00:00 PM\n"
                "o-web,192.0.2.10,198.51.100.7,81,tcp,yesterday\n"
            ),
            destinationProcessConnection="",
        )
    )
    assert first.first_seen == first.last_seen == datetime(2026, 11, 3, 19, 0, tzinfo=UTC)
    assert second.first_seen is None


def test_command_lines_are_not_read() -> None:
    """They may hold secrets."""
    told = items(
        process="agentId,agentAssignedProcessId,isSystem,name,cmdLine\no-web,p1,false,a,--pw=hunter2\n"
    )
    assert "hunter2" not in repr(told)


def test_a_server_of_which_only_samples_are_told_is_there() -> None:
    """Under its agent's identifier; an address that is none is told."""
    told = items(osInfo="", networkInterface="agentId,name,macAddress,ipAddress\no-x,eth0,,no\n")
    assert servers(told)["o-x"].name == "o-x"
    whys = [each.why for each in told if isinstance(each, Unread)]
    assert "ipAddress: 'no' is no address" in whys


def test_it_knows_its_tables_by_their_columns() -> None:
    """Whatever the files are called; of others it takes none."""
    for content in FILES.values():
        assert IMPORTER.recognise(open_files([("x.csv", content.encode())])) == CERTAIN
    other = open_files([("x.csv", b"agentId,name\na,b\n")])
    assert IMPORTER.recognise(other) == NO
    with pytest.raises(BadInputError, match="discovery agent"):
        list(IMPORTER.read(other))
