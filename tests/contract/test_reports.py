"""Every report keeps these promises, whichever it is and in every format that it has."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from report_samples import HOSTILE, NOW, material

from inventory.registry import Registry
from migrate.model.report import Material, Report

PLUGINS = Registry(package="migrate.reports", attribute="REPORT", kind=Report).all()
CASES = [
    pytest.param(name, form, id=f"{name}-{form}")
    for name, plugin in PLUGINS.items()
    for form in plugin.value.formats
]
NAMES = {
    form: [name for name, plugin in PLUGINS.items() if form in plugin.value.formats]
    for form in ("html", "json", "csv")
}
EMPTY = Material(
    estate="Nothing yet",
    at=NOW,
    servers=(),
    verdicts=(),
    applications={},
    dependencies=(),
    plan=None,
)
ASKING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}


class Page(HTMLParser):
    """What an HTML page holds: its tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def render(name: str, form: str, of: Material) -> str:
    """Write a report."""
    return PLUGINS[name].value.formats[form](of)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_report_is_the_same_for_the_same_material(name: str, form: str) -> None:
    """Two renderings do not differ, nor does the order in which the store gave things matter."""
    ordered = material()
    shuffled = replace(
        ordered,
        servers=ordered.servers[::-1],
        verdicts=ordered.verdicts[::-1],
        dependencies=ordered.dependencies[::-1],
    )
    assert render(name, form, ordered) == render(name, form, shuffled)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_report_can_be_written_of_an_empty_estate(name: str, form: str) -> None:
    """The first report that anyone writes is of an estate in which nothing was found yet."""
    assert render(name, form, EMPTY).strip()


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_report_can_be_written_before_anything_was_judged(name: str, form: str) -> None:
    """Servers that have no verdict are told, and nothing is said to be ready."""
    text = render(name, form, replace(material(), verdicts=(), plan=None))
    assert "old-nas" in text
    assert '"ready": 1' not in text


@pytest.mark.parametrize("name", NAMES["html"])
def test_an_html_report_asks_nothing_of_any_network(name: str) -> None:
    """It holds no element that loads anything, and forbids whatever would."""
    page = Page(render(name, "html", material()))
    loading = [
        (tag, attributes)
        for tag, attributes in page.tags
        if ASKING & attributes.keys() or tag in {"iframe", "object", "embed", "img", "base"}
    ]
    assert not loading
    assert [link["href"] for link in page.of("link")] == ["data:,"]
    policy = next(
        each["content"]
        for each in page.of("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", NAMES["html"])
def test_an_html_report_escapes_what_servers_say(name: str) -> None:
    """A server's name cannot become part of the page."""
    text = render(name, "html", material(name=HOSTILE))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("name", NAMES["html"])
def test_an_html_report_can_be_read_with_a_screen_reader(name: str) -> None:
    """It has a language, landmarks, one first heading, named tables and headings in order."""
    text = render(name, "html", material())
    page = Page(text)
    assert page.of("html")[0]["lang"] == "en-GB"
    assert [len(page.of(tag)) for tag in ("main", "header", "nav", "h1", "title")] == [1] * 5
    assert len(page.of("caption")) == len(page.of("table")) > 0
    assert all(head.get("scope") for head in page.of("th"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", NAMES["html"])
def test_every_link_within_an_html_report_leads_somewhere(name: str) -> None:
    """Each fragment that is linked, named or used is an element of the page, and there once."""
    page = Page(render(name, "html", material()))
    identifiers = [each["id"] for _, each in page.tags if "id" in each]
    assert len(identifiers) == len(set(identifiers))
    wanted = {
        href[1:] for _, each in page.tags if (href := each.get("href") or "").startswith("#")
    } | {
        each[attribute]
        for _, each in page.tags
        for attribute in ("aria-labelledby", "for")
        if attribute in each
    }
    assert wanted <= set(identifiers)


@pytest.mark.parametrize("name", NAMES["json"])
def test_a_json_report_has_the_shape_that_is_published(name: str) -> None:
    """Its schema lies beside it, is a schema, and holds for a full and for an empty estate."""
    path = PLUGINS[name].path.with_suffix(".schema.json")
    schema: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for each in (material(), EMPTY, replace(material(), verdicts=())):
        Draft202012Validator(schema).validate(json.loads(render(name, "json", each)))


@pytest.mark.parametrize("name", NAMES["csv"])
def test_a_csv_report_holds_no_formula(name: str) -> None:
    """No cell begins with what a spreadsheet takes for a formula."""
    rows = list(csv.reader(io.StringIO(render(name, "csv", material()))))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell == f"'{HOSTILE}" for row in rows for cell in row)
