"""What is shown is readable, never steers the program that shows it, and never hides unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.cli._graph import dot, mermaid
from inventory.cli._parts import size
from inventory.cli._words import age, fact_in_words, moment, value_in_words
from inventory.model.application import Dependency
from inventory.model.fact import Known, Reason, Unknown
from inventory.model.parts import (
    BootType,
    Connection,
    Direction,
    Disk,
    Filesystem,
    Interface,
    Listener,
    Protocol,
    Service,
    ServiceState,
)
from inventory.output import guarded
from inventory.printable import printable

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (4 * 2**30, "4.0 GiB"),
        (2**60, "1024.0 PiB"),
    ],
)
def test_sizes_have_a_unit_that_fits(count: int, words: str) -> None:
    """Powers of 1024, named as such."""
    assert size(count) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_ages_are_told_as_people_do(ago: timedelta, words: str) -> None:
    """Also when the clocks of two machines differ a little."""
    assert age(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("boot.secure_boot", False, "no"),
        ("boot.type", BootType.UEFI, "uefi"),
        ("boot.at", NOW, "2026-11-23 12:00 UTC"),
        ("memory.total_bytes", 2**30, "1.0 GiB"),
        ("cpu.threads", 2**30, "1073741824"),
        ("software.python", ("3.9", "3.11"), "3.9, 3.11"),
        ("software.python", (), "none"),
        (
            "storage.disks",
            Disk(name="sda", size_bytes=2**30, encrypted=False),
            "sda, 1.0 GiB, not encrypted",
        ),
        ("own.thing", {"a": 1}, "{'a': 1}"),
    ],
)
def test_values_are_told_with_their_unit(name: str, value: object, words: str) -> None:
    """Whatever the type, one line."""
    assert value_in_words(name, value) == words


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (
            Listener(protocol=Protocol.TCP, address="::", port=22, process="sshd"),
            "22/tcp on :: by sshd",
        ),
        (
            Connection(
                protocol=Protocol.TCP,
                direction=Direction.INBOUND,
                local_address="10.0.0.1",
                local_port=80,
                remote_address="2001:db8::1",
                remote_port=50000,
                process="nginx",
            ),
            "from [2001:db8::1]:50000 to 80/tcp (nginx)",
        ),
        (
            Service(name="nginx", state=ServiceState.RUNNING, enabled=True),
            "nginx, running, starts at boot",
        ),
        (Service(name="odd", state=ServiceState.FAILED), "odd, failed"),
        (
            Filesystem(
                mount_point="/",
                device="/dev/sda1",
                type="ext4",
                size_bytes=2**30,
                used_bytes=2**29,
                free_bytes=2**28,
            ),
            "/, ext4 on /dev/sda1, 512.0 MiB of 1.0 GiB used, 256.0 MiB free",
        ),
    ],
)
def test_parts_are_told_as_an_engineer_would(part: object, words: str) -> None:
    """On one line, without the names of fields."""
    assert value_in_words("any", part) == words


def test_what_a_part_does_not_tell_is_left_out() -> None:
    """A field that was not told is neither zero nor no."""
    assert value_in_words("network.interfaces", Interface(name="eth0")) == "eth0"


def test_unknown_is_told_with_its_reason() -> None:
    """And never as an empty place."""
    unknown = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="only root")
    assert fact_in_words("identity.serial", unknown) == "unknown: needs privilege (only root)"
    assert fact_in_words("identity.serial", Known(value="A1")) == "A1"
    assert moment(None) == "never"


@given(st.text())
def test_nothing_that_is_shown_steers_a_terminal(text: str) -> None:
    """Every character that is left can be seen."""
    assert printable(text).isprintable()


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"])))
def test_readable_text_is_left_alone(text: str) -> None:
    """Names in any script stay as they are."""
    assert printable(text) == text


@given(st.text(), st.sampled_from("=+-@\t\r"))
def test_no_cell_is_a_formula(text: str, sign: str) -> None:
    """A cell that a spreadsheet would run is kept from it; only numbers may keep their sign."""
    cell = guarded(sign + text)
    assert cell.startswith("'") or float(cell) is not None


def _use(client: str, server: str, process: str | None) -> Dependency:
    return Dependency(
        client=client, server=server, protocol="tcp", port=5432, process=process, connections=3
    )


def test_a_graph_draws_each_end_once() -> None:
    """Ends outside the estate are dashed."""
    uses = [_use("a", "b", "postgres"), _use("outside:192.0.2.9", "b", None)]
    assert dot(uses, str.upper).splitlines()[2:] == [
        '  n0 [label="A"];',
        '  n1 [label="B"];',
        '  n2 [label="OUTSIDE:192.0.2.9", style=dashed];',
        '  n0 -> n1 [label="5432/tcp postgres"];',
        '  n2 -> n1 [label="5432/tcp"];',
        "}",
    ]


@pytest.mark.parametrize("name", ['x"]; evil', "x\\", "x\n}", "#quot;", "<script>"])
def test_a_name_cannot_break_out_of_a_graph(name: str) -> None:
    """Hostile names stay inside their quotes."""
    for draw in (dot, mermaid):
        lines = draw([_use("a", "b", name)], lambda _: name).splitlines()
        assert len(lines) == len(draw([_use("a", "b", "x")], lambda _: "y").splitlines())
        # Graphviz takes a backslash for an escape, Mermaid does not.
        plain = lines if draw is mermaid else [_without_escapes(line) for line in lines]
        assert all(line.count('"') in {0, 2} for line in plain)
    assert "<" not in mermaid([_use("a", "b", name)], lambda _: name)


def _without_escapes(line: str) -> str:
    return line.replace("\\\\", "").replace('\\"', "")
