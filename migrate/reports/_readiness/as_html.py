"""The readiness report as one HTML file that asks nothing of any network.

It carries its own style and script; a content security policy allows exactly these two and
forbids every request. It reads, prints and folds without the script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inventory.model import facts
from migrate.judging.collecting import collect_next, to_collect
from migrate.model.report import Material
from migrate.model.verdict import VERDICT_AXES, Axis, Cloud, Readiness, Severity
from migrate.reports._readiness import bars, sections, told, words
from migrate.reports._readiness.fates import by_server, fates, ways
from migrate.reports._readiness.figures import (
    are_mixed,
    assumptions,
    catalogue_dates,
    cloud_figures,
    like_for_like,
    rules_versions,
)
from migrate.reports._readiness.grounds import ground, grounds
from migrate.reports._readiness.obstacles import gaps, obstacles
from migrate.reports._readiness.subjects import clouds, done, every_verdict, subjects

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(str(files("migrate.reports._readiness"))) / "templates"
_ADDRESS: Final = re.compile(r"https?://\S+\Z")


def as_html(material: Material) -> str:
    """Write the report; the same material gives the same text."""
    every = subjects(material)
    told_of = fates(material, every)
    style, script = _asset("style.css"), _asset("script.js")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            material=material,
            subjects=every,
            done=done(material),
            never=[each.server.name for each in every if each.never_heard_of()],
            silent=[each for each in every if each.is_silent()],
            exported=[each for each in every if each.only_told_of()],
            collecting=to_collect(every_verdict(every)),
            outdated=[each for each in every if each.outdated()],
            clouds=clouds(material),
            figures=[cloud_figures(every, cloud) for cloud in clouds(material)],
            alike=like_for_like(every, clouds(material)),
            obstacles=obstacles(every),
            gaps=gaps(every),
            fates=told_of,
            ways=ways(told_of),
            serving=by_server(told_of),
            names={each.id: each.name for each in material.servers},
            places=grounds(every),
            versions=rules_versions(material.verdicts),
            mixed=are_mixed(material.verdicts),
            catalogue_dates=catalogue_dates(material.verdicts),
            assumptions=assumptions(material.verdicts),
            style=style,
            script=script,
            policy=_policy(style, script),
        )
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _asset(name: str) -> str:
    from markupsafe import Markup

    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_vocabulary())
    environment.filters.update(anchor=_anchor, is_address=_is_address)
    return environment


def _vocabulary() -> dict[str, Any]:
    return {
        "Axis": Axis,
        "VERDICT_AXES": VERDICT_AXES,
        "Cloud": Cloud,
        "Readiness": Readiness,
        "Severity": Severity,
        "bars": bars,
        "collect_next": collect_next,
        "ground": ground,
        "sections": sections,
        "tell": told.tell,
        "is_told": told.is_told,
        "told_at": told.told_at,
        "keys": facts,
        "words": words,
    }


def _anchor(name: str, kind: str = "server") -> str:
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", name)


def _is_address(source: str) -> bool:
    return _ADDRESS.match(source) is not None
