"""Compares made pairs of servers by every check of parity, beside plain comparisons of JSON files.

Each pair has a number of differences put in on purpose. A contender reads both servers from the
same JSON files and compares them; what it says differs is counted. ``walk`` is the script that
anybody writes first: two files into Python, gone through side by side, lists by position. ``sets``
is the next one, which takes each list as a set. ``diff`` is GNU diff over the same files, sorted
and a value a line. None of them knows what matters; Decant names what somebody has to answer for.

    python -m benchmarks.checks.parity --pairs 200 --json figures.json
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.checks.pairs import KEYS, NOW, PUT_IN, Values, replacement, server
from inventory.model.codec import fast_from_json, fast_from_plain, to_plain
from inventory.model.fact import FactKey, Facts, Known, Origin
from inventory.model.facts import HOSTNAME
from inventory.registry import Registry
from inventory.secret import Reference, Secret
from migrate.model.check import Check, CloudResource, Sight
from migrate.model.plan import Destination, Move


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one contender needed for all pairs, and what it found."""

    contender: str
    seconds: float
    """Of processor time, its children's included: the best round."""
    pairs: int
    found: int
    """Differences that it says somebody has to look at."""
    put_in: int
    """Those that were put in on purpose."""
    load: float
    """Of the machine when the best round began."""


@dataclass(frozen=True, kw_only=True)
class _Silent:
    """Clouds, past and memory that say nothing: no check of parity asks them."""

    def resource(self, move: Move) -> CloudResource:
        raise AssertionError(move)

    def looks(self, since: datetime) -> tuple[()]:
        raise AssertionError(since)

    def sightings(self, since: datetime) -> tuple[()]:
        raise AssertionError(since)

    def uses(self, addresses: Collection[str], since: datetime) -> tuple[()]:
        raise AssertionError(addresses, since)

    def known(self, before: datetime | None = None) -> Facts:
        raise AssertionError(before)

    def recall(self, key: str) -> None:
        raise AssertionError(key)

    def keep(self, key: str, text: str) -> None:
        raise AssertionError(key, text)


def write(values: Values, path: Path) -> None:
    """Write a server's values as JSON: each under its fact's name, sorted, a value a line."""
    plain = {key.name: to_plain(value, key.kind) for key, value in values.items()}
    path.write_text(json.dumps(plain, sort_keys=True, indent=1))


def read(path: Path) -> Facts:
    """Read a server's facts from its file."""
    plain = fast_from_json(path.read_bytes(), dict[str, Any])
    origin = Origin(source="made", question="made", at=NOW, run="made")
    return Facts.from_observations(
        replace(key.known(fast_from_plain(plain[key.name], key.kind)), origin=origin)
        for key in KEYS
    )


def by_checks(checks: Mapping[str, Check]) -> Callable[[Path, Path], int]:
    """Return the comparison of two files by all checks of parity."""

    def compare(old: Path, new: Path) -> int:
        return checked(checks, sight(read(old), read(new)))

    return compare


def checked(checks: Mapping[str, Check], seen: Sight) -> int:
    """Run every check; return how many differences somebody has to answer for."""
    results = [each.run(seen, {}) for each in checks.values()]
    return sum(each.observed["rulings"].get("to be explained", 0) for each in results)


def sight(old: Facts, new: Facts) -> Sight:
    """Return the sight of a pair."""
    move = Move(
        server_id="s1",
        server=str(_known(old, HOSTNAME)),
        source="ssh://root@10.0.0.4",
        to=Destination.AWS,
        replacement="ssh://root@10.1.0.4",
        resource=None,
        playbook="rehost",
        wave=1,
        why_wave="made",
    )
    silent = _Silent()
    return Sight(
        move=move,
        old=old,
        new=new,
        new_address=None,
        estate_addresses={},
        clouds=silent,
        now=NOW,
        past=silent,
        memory=silent,
        fetch=_no_secret,
        use_id="parity",
    )


def _known(facts: Facts, key: FactKey[Any]) -> Any:
    fact = facts.of(key)
    assert isinstance(fact, Known), key.name
    return fact.value


def _no_secret(reference: Reference) -> Secret:
    raise AssertionError(reference)


def walk(old: Path, new: Path) -> int:
    """Compare two files side by side, lists by position; return how many places differ."""
    return sum(1 for _ in _walked(json.loads(old.read_bytes()), json.loads(new.read_bytes())))


def _walked(old: Any, new: Any) -> Iterator[None]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from _walked(old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            pair = (each[place] if place < len(each) else None for each in (old, new))
            yield from _walked(*pair)
    elif old != new:
        yield None


def sets(old: Path, new: Path) -> int:
    """Compare two files, each list as a set; return how many members only one of them has."""
    before, after = (json.loads(each.read_bytes()) for each in (old, new))
    return sum(len(_members(before[name]) ^ _members(after[name])) for name in before)


def _members(value: Any) -> set[str]:
    members = value if isinstance(value, list) else [value]
    return {json.dumps(each, sort_keys=True) for each in members}


def diff(old: Path, new: Path) -> int:
    """Compare two files by GNU diff; return how many lines only one of them has."""
    done = subprocess.run(["diff", old, new], capture_output=True, text=True, check=False)
    return sum(line.startswith(("<", ">")) for line in done.stdout.splitlines())


def measure(pairs: int, rounds: int, folder: Path) -> list[Figures]:
    """Let every contender compare all pairs in turn, every other round backwards."""
    files = [(folder / f"{each}-old.json", folder / f"{each}-new.json") for each in range(pairs)]
    for number, (old, new) in enumerate(files):
        write(server(number), old)
        write(replacement(number), new)
    registry = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    checks = {name: each.value for name, each in registry.all().items() if name.endswith("-parity")}
    looks = [sight(read(old), read(new)) for old, new in files]
    contenders: dict[str, Callable[[], int]] = {
        "decant": lambda: sum(by_checks(checks)(*each) for each in files),
        "decant, facts in memory": lambda: sum(checked(checks, each) for each in looks),
        "walk": lambda: sum(walk(*each) for each in files),
        "sets": lambda: sum(sets(*each) for each in files),
        "diff": lambda: sum(diff(*each) for each in files),
    }
    best: dict[str, Figures] = {}
    for number in range(rounds):
        for name in list(contenders)[:: -1 if number % 2 else 1]:
            load, begin = os.getloadavg()[0], _spent()
            found = contenders[name]()
            figures = Figures(
                contender=name,
                seconds=round(_spent() - begin, 3),
                pairs=pairs,
                found=found,
                put_in=PUT_IN * pairs,
                load=load,
            )
            if name not in best or figures.seconds < best[name].seconds:
                best[name] = figures
    return [best[name] for name in contenders]


def _spent() -> float:
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as lines for people; the ratio is to the fastest."""
    fastest = min(each.seconds for each in figures) or 1e-9
    lines = [
        f"{'':25}{'processor s':>12}{'ms a pair':>11}{'ratio':>7}{'to look at':>12}{'load':>7}"
    ]
    lines += [
        f"{each.contender:25}{each.seconds:>12.2f}{each.seconds / each.pairs * 1000:>11.2f}"
        f"{each.seconds / fastest:>7.1f}{each.found / each.pairs:>12.1f}{each.load:>7.1f}"
        for each in figures
    ]
    return "\n".join([*lines, f"put in on purpose: {PUT_IN} a pair"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when Decant does not find exactly what was put in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="Write the figures there, too.")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="decant-parity-") as folder:
        figures = measure(given.pairs, given.rounds, Path(folder))
    sys.stdout.write(table(figures) + "\n")
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n")
    ours = [each for each in figures if each.contender.startswith("decant")]
    return int(any(each.found != each.put_in for each in ours))


if __name__ == "__main__":
    sys.exit(main())
