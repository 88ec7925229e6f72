"""Ask servers what they are, and keep what they say."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inventory.cli._asking import Options, Plan, plan_of
from inventory.cli._durations import DURATION
from inventory.cli._references import REFERENCE
from inventory.cli._sources import ask_and_tell
from inventory.discovery.schemes import is_source
from inventory.errors import FINE, PARTLY_UNKNOWN, USAGE, UsageError
from inventory.printable import printable
from inventory.session import Session, tell_error

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from inventory.model.run import Visit
    from inventory.model.target import Target
    from inventory.store.entering import Kept
    from inventory.store.store import Store

_FILE = click.Path(path_type=Path)


@dataclass
class _Tally:
    answered: int = 0
    silent: list[tuple[str, str]] = field(default_factory=list)


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--identity", "-i", multiple=True, type=_FILE, help="Private key file to offer.")
@click.option("--known-hosts", multiple=True, type=_FILE, help="File of trusted host keys.")
@click.option(
    "--ssh-config",
    type=_FILE,
    metavar="FILE",
    help="In place of ~/.ssh/config and /etc/ssh/ssh_config; none for neither.",
)
@click.option(
    "--passphrase-from",
    type=REFERENCE,
    help="Where the passphrase of locked keys is: env:NAME, keyring:SERVICE/NAME, file:PATH.",
)
@click.option(
    "--password-from",
    type=REFERENCE,
    help="Where the password is, for servers that are known and want one.",
)
@click.option(
    "--accept-new-host-keys",
    is_flag=True,
    help="Trust a server that is seen for the first time, and record its key in the estate.",
)
@click.option("--sudo", is_flag=True, help="Use sudo -n for what needs privilege.")
@click.option("--at-once", type=click.IntRange(1, 1000), help="How many servers at once.")
@click.option("--timeout", type=click.FloatRange(min=1), help="Seconds for each server in all.")
@click.option(
    "--run-timeout",
    type=DURATION,
    help="For the whole run (90s, 30m): who was not asked by then is unknown.",
)
@click.option(
    "--rate", type=click.FloatRange(min=0, min_open=True), help="Most new connections a second."
)
@click.option(
    "--sample",
    type=DURATION,
    help="Watch each server for so long (60s, 5m): how busy it is, and whom it talks to.",
)
@click.option(
    "--every", type=DURATION, default="5s", show_default=True, help="How often to look meanwhile."
)
@click.option(
    "--with",
    "also",
    multiple=True,
    metavar="QUESTION",
    help="Ask this too, which is not asked by default; all for all of them.",
)
@click.option(
    "--tls",
    is_flag=True,
    help="Also ask each listener for TLS, from here: opens connections that the servers' logs "
    "will show.",
)
@click.option(
    "--tls-authorities",
    type=_FILE,
    help="Certificates to trust for --tls; the system's own unless given.",
)
@click.pass_obj
def discover(session: Session, /, targets: tuple[str, ...], **options: Any) -> int:
    """Ask servers what they are, and keep what they say.

    \b
        decant discover ssh://root@10.0.0.4 ssh://admin@10.0.0.5:2222 --identity ~/.ssh/id_ed25519
        decant discover local
        decant discover --sample 60s --every 5s --with usage-history
        decant discover aws: azure:

    Nothing is written or changed on a server. A target is ssh://user@server:port, user@server,
    recorded://FOLDER or local, or a cloud asked as a whole: aws:, aws:REGION, aws:ACCOUNT/REGION,
    azure:, azure:SUBSCRIPTION; without one, those of decant.toml are asked. A cloud tells of its
    databases, file shares and buckets, too: decant resources. Each answer is stored as it arrives.
    Exit code 3 when some servers did not answer: they are listed with the reason.
    """
    chosen = Options(**options)
    estate = session.estate()
    named = targets or estate.discovery.targets
    sources = [each for each in named if is_source(each)]
    parsed, malformed = _parse([each for each in named if each not in sources])
    for error in malformed:
        tell_error(str(error), error.hint)
    if not (parsed or sources or malformed):
        hint = "decant discover ssh://user@server, or list targets in decant.toml"
        raise UsageError("no target was given", hint=hint)
    code = ask_and_tell(session, estate, sources) if sources else FINE
    if parsed:
        plan = plan_of(estate, chosen, parsed)
        with session.store(estate) as store:
            tally = _ask(session, store, plan)
        _summary(session, tally, len(parsed))
        code = PARTLY_UNKNOWN if tally.silent else code
    return USAGE if malformed else code


def _parse(texts: Sequence[str]) -> tuple[list[Target], list[UsageError]]:
    from inventory.model.target import Target

    parsed, malformed = [], []
    for text in texts:
        try:
            parsed.append(Target.parse(text))
        except UsageError as error:
            malformed.append(error)
    return list(dict.fromkeys(parsed)), malformed


def _ask(session: Session, store: Store, plan: Plan) -> _Tally:
    from inventory.discovery.run import ask_all
    from inventory.heap import return_large_buffers
    from inventory.store.keeping import keeping
    from inventory.store.runs import begin_run, finish_run
    from inventory.store.settling import settle

    # What is loaded stays: looking through it again and again would only cost time, and put off
    # the freeing of finished connections.
    gc.freeze()
    return_large_buffers()
    command = f"discover {' '.join(str(target) for target in plan.targets)}"
    run = begin_run(store, command=command, at=session.now())
    tally = _Tally()
    with (
        _progress(session, len(plan.targets)) as step,
        keeping(store, run.id, lambda visit, kept: step(_note(tally, visit, kept))) as keep,
    ):
        for visit in ask_all(
            plan.targets,
            collectors=plan.collectors,
            access=plan.access,
            limits=plan.limits,
            run_id=run.id,
            at_once=plan.at_once,
            window=plan.window,
            look=plan.look,
            clock=session.now,
        ):
            keep(visit)
    finish_run(store, run.id, session.now(), len(plan.targets), tally.answered)
    settle(store)
    return tally


def _note(tally: _Tally, visit: Visit, kept: Kept) -> str:
    if visit.unreachable is None:
        tally.answered += 1
        return f"{kept.name} answered in {visit.seconds:.1f} s"
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
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        "discovering",
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("discovering", total=total, rate="")
        yield lambda _line: _advance(progress, task)


def _advance(progress: Progress, task: TaskID) -> None:
    progress.advance(task)
    speed = progress.tasks[task].speed
    progress.update(task, rate=f"{speed:.1f} servers/s" if speed else "")


def _summary(session: Session, tally: _Tally, total: int) -> None:
    for target, why in sorted(tally.silent):
        click.echo(f"no answer from {target}: {printable(why)}", err=True)
    session.say(f"{tally.answered} of {total} servers answered")


COMMAND = discover
