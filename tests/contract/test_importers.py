"""What holds for every importer, whoever wrote it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiled import lacking, spoiled, titles_in, values_in

from inventory.errors import BadInputError
from inventory.intake.recognise import recognise
from inventory.model.codec import from_json, to_json
from inventory.model.fact import Known
from inventory.model.imported import ConnectionRecord, Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.reading.export import Kind
from inventory.reading.opening import open_export, open_files
from inventory.registry import Registry

PLUGINS = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer).all()
IMPORTERS = {name: plugin.value for name, plugin in PLUGINS.items()}
EXAMPLES = [(name, each) for name, one in IMPORTERS.items() for each in one.examples]

importers = pytest.mark.parametrize("name", IMPORTERS)
examples = pytest.mark.parametrize(
    ("name", "example"),
    EXAMPLES,
    ids=[f"{name}: {each.tool}: {each.files[0][0]}" for name, each in EXAMPLES],
)
HIGHEST_PORT = 65535


def items(name: str, example: ImportExample) -> list[Item]:
    """Read an example."""
    return list(IMPORTERS[name].read(open_files(example.files)))


@importers
def test_every_importer_proves_itself(name: str) -> None:
    """There is no format without an example, a title, and the address of its description."""
    one = IMPORTERS[name]
    assert one.examples
    assert one.title
    assert one.files
    assert one.source


@examples
def test_an_example_yields_what_it_says(name: str, example: ImportExample) -> None:
    """Servers by name; connections, what is left out and what is unread by number."""
    told = items(name, example)
    servers = sorted(each.name for each in told if isinstance(each, ServerRecord))
    assert servers == sorted(example.servers)
    counts = Counter(type(each) for each in told)
    assert counts[ConnectionRecord] == example.connections
    assert counts[LeftOut] == example.left_out
    assert counts[Unread] == example.unread, [each for each in told if isinstance(each, Unread)]


@examples
def test_an_example_is_recognised_as_its_own_format(name: str, example: ImportExample) -> None:
    """No other importer claims it as surely, so that nobody needs to name the format."""
    assert recognise(open_files(example.files), PLUGINS).value is IMPORTERS[name]


@examples
def test_an_example_on_the_disk_is_the_same(
    name: str, example: ImportExample, tmp_path: Path
) -> None:
    """A folder of files yields what its files yield."""
    for file, content in example.files:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    by_path = {name for name, _ in example.files}
    export = open_export([tmp_path])
    if all("." not in Path(file).parts[0][:1] for file in by_path):
        told = list(IMPORTERS[name].read(export))
        assert Counter(map(_outline, told)) == Counter(map(_outline, items(name, example)))


def _outline(item: Item) -> tuple[str, str]:
    """Return what of an item does not hang on where the file lies."""
    match item:
        case ServerRecord():
            return item.key, item.name
        case ConnectionRecord():
            return str(item.client_key or item.client_address), str(item.port)
        case LeftOut():
            return item.what, item.name
        case Unread():
            return "unread", item.why


@examples
def test_reading_twice_says_the_same(name: str, example: ImportExample) -> None:
    """An importer keeps nothing from one export to the next, and nothing hangs on the clock."""
    assert items(name, example) == items(name, example)


@examples
def test_known_values_have_the_type_that_their_key_declares(
    name: str, example: ImportExample
) -> None:
    """A key's type can be relied on, and the store can read back what it wrote."""
    for record in items(name, example):
        if not isinstance(record, ServerRecord):
            continue
        for each in record.stated:
            if isinstance(each.observation.fact, Known):
                key, value = each.observation.key, each.observation.fact.value
                assert isinstance(value, get_origin(key.kind) or key.kind), each
                assert from_json(to_json(value, key.kind), key.kind) == value, each


@examples
def test_every_statement_tells_where_it_stands(name: str, example: ImportExample) -> None:
    """Each record names its source, key, name and place; each fact its column; no origin yet."""
    files = {file for file, _ in example.files}
    for item in items(name, example):
        assert any(item.where.file == each or item.where.file.startswith(each) for each in files)
        if isinstance(item, ServerRecord):
            assert item.source
            assert item.key
            assert item.name.strip() == item.name != ""
            assert item.at is None or item.at.tzinfo is UTC
            for each in item.stated:
                assert each.column
                assert each.observation.origin is None


@examples
def test_connections_join_servers_of_the_export_or_addresses(
    name: str, example: ImportExample
) -> None:
    """Each end is a server that the export tells of, or an address; the port can be one."""
    told = items(name, example)
    keys = {each.key for each in told if isinstance(each, ServerRecord)}
    for each in told:
        if isinstance(each, ConnectionRecord):
            assert 0 < each.port <= HIGHEST_PORT
            assert {each.client_key, each.server_key} - {None} <= keys
            assert each.client_key or each.client_address
            assert each.server_key or each.server_address


@examples
def test_a_cut_file_is_an_error_or_is_read_as_far_as_it_goes(
    name: str, example: ImportExample
) -> None:
    """An export that broke off anywhere raises nothing but the error that people are told."""
    for place, (file, content) in enumerate(example.files):
        for end in range(0, len(content), max(1, len(content) // 25)):
            cut = [*example.files]
            cut[place] = (file, content[:end])
            _endure(name, cut)


@importers
def test_what_it_does_not_know_it_does_not_recognise(name: str) -> None:
    """Empty files, pictures and prose are of no format."""
    for content in (
        b"",
        b"\0" * 100,
        b"\x89PNG\r\n\x1a\n\0\0",
        b"Dear all,\n\nno servers.\n",
        b"{}",
    ):
        assert IMPORTERS[name].recognise(open_files([("unknown", content)])) == NO


@importers
def test_how_sure_it_is_lies_between_the_limits(name: str) -> None:
    """Recognising never raises, whatever export it is shown."""
    for other, example in EXAMPLES:
        score = IMPORTERS[name].recognise(open_files(example.files))
        assert NO <= score <= CERTAIN, other


@importers
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_shuffled_lines_are_read_without_failing(name: str, data: st.DataObject) -> None:
    """Whatever stands in a file raises nothing but the error that people are told."""
    example = data.draw(st.sampled_from(IMPORTERS[name].examples))
    changed = []
    for file, content in example.files:
        lines = content.split(b"\n")
        picked = data.draw(st.lists(st.one_of(st.sampled_from(lines), st.binary(max_size=30))))
        changed.append((file, b"\n".join(picked)))
    _endure(name, changed)


JUNK: tuple[object, ...] = (
    *(
        "#REF!",
        "junk \x01\ud83d",
        "",
        " ",
        "-1",
        "-",
        "9" * 30,
        "-5",
        "1,2,3",
        "[",
        "%",
        "/24",
        ":",
    ),
    *(None, -1, -5, 10**30, 1e300, True, [], {}, [[]], [None], {"a": None}, [{}], "x" * 100_000),
)
"""What no tool means to write, and some do. Tables hold no lists, and cells of text hold text."""


@examples
def test_a_value_that_is_junk_costs_only_what_hangs_on_it(
    name: str, example: ImportExample
) -> None:
    """Whatever stands in one place of a table, a document or a tree, the rest is imported.

    At most one server less comes of a spoiled cell; nothing but the error that people are told is
    raised, and that only where there is one server or a whole branch is gone.
    """
    export = open_files(example.files)
    rng = random.Random(name + example.tool)
    for number, file in enumerate(export.files):
        count = values_in(file)
        in_table = file.kind in {Kind.DELIMITED, Kind.WORKBOOK}
        junk = [each for each in JUNK if not in_table or not isinstance(each, (list, dict))]
        for place in sorted(rng.sample(range(count), min(count, 60))):
            for what in rng.sample(junk, 3):
                changed = spoiled(export, file=number, place=place, spoil=lambda _, w=what: w)
                told = f"{file.name}: value {place} as {str(what)[:40]!r}"
                try:
                    servers = [
                        each
                        for each in IMPORTERS[name].read(changed)
                        if isinstance(each, ServerRecord)
                    ]
                except BadInputError:
                    assert len(example.servers) <= 1 or not in_table, told
                    continue
                except Exception as error:
                    raise AssertionError(told) from error
                if in_table:
                    assert len(servers) >= len(example.servers) - 1, told


@examples
def test_a_table_may_lack_any_of_its_columns(name: str, example: ImportExample) -> None:
    """Other versions of a tool write fewer columns: what they lack is not known, or an error."""
    export = open_files(example.files)
    for number, file in enumerate(export.files):
        for place in range(titles_in(file)):
            changed = lacking(export, file=number, place=place)
            IMPORTERS[name].recognise(changed)
            try:
                list(IMPORTERS[name].read(changed))
            except BadInputError:
                continue
            except Exception as error:
                raise AssertionError(f"{file.name}: column {place} has no title") from error


def _endure(name: str, files: list[tuple[str, bytes]]) -> None:
    try:
        export = open_files(files)
        assert NO <= IMPORTERS[name].recognise(export) <= CERTAIN
        list(IMPORTERS[name].read(export))
    except BadInputError:
        pass
