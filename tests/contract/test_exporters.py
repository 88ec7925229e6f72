"""What holds for every exporter, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model.exporter import Exportable, Exporter
from inventory.model.fact import Facts
from inventory.model.facts import (
    CPU_THREADS,
    DISKS,
    FQDN,
    INTERFACES,
    MEMORY_TOTAL,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
)
from inventory.model.parts import Disk, Interface, Package
from inventory.model.placement import ENVIRONMENT, OWNER, TAGS, Tag
from inventory.model.server import Server
from inventory.registry import Registry

PLUGINS = Registry(package="inventory.exporters", attribute="EXPORTER", kind=Exporter).all()
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)

exporters = pytest.mark.parametrize("name", PLUGINS)
_TEXTS = st.sampled_from(
    (
        *("web-1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "a;b,c", 'say "x"'),
        *("two\nlines", "ümläut", "日本", "", " ", "../../etc/passwd", "{{ x }}", "!vault"),
        *("yes", "null", "1e3", "#"),
    )
)


def _server(number: int, text: str, *, bare: bool) -> Server:
    told = () if bare else (
        FQDN.known(f"{text}.example.org"),
        OS_NAME.known(text or "Debian GNU/Linux 12"),
        OS_ID.known("debian"),
        OS_VERSION.known("12"),
        CPU_THREADS.known(4),
        MEMORY_TOTAL.known(8 << 30),
        DISKS.known((Disk(name="sda", size_bytes=60 << 30),)),
        INTERFACES.known(
            (Interface(name="eth0", mac="00:50:56:aa:bb:01", addresses=("192.0.2.4/24",)),)
        ),
        PACKAGES.known((Package(name=text or "p", version=text or "1", manager="dpkg"),)),
        TAGS.known((Tag(name=text or "t", value=text),)),
        OWNER.known(text),
        ENVIRONMENT.known(text),
    )  # fmt: skip
    return Server(
        id=f"{number:032x}",
        name=text or f"server-{number}",
        target=f"ssh://root@192.0.2.{number}",
        facts=Facts.from_observations(told),
        first_seen=AT,
        last_asked=AT,
        last_answered=AT,
    )


def _exportable(servers: Sequence[Server]) -> Exportable:
    return Exportable(
        servers=servers, applications={each.id: ("nginx",) for each in servers}, at=AT
    )


@exporters
def test_every_exporter_says_what_it_is(name: str) -> None:
    """It has a title, and the address of the format's description."""
    assert PLUGINS[name].value.title
    assert "://" in PLUGINS[name].value.source


@exporters
@settings(max_examples=25, deadline=None)
@given(texts=st.lists(_TEXTS, max_size=4), bare=st.booleans())
def test_any_server_can_be_written(name: str, texts: list[str], bare: bool) -> None:  # noqa: FBT001
    """Whatever is not known, and whatever names hold: the same servers give the same bytes."""
    servers = [_server(number, text, bare=bare) for number, text in enumerate(texts)]
    write = PLUGINS[name].value.write
    once = list(write(_exportable(servers)))
    assert once == list(write(_exportable(servers)))
    for each in once:
        assert each.name == PurePosixPath(each.name).name
        each.content.decode("utf-8")
        assert all(one.what for one in each.lacking)
    names = [each.name for each in once]
    assert len(names) == len(set(names))


@exporters
def test_what_nobody_knows_is_not_made_up(name: str) -> None:
    """Of a server of which only the name is known, no processor and no memory is told."""
    written = list(PLUGINS[name].value.write(_exportable([_server(1, "web-1", bare=True)])))
    for each in written:
        cells = [cell for line in each.content.decode().splitlines() for cell in line.split(",")]
        assert "0" not in cells, each.name
        assert "-1" not in cells, each.name
