"""One server, told in full: as text for people, as a document and as rows for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from inventory.amount import amount
from inventory.cli._landscape import Landscape
from inventory.cli._parts import in_words
from inventory.cli._words import age, fact_in_words, moment, value_in_words
from inventory.model.application import Application, Dependency
from inventory.model.codec import to_plain
from inventory.model.fact import Known, Observation, Reason, Unknown
from inventory.model.server import Server
from inventory.printable import printable

_LONGEST = 200
"""Characters of a line."""


def as_text(
    server: Server, landscape: Landscape, *, now: datetime, longest: int | None
) -> Iterator[str]:
    """Return the lines that tell of a server; lists are cut after ``longest`` lines."""
    yield from _heading(server)
    named = sorted(server.facts.items())
    for group, facts in groupby(named, key=lambda item: item[0].partition(".")[0]):
        yield ""
        yield group
        for name, observation in facts:
            short = name.partition(".")[2] or name
            yield from _fact(short, observation, now, longest)
            yield from _beside(short, observation, now)
    known = landscape.applications(server)
    applications = [line for each in known if not each.is_agent for line in _application(each)]
    yield from _section("applications", applications, longest)
    agents = [line for each in known if each.is_agent for line in _application(each)]
    yield from _section("agents", agents, longest)
    uses = [_uses(each, landscape) for each in landscape.dependencies if each.client == server.id]
    yield from _section("uses", uses, longest)
    used = [_used(each, landscape) for each in landscape.dependencies if each.server == server.id]
    yield from _section("used by", used, longest)


def as_document(server: Server, landscape: Landscape) -> dict[str, Any]:
    """Return everything as one JSON document."""
    mine = [each for each in landscape.dependencies if server.id in {each.client, each.server}]
    return {
        "id": server.id,
        "name": server.name,
        "target": server.target,
        "unreachable": to_plain(server.unreachable),
        "gone": server.gone or None,
        "first_seen": server.first_seen.isoformat(),
        "last_asked": server.last_asked.isoformat(),
        "last_answered": server.last_answered.isoformat() if server.last_answered else None,
        "sources": list(server.sources),
        "also": list(server.also),
        "facts": {name: _document(each) for name, each in sorted(server.facts.items())},
        "applications": [to_plain(each) for each in landscape.applications(server)],
        "dependencies": [to_plain(each) for each in mine],
    }


def fact_rows(server: Server) -> list[dict[str, Any]]:
    """Return one row for each statement of each fact, with its origin; preferred ones first."""
    return [
        {
            "fact": name,
            "value": fact_in_words(name, each.fact),
            **_origin(each),
            "preferred": each is observation,
            "why": observation.beside.why if each is observation and observation.beside else "",
        }
        for name, observation in sorted(server.facts.items())
        for each in (observation, *observation.rivals)
    ]


def _heading(server: Server) -> Iterator[str]:
    yield f"{printable(server.name)}  ({server.id})"
    if server.target:
        yield f"  target         {server.target}"
    state = _silence(server.unreachable) if server.unreachable else "answered"
    yield f"  state          {state}"
    if server.gone:
        yield printable(f"  may be gone    {server.gone}")
    if server.sources:
        yield printable(f"  told of by     {', '.join(server.sources)}")
    heard = "last asked  " if server.target else "last told of"
    yield f"  {heard}   {moment(server.last_asked)} UTC"
    yield f"  last answered  {moment(server.last_answered)}{' UTC' if server.last_answered else ''}"


def _silence(why: Unknown) -> str:
    what = "never asked" if why.reason is Reason.NOT_ASKED else "did not answer"
    return printable(f"{what}: {why.detail or why.reason.value}")


def _beside(name: str, observation: Observation, now: datetime) -> Iterator[str]:
    """Yield why a statement is preferred, and what the other sources say."""
    beside = observation.beside
    if beside is None:
        return
    yield printable(f"    preferred: {beside.why}")
    for each in beside.rivals:
        verb = "contradicted" if each in beside.conflicts else "also told"
        told = f" [{each.origin.question}, {age(each.origin.at, now)}]" if each.origin else ""
        who = f" by {each.origin.source}" if each.origin else ""
        value = fact_in_words(name, each.fact)
        yield _shorten(printable(f"    {verb}{who}: {value}{told}"))


def _fact(name: str, observation: Observation, now: datetime, longest: int | None) -> Iterator[str]:
    origin = observation.origin
    told = f"  [{origin.question}, {age(origin.at, now)}]" if origin else ""
    fact = observation.fact
    if isinstance(fact, Known) and fact.value and _is_words(fact.value):
        yield f"  {name}: {len(fact.value)}{told}"
        words = f"    {value_in_words(name, fact.value)}"
        yield words if longest is None else _shorten(words)
    elif isinstance(fact, Known) and isinstance(fact.value, tuple):
        yield f"  {name}: {len(fact.value) or 'none'}{told}"
        yield from _cut([f"    {value_in_words(name, each)}" for each in fact.value], longest)
    else:
        yield f"  {name}: {fact_in_words(name, fact)}{told}"


def _is_words(value: object) -> bool:
    """Tell whether a value is a list of single words, which are read best one after the other."""
    return isinstance(value, tuple) and all(isinstance(each, str | int) for each in value)


def _section(title: str, lines: Sequence[str], longest: int | None) -> Iterator[str]:
    yield ""
    yield title
    yield from _cut([f"  {line}" for line in lines] or ["  none seen"], longest)


def _cut(lines: Sequence[str], longest: int | None) -> Iterator[str]:
    if longest is None:
        yield from lines
        return
    if len(lines) <= longest + 1:
        yield from map(_shorten, lines)
        return
    yield from (_shorten(line) for line in lines[:longest])
    indent = len(lines[0]) - len(lines[0].lstrip())
    yield f"{' ' * indent}… and {len(lines) - longest} more (--all)"


def _shorten(line: str) -> str:
    """Cut a line that is longer than anybody reads; ``--all`` shows it whole."""
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _application(application: Application) -> Iterator[str]:
    """Yield the application, then what it consists of."""
    version = f" {application.version}" if application.version else ""
    ports = f" on {', '.join(application.ports)}" if application.ports else ""
    why = "; ".join(application.why)
    yield printable(
        f"{application.name}{version}{ports}: {application.confidence.value} confidence, {why}"
    )
    for each in application.instances:
        yield printable(f"  {in_words(each)}")


def _uses(dependency: Dependency, landscape: Landscape) -> str:
    return printable(f"{landscape.name(dependency.server)} {_service(dependency)}")


def _used(dependency: Dependency, landscape: Landscape) -> str:
    return printable(f"{landscape.name(dependency.client)} {_service(dependency)}")


def _service(dependency: Dependency) -> str:
    process = f" ({dependency.process})" if dependency.process else ""
    many = amount(dependency.connections, "connection")
    return f"on {dependency.port}/{dependency.protocol}{process}, {many}"


def _document(observation: Observation) -> dict[str, Any]:
    fact = observation.fact
    if isinstance(fact, Known):
        said: dict[str, Any] = {"value": to_plain(fact.value, observation.key.kind)}
    else:
        said = {"unknown": fact.reason.value, "detail": fact.detail}
    told = {**said, "origin": _origin(observation)}
    if observation.beside:
        told["preferred_because"] = observation.beside.why
        told["others"] = [
            {**_document(each), "contradicts": each in observation.beside.conflicts}
            for each in observation.rivals
        ]
    return told


def _origin(observation: Observation) -> dict[str, str]:
    origin = observation.origin
    if origin is None:
        return {}
    return {
        "source": origin.source,
        "question": origin.question,
        "at": origin.at.isoformat(),
        "run": origin.run,
    }
