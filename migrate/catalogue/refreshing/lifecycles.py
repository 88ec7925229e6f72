"""``eol.json`` out of endoflife.date: every product with its release lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present
from migrate.catalogue.refreshing.texts import as_json

_NAMES = {
    "label": "label",
    "codename": "codename",
    "releaseDate": "release",
}
_ENDS = {"eoas": "Eoas", "eol": "Eol", "eoes": "Eoes"}


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked; the region does not matter."""
    del region
    return (Question(source=Source.LIFECYCLE, about="lifecycle"),)


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew, all of it."""
    meta = dict(present.json()["_meta"]) | {
        "source": "https://endoflife.date/api/v1/products/full",
        "date": str(fetched[0].asked),
    }
    meta.pop("commit", None)
    products = {
        each["name"]: _product(each)
        for answer in fetched
        for page in answer.pages
        for each in page["result"]
    }
    content = {"_meta": meta, "products": dict(sorted(products.items()))}
    return Made(text=as_json(content), parts={})


def _product(given: Mapping[str, Any]) -> dict[str, Any]:
    labels, links = given.get("labels") or {}, given.get("links") or {}
    said = {
        "label": given["label"],
        "category": given["category"],
        "tags": given.get("tags"),
        "aliases": given.get("aliases"),
        "eoas_name": labels.get("eoas"),
        "eoes_name": labels.get("eoes"),
        "cpe": [each["id"] for each in given.get("identifiers", ()) if each["type"] == "cpe"],
        "policy": links.get("releasePolicy"),
    }
    return {**_known(said), "cycles": [_cycle(each) for each in given["releases"]]}


def _cycle(given: Mapping[str, Any]) -> dict[str, Any]:
    latest = given.get("latest") or {}
    said = {name: given.get(theirs) for theirs, name in _NAMES.items()}
    said |= {"latest": latest.get("name"), "latest_date": latest.get("date")}
    ends = {name: _end(given, theirs) for name, theirs in _ENDS.items()}
    lts = {"lts": True} if given.get("isLts") else {}
    return {"cycle": given["name"], **_known(said), **_known(ends), **lts}


def _end(given: Mapping[str, Any], phase: str) -> str | bool | None:
    """Return when a phase ends: a date, whether it is over, or None where there is no such phase.

    A release that is not eligible for extended support has ``null`` for it.
    """
    name = f"{phase.lower()}From"
    if given.get(name):
        return str(given[name])
    over = given.get(f"is{phase}")
    return None if over is None else bool(over)


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, [], "")}
