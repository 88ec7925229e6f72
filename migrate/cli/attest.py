"""Declare something about a server that only people can know."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session, tell_warning
from migrate.cli._signing import own_key, signing_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from securesystemslib.signer import Signer

    from inventory.estate import Person
    from migrate.declarations import Question
    from migrate.model.evidence import Attestation

_COLUMNS = ("about", "stage", "check", "state", "asked")


@click.command()
@click.argument("server")
@click.argument("about", required=False)
@click.option("--as", "person", metavar="PERSON", help="Who declares it.")
@click.option("--because", metavar="TEXT", help="What is declared, in words.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A document that shows it; may be given more than once. Its SHA-256 is entered, not it.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day on which it counts: 2027-01-31. For ever unless given.",
)
@click.option("--withdraw", is_flag=True, help="Take back what that person declared.")
@signing_options
@format_option()
@click.pass_obj
def attest(
    session: Session,
    server: str,
    about: str | None,
    *,
    person: str | None,
    because: str | None,
    files: tuple[Path, ...],
    expires: datetime | None,
    withdraw: bool,
    key: str | None,
    passphrase_from: str | None,
    form: str,
) -> None:
    """Declare something about a server that only people can know.

    \b
        decant attest web-1
        decant attest web-1 backup-restored --as "Jane Doe" --because "restored on lab-2, opened"
                --file restore-2026-11.pdf
        decant attest web-1 difference:packages-parity:missing:telnet --as "Jane Doe"
                --because "nobody uses it"

    Without ABOUT it lists what the server's playbook asks for, what stands and what is lacking.
    ABOUT is a word that a check asks for, or difference:CHECK:KEY, which explains a difference
    that a check of both servers found. The declaration is signed by the person's own key, as an
    approval is; a later one takes its place. Checks look at it when they are run the next time.
    With --withdraw it is taken back, and evidence that rests on it is revoked. Keep the files: who
    audits compares them with what was entered. Write no passwords: the words are kept for ever.
    """
    if about is None:
        _list(session, server, form)
        return
    said = _said(about, person, because, key, passphrase_from)
    if not withdraw:
        _declare(session, server, said, files, expires)
    elif files or expires:
        raise UsageError("what is taken back has neither files nor an end")
    else:
        _take_back(session, server, said)


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What somebody says, and the key by which they say it."""

    about: str
    person: str
    words: str
    sign: Callable[[Person], Signer]


def _said(
    about: str, person: str | None, because: str | None, key: str | None, passphrase: str | None
) -> _Said:
    from migrate.people import in_words

    if not person or not because:
        lacking = "--as PERSON" if not person else "--because TEXT"
        raise UsageError(f"{lacking} is lacking: who declares {about}, and what exactly")
    sign = own_key(key, passphrase)
    return _Said(about=about, person=person, words=in_words(because), sign=sign)


def _declare(
    session: Session, server: str, said: _Said, files: tuple[Path, ...], expires: datetime | None
) -> None:
    from migrate.documents import documents_of
    from migrate.people import end_of
    from migrate.selection import one_move
    from migrate.stages import attest as stage
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        entered = stage.run(
            bench,
            move,
            said.about,
            person=said.person,
            sign=said.sign,
            statement=said.words,
            documents=documents_of(files),
            expires=end_of(expires.date(), bench.clock()) if expires else None,
        )
        asked = stage.lacking_and_standing(bench, move)[0]
        stages = stage.looked_at_in(bench, move, said.about)
    _tell(entered, server, asked)
    for name in stages:
        click.echo(f"next: decant test {shlex.quote(server)} --stage {name}")


def _take_back(session: Session, server: str, said: _Said) -> None:
    from migrate.selection import one_move
    from migrate.stages import attest as stage
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        move = one_move(bench.store, server)
        taken, voided = stage.withdraw(
            bench, move, said.about, person=said.person, sign=said.sign, statement=said.words
        )
    click.echo(f"{taken.person} ({taken.partner}) takes back {taken.about} of {server}")
    for each in voided:
        click.echo(f"revoked, since it rests on that: {each.stage}/{each.check}")


def _tell(entered: Attestation, server: str, asked: Sequence[Question]) -> None:
    ends = f"; counts until {entered.expires:%Y-%m-%d %H:%M} UTC" if entered.expires else ""
    click.echo(f"{entered.person} ({entered.partner}) declares {entered.about} of {server}{ends}")
    for each in entered.documents:
        click.echo(f"attached: {each.name}, {each.size_bytes} bytes, SHA-256 {each.sha256}")
    for question in asked:
        if question.asked.about != entered.about:
            continue
        for lack in _lacks(entered, question):
            tell_warning(f"{question.stage}/{question.check} will not count it: {lack}")


def _lacks(entered: Attestation, question: Question) -> Iterator[str]:
    asked = question.asked
    if asked.document and not entered.documents:
        yield f"{asked.document} is not attached (--file)"
    if asked.role and asked.role not in entered.roles:
        yield f"decant.toml does not name {entered.person} as {asked.role}"


def _list(session: Session, server: str, form: str) -> None:
    from migrate.selection import one_move
    from migrate.stages.attest import lacking_and_standing
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        asked, standing = lacking_and_standing(bench, one_move(bench.store, server))
    rows = [_row(each, standing) for each in asked]
    known = {each.asked.about for each in asked}
    rows += [
        {"about": each.about, "stage": "", "check": "", "state": _state(each), "asked": ""}
        for each in standing
        if each.about not in known
    ]
    print_rows(rows, _COLUMNS, form, empty=f"the playbook of {server} asks nobody to declare")


def _row(question: Question, standing: Sequence[Attestation]) -> dict[str, str]:
    asked = question.asked
    mine = [each for each in standing if each.about == asked.about]
    needs = [
        *([f"by {asked.role}"] if asked.role else []),
        *([f"with {asked.document}"] if asked.document else []),
        *([f"naming {asked.names}"] if asked.names else []),
    ]
    return {
        "about": asked.about,
        "stage": question.stage,
        "check": question.check,
        "state": "; ".join(_state(each) for each in mine) or "lacking",
        "asked": "; ".join([asked.what.rstrip("."), *needs]),
    }


def _state(each: Attestation) -> str:
    until = f", until {each.expires:%Y-%m-%d}" if each.expires else ""
    return f"{each.person} ({each.partner}) on {each.at:%Y-%m-%d}{until}: {each.statement}"


COMMAND = attest
