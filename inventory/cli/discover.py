"""Ask servers what they are, and keep what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inventory.errors import FINE, PARTLY_UNKNOWN, USAGE, UsageError
from inventory.printable import printable
from inventory.session import Session, tell_error

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.model.asking import Access, Limits
    from inventory.model.run import Visit
    from inventory.model.server import Server
    from inventory.model.target import Target
    from inventory.store.store import Store

_FILE = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True)
class _Options:
    identity: tuple[Path, ...]
    known_hosts: tuple[Path, ...]
    accept_new_host_keys: bool
    sudo: bool
    at_once: int | None
    timeout: float | None


@dataclass
class _Tally:
    answered: int = 0
    silent: list[tuple[str, str]] = field(default_factory=list)


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--identity", "-i", multiple=True, type=_FILE, help="Private key file to offer.")
@click.option("--known-hosts", multiple=True, type=_FILE, help="File of trusted host keys.")
@click.option(
    "--accept-new-host-keys",
    is_flag=True,
    help="Trust a server that is seen for the first time, and record its key in the estate.",
)
@click.option("--sudo", is_flag=True, help="Use sudo -n for what needs privilege.")
@click.option("--at-once", type=click.IntRange(1, 1000), help="How many servers at once.")
@click.option("--timeout", type=click.FloatRange(min=1), help="Seconds for each server in all.")
@click.pass_obj
def discover(session: Session, /, targets: tuple[str, ...], **options: Any) -> int:
    """Ask servers what they are, and keep what they say.

    \b
        decant discover ssh://root@10.0.0.4 ssh://admin@10.0.0.5:2222 --identity ~/.ssh/id_ed25519
        decant discover local

    Nothing is written or changed on a server. A target is ssh://user@server:port, user@server,
    recorded://FOLDER or local; without one, those of decant.toml are asked. Each answer is stored
    as it arrives. Exit code 3 when some servers did not answer: they are listed with the reason.
    """
    from inventory.model.asking import Limits

    chosen = _Options(**options)
    estate = session.estate()
    parsed, malformed = _parse(targets or estate.discovery.targets)
    for error in malformed:
        tell_error(str(error), error.hint)
    if not parsed:
        if malformed:
            return USAGE
        hint = "decant discover ssh://user@server, or list targets in decant.toml"
        raise UsageError("no target was given", hint=hint)
    limits = Limits() if chosen.timeout is None else Limits(server_seconds=chosen.timeout)
    at_once = chosen.at_once or estate.discovery.at_once
    access = _access(estate, chosen)
    with session.store(estate) as store:
        tally = _ask(session, estate, store, (parsed, access, limits, at_once))
    _summary(session, tally, len(parsed))
    if malformed:
        return USAGE
    return PARTLY_UNKNOWN if tally.silent else FINE


def _parse(texts: Sequence[str]) -> tuple[list[Target], list[UsageError]]:
    from inventory.model.target import Target

    parsed, malformed = [], []
    for text in texts:
        try:
            parsed.append(Target.parse(text))
        except UsageError as error:
            malformed.append(error)
    return list(dict.fromkeys(parsed)), malformed


def _access(estate: Estate, chosen: _Options) -> Access:
    from inventory.access import access_of

    return access_of(
        estate,
        identity=chosen.identity,
        known_hosts=chosen.known_hosts,
        accept_new_host_keys=chosen.accept_new_host_keys,
        sudo=chosen.sudo,
    )


def _ask(
    session: Session,
    estate: Estate,
    store: Store,
    asked: tuple[list[Target], Access, Limits, int],
) -> _Tally:
    from inventory.discovery.run import ask_all
    from inventory.model.collector import Collector
    from inventory.registry import Registry
    from inventory.store.runs import begin_run, finish_run
    from inventory.store.visits import record_visit

    targets, access, limits, at_once = asked
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    collectors = registry.all(estate.own("collectors"))
    command = f"discover {' '.join(str(target) for target in targets)}"
    run = begin_run(store, command=command, at=session.now())
    tally = _Tally()
    with _progress(session, len(targets)) as step:
        for visit in ask_all(
            targets,
            collectors=collectors,
            access=access,
            limits=limits,
            run_id=run.id,
            at_once=at_once,
            clock=session.now,
        ):
            step(_note(tally, visit, record_visit(store, run.id, visit)))
    finish_run(store, run.id, session.now(), len(targets), tally.answered)
    return tally


def _note(tally: _Tally, visit: Visit, server: Server) -> str:
    if visit.unreachable is None:
        tally.answered += 1
        return f"{server.name} answered in {visit.seconds:.1f} s"
    tally.silent.append((visit.target, visit.unreachable.detail or visit.unreachable.reason.value))
    return f"{visit.target} did not answer"


@contextmanager
def _progress(session: Session, total: int) -> Iterator[Any]:
    """Give a function that takes one line for each server; a bar on a terminal, lines off it."""
    import sys

    if session.quiet or not sys.stderr.isatty():
        yield session.say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("discovering", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("discovering", total=total)
        yield lambda _line: progress.advance(task)


def _summary(session: Session, tally: _Tally, total: int) -> None:
    for target, why in sorted(tally.silent):
        click.echo(f"no answer from {target}: {printable(why)}", err=True)
    session.say(f"{tally.answered} of {total} servers answered")


COMMAND = discover
