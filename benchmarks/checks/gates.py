"""How long it takes to see where thousands of servers stand, and to verify their ledger.

An estate is made with as many servers, each with a move by a playbook of seven stages and with
eight signed entries in the ledger: six results of checks and two approvals. Then are measured, in a
process each: ``status`` (the command's stage: every gate evaluated from the record; and the whole
command, while nothing changes), the ledger read with its chain and places alone, with the
signatures of one server, and with all of them.

    python -m benchmarks.checks.gates --servers 10000
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from securesystemslib.signer import CryptoSigner
from sqlalchemy import insert

from benchmarks.classify.measure import fill
from inventory.session import Session
from inventory.store.chain import START
from inventory.store.servers import each_server
from inventory.store.store import Store
from inventory.store.tables import CHAIN
from migrate.fingerprint import digest
from migrate.ledger.book import read_ledger
from migrate.ledger.chain import row_digest
from migrate.ledger.keys import public_key
from migrate.ledger.statements import Entry, Place, kind_of, seal, statement
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
)
from migrate.model.plan import Destination, Move, Plan
from migrate.records import save_plan
from migrate.stages import status
from migrate.standings import open_standings
from migrate.still import open_still
from migrate.workbench import Workbench, open_workbench

ROOT: Final = Path(__file__).parents[2]
_AT_ONCE: Final = 2000
_SHOWN: Final = 10
"""How many servers of each turn ``decant status`` shows."""
_PLAYBOOK: Final = """\
title: seven stages
stages:
  - {name: test, help: t, valid_for: 60d, reaches: tested,
     checks: [{check: tcp, with: {ports: [443]}}, {check: listeners-parity}, {check: ec2-instance}]}
  - {name: approve, help: a, needs: [test], valid_for: 60d, reaches: approved,
     approval: {partners: 2}}
  - {name: retest, help: r, needs: [approve], valid_for: 60d, reaches: re-tested,
     checks: [{check: tcp, with: {ports: [443]}}, {check: listeners-parity}]}
  - {name: quiet, help: q, needs: [retest], valid_for: 60d, reaches: quiet,
     checks: [{check: no-inbound-connections}]}
  - {name: stop, help: s, needs: [quiet], action: power-off-ssh, reaches: controlled stop}
  - {name: agreed, help: w, needs: [stop], valid_for: 60d, approval: {partners: 2}}
  - {name: power-off, help: p, needs: [quiet, agreed], action: power-off-ssh,
     reaches: powered off}
"""
_PROVED: Final = (
    ("test", ("tcp", "listeners-parity", "ec2-instance")),
    ("retest", ("tcp", "listeners-parity")),
    ("quiet", ("no-inbound-connections",)),
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one of them cost."""

    what: str
    count: int
    seconds: float
    """By the clock."""
    processor_seconds: float
    """Of all processors together."""
    peak_mebibytes: int
    """Most resident memory of one process, Python and libraries included."""


def make(count: int, folder: Path) -> None:
    """Make the estate in a folder."""
    keys = {name: _key(folder / f"{name}.pem") for name in ("tests", "Ann", "Ben")}
    people = "".join(
        f'[[people]]\nname = "{name}"\npartner = "{partner}"\nkey = "{keys[name][1]}"\n'
        for name, partner in (("Ann", "SBC"), ("Ben", "EHDC"))
    )
    (folder / "decant.toml").write_text(
        '[estate]\nname = "Made"\n'
        '[[partners]]\nname = "SBC"\nshare = 50\n[[partners]]\nname = "EHDC"\nshare = 50\n'
        f'{people}[signing]\nkey = "file:{folder}/tests.pem"\ntrusted = ["{keys["tests"][1]}"]\n'
    )
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "seven.yaml").write_text(_PLAYBOOK)
    fill(count, folder)
    with open_workbench(Session(estate_folder=folder)) as bench:
        moves = tuple(_moves(bench.store))
        save_plan(bench.store, Plan(moves=moves, unplanned=(), warnings=(), at=bench.clock()))
        signers = {name: signer for name, (signer, _) in keys.items()}
        _append(bench.store, moves, signers, bench.clock())


def _key(path: Path) -> tuple[CryptoSigner, str]:
    private = Ed25519PrivateKey.generate()
    path.touch(mode=0o600)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return CryptoSigner(private, public_key(line)), line


def _moves(store: Store) -> Iterator[Move]:
    for number, server in enumerate(each_server(store, ())):
        yield Move(
            server_id=server.id,
            server=server.name,
            source=server.target or f"ssh://root@{server.name}",
            to=Destination.AWS,
            replacement=f"ssh://root@10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            resource=f"i-{number:017x}",
            playbook="seven",
            wave=number // 500 + 1,
            why_wave="made",
        )


def _append(
    store: Store, moves: tuple[Move, ...], keys: dict[str, CryptoSigner], now: datetime
) -> None:
    left = _rows(moves, keys, now)
    while some := list(islice(left, _AT_ONCE)):
        with store.writing() as connection:
            connection.execute(insert(CHAIN), some)


def _rows(
    moves: tuple[Move, ...], keys: dict[str, CryptoSigner], now: datetime
) -> Iterator[dict[str, object]]:
    seq, previous, at = 0, START, now.astimezone(UTC) - timedelta(hours=1)
    for move in moves:
        proved: list[str] = []
        for who, entry in _entries(move, at, proved):
            seq += 1
            body = seal(statement(entry, Place(entry=seq, previous=previous)), keys[who])
            row = {"seq": seq, "at": at, "kind": kind_of(entry), "subject": move.server_id}
            found = row_digest(**row, body=body, previous=previous)  # type: ignore[arg-type]
            yield {**row, "body": body, "previous": previous, "digest": found}
            previous = found
            if isinstance(entry, Evidence):
                proved.append(found)


def _entries(move: Move, at: datetime, proved: list[str]) -> Iterator[tuple[str, Entry]]:
    seen = Fingerprints(
        source=_print(move.server, ""),
        target=_print(move.server, "new", "cloud"),
        playbook=_print("seven", move.server),
    )
    until = at + timedelta(days=60)
    for stage, checks in _PROVED:
        for check in checks:
            result = CheckResult(
                outcome=Outcome.PASSED, detail=f"{check} is as it was", observed={"ports": [443]}
            )
            yield (
                "tests",
                Evidence(
                    id="",
                    server_id=move.server_id,
                    playbook="seven",
                    stage=stage,
                    check=check,
                    result=result,
                    fingerprints=seen,
                    at=at,
                    expires=until,
                ),
            )
        if stage == "test":
            for person, partner in (("Ann", "SBC"), ("Ben", "EHDC")):
                yield (
                    person,
                    Approval(
                        id="",
                        server_id=move.server_id,
                        playbook="seven",
                        stage="approve",
                        person=person,
                        partner=partner,
                        evidence=tuple(proved),
                        fingerprints=seen,
                        at=at,
                        expires=until,
                    ),
                )


def _print(*words: str) -> Fingerprint:
    names = ("identity", "system", "packages", "listeners", "addresses", "configuration")
    return Fingerprint(parts={name: digest([name, *words]) for name in names})


def _status(bench: Workbench) -> int:
    return len(status.run(bench, few=_SHOWN))


def _status_of_all(bench: Workbench) -> int:
    return len(status.run(bench))


def _again(bench: Workbench) -> int:
    remembered = open_standings(bench.estate, {"XDG_CACHE_HOME": str(bench.estate.folder)})
    return len(status.run(bench, remembered, few=_SHOWN))


def _keeping(bench: Workbench) -> int:
    environment = {"XDG_CACHE_HOME": str(bench.estate.folder)}
    still = open_still(bench.estate, bench.store, environment)
    remembered = open_standings(bench.estate, environment)
    return len(status.run(bench, remembered, still=still, few=_SHOWN))


def _walked(bench: Workbench) -> int:
    return read_ledger(bench.store, bench.trust, signatures=False).verification.entries


def _one(bench: Workbench) -> int:
    first = next(iter(each_server(bench.store, ()))).id
    return read_ledger(bench.store, bench.trust, of=first).verification.entries


def _all(bench: Workbench) -> int:
    return read_ledger(bench.store, bench.trust).verification.entries


_KEPT: Final = "status, again, and kept whole"
_COMMAND: Final = "decant status, the whole command"
WAYS: Final[dict[str, Callable[[Workbench], int]]] = {
    "status, nothing remembered": _status,
    "status --all, nothing remembered": _status_of_all,
    "status, first": _again,
    "status, again": _again,
    _KEPT: _keeping,
    "chain and places": _walked,
    "and one server's signatures": _one,
    "and all signatures": _all,
}


def measure(what: str, folder: Path) -> Figures:
    """Measure one of them in this process."""
    # The tests' packages bring it in; jsonschema loads it where it is, which takes three seconds.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    begin = time.perf_counter()
    with open_workbench(Session(estate_folder=folder)) as bench:
        count = WAYS[what](bench)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Figures(
        what=what,
        count=count,
        seconds=round(time.perf_counter() - begin, 2),
        processor_seconds=round(sum(each.ru_utime + each.ru_stime for each in used), 2),
        peak_mebibytes=max(each.ru_maxrss for each in used) >> 10,
    )


def measure_command(folder: Path) -> Figures:
    """Measure the command itself, start and all: nothing has changed since what was kept whole."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "migrate", "--estate", str(folder), "status"],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Figures(
        what=_COMMAND,
        count=int(done.stdout.split()[0].replace(",", "")),
        seconds=round(time.perf_counter() - began, 2),
        processor_seconds=round(
            used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 2
        ),
        peak_mebibytes=0,  # of children it is only known together
    )


def main() -> None:
    """Make the estate, and measure each of them in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder of an estate that is made once")
    parser.add_argument("--apart", choices=WAYS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.apart:
        print(json.dumps(vars(measure(given.apart, given.keep))))
        return
    with tempfile.TemporaryDirectory(prefix="decant-gates-") as made:
        folder = given.keep or Path(made)
        if not (folder / "decant.toml").exists():
            folder.mkdir(exist_ok=True)
            make(given.servers, folder)
        for what in WAYS:
            _say(_apart(what, folder) for _ in range(given.rounds))
            if what == _KEPT:
                _say(measure_command(folder) for _ in range(given.rounds))


def _say(rounds: Iterator[Figures]) -> None:
    best = min(rounds, key=lambda each: each.seconds)
    load = os.getloadavg()[0]
    print(
        f"{best.what:34}{best.count:9} {best.seconds:8.2f} s {best.processor_seconds:8.2f} s "
        f"processor {best.peak_mebibytes:6} MiB   load {load:.1f}",
        flush=True,
    )


def _apart(what: str, folder: Path) -> Figures:
    arguments = ["--apart", what, "--keep", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.checks.gates", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{what} failed: {done.stderr[-800:]}")
    return Figures(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
