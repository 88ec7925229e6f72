"""Measurements → the table: medians with their range, ratios, and what each row means. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.discovery.contenders import Contender
from benchmarks.discovery.rounds import Held, Measurement

_MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The median of several runs, and how far they lay apart."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        """Say ``median (lowest-highest)`` with three digits that mean something."""
        return f"{_short(self.median)} ({_short(self.lowest)}-{_short(self.highest)})"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One contender's figures."""

    name: str
    what: str
    failed: str | None
    """Why its figures do not count; None when every server answered in every run."""
    servers_a_second: Spread
    wall_seconds: Spread
    client_ms: Spread
    """Processor time of the client for each server, in milliseconds."""
    servers_ms: Spread
    """Processor time of a server, in milliseconds."""
    total_ms: Spread
    peak_bytes: int
    wire_bytes: Spread
    """For each server."""
    answer_bytes: Spread
    """For each server, as the contender holds it."""


def row(contender: Contender, runs: Sequence[Measurement], held: Held, servers: int) -> Row:
    """Return one contender's row."""

    def spread(each: str, factor: float = 1.0) -> Spread:
        return _spread([getattr(run, each) * factor / servers for run in runs])

    return Row(
        name=contender.name,
        what=contender.what,
        failed=_failure(runs, servers),
        servers_a_second=_spread([servers / run.wall_seconds for run in runs]),
        wall_seconds=_spread([run.wall_seconds for run in runs]),
        client_ms=spread("client_seconds", 1000),
        servers_ms=spread("server_seconds", 1000),
        total_ms=_spread(
            [(run.client_seconds + run.server_seconds) * 1000 / servers for run in runs]
        ),
        peak_bytes=held.peak_bytes,
        wire_bytes=spread("wire_bytes"),
        answer_bytes=_spread([run.tally.answer_bytes / servers for run in runs]),
    )


def _failure(runs: Sequence[Measurement], servers: int) -> str | None:
    fewest = min(run.tally.answered for run in runs)
    if fewest < servers:
        return f"facts from only {fewest} of {servers} servers"
    bad = {run.exit_status for run in runs} - {0}
    return f"ended with status {bad.pop()}" if bad else None


def _spread(values: Sequence[float]) -> Spread:
    return Spread(median=statistics.median(values), lowest=min(values), highest=max(values))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, with what each contender is below it."""
    head = (
        *("contender", "servers/s", "wall s", "client CPU ms a server"),
        *("servers' CPU ms a server", "total CPU ms a server", "peak client memory MB"),
        *("wire kB a server", "answer kB a server"),
    )
    lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(each)) for each in rows)]
    legend = [f"- **{each.name}**: {each.what}." for each in rows]
    return "\n".join([*lines, "", *legend])


def _cells(row: Row) -> list[str]:
    if row.failed:
        return [row.name, f"failed: {row.failed}", *[""] * 7]
    return [
        *(row.name, str(row.servers_a_second), str(row.wall_seconds), str(row.client_ms)),
        *(str(row.servers_ms), str(row.total_ms), _short(row.peak_bytes / _MEBIBYTE)),
        *(_short(row.wire_bytes.median / 1000), _short(row.answer_bytes.median / 1000)),
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004  three digits


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Decant beside one peer, and beside what was aimed at."""

    words: str
    value: float
    aim: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"- {self.words}: {_short(self.value)} (aim: {self.aim})"


def ratios(rows: Mapping[str, Row], processors: int) -> list[Ratio]:
    """Return the ratios for which both sides were measured."""
    made = [
        _ratio(rows, "client CPU, Ansible ÷ Decant", "ansible", "client_ms", "at least 15"),
        _ratio(rows, "client CPU, OpenSSH tuned ÷ Decant", "ssh-tuned", "client_ms", "at least 2"),
        _ratio(rows, "client CPU, OpenSSH default ÷ Decant", "ssh-default", "client_ms", "-"),
        _ratio(rows, "client CPU, pyinfra ÷ Decant", "pyinfra", "client_ms", "-"),
        _ratio(rows, "wall time, Ansible ÷ Decant", "ansible", "wall_seconds", "at least 5"),
        _ratio(rows, "total CPU, Ansible ÷ Decant", "ansible", "total_ms", "-"),
        _script_ratio(rows),
        _bound_ratio(rows, processors),
    ]
    return [each for each in made if each]


def _ratio(rows: Mapping[str, Row], words: str, peer: str, figure: str, aim: str) -> Ratio | None:
    ours, theirs = rows.get("decant"), rows.get(peer)
    if ours is None or theirs is None or ours.failed or theirs.failed:
        return None
    mine: Spread = getattr(ours, figure)
    other: Spread = getattr(theirs, figure)
    return Ratio(words=words, value=other.median / mine.median, aim=aim)


def _script_ratio(rows: Mapping[str, Row]) -> Ratio | None:
    """Compare what the two scripts cost the servers, both through the same client."""
    ours, other = rows.get("ssh-tuned"), rows.get("ssh-reference")
    if ours is None or other is None or ours.failed or other.failed:
        return None
    value = ours.servers_ms.median / other.servers_ms.median
    return Ratio(
        words="servers' CPU, Decant's script ÷ the reference script", value=value, aim="at most 1"
    )


def _bound_ratio(rows: Mapping[str, Row], processors: int) -> Ratio | None:
    """Compare Decant's wall time with what the servers' own work takes on all processors.

    That work: the script, as measured without network and client, and the handshake with the
    passing on of the answer, as the servers' side of ssh-answer.
    """
    ours, script, answer = (rows.get(name) for name in ("decant", "script-alone", "ssh-answer"))
    if ours is None or script is None or answer is None or ours.failed or script.failed:
        return None
    servers = script.servers_a_second.median * script.wall_seconds.median
    handshakes = answer.servers_ms.median / 1000 * servers / processors
    bound = script.wall_seconds.median + handshakes
    words = (
        f"wall time, Decant ÷ the servers' own share ({_short(script.wall_seconds.median)} s "
        f"script alone + {_short(handshakes)} s handshakes and answers = {_short(bound)} s)"
    )
    return Ratio(words=words, value=ours.wall_seconds.median / bound, aim="at most 1.1")


def document(rows: Sequence[Row], made: Sequence[Ratio], facts: Mapping[str, Any]) -> Any:
    """Return everything as plain values, for JSON."""
    from dataclasses import asdict

    return {
        **facts,
        "rows": [asdict(each) for each in rows],
        "ratios": [asdict(each) for each in made],
    }
