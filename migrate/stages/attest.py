"""Enter what one person declares about a server, signed by their own key; or take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from inventory.errors import RefusedError, UsageError
from inventory.estate import Person
from migrate.beneath import applicable
from migrate.declarations import DIFFERENCE, Question, compared, questions, under
from migrate.ledger.book import Ledger, enter, read_ledger
from migrate.looking import standing
from migrate.model.evidence import Attestation, Document, Evidence, Outcome, Revocation
from migrate.model.plan import Move
from migrate.people import meant, person_of
from migrate.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from securesystemslib.signer import Signer


def run(
    bench: Workbench,
    move: Move,
    about: str,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    statement: str,
    documents: tuple[Document, ...] = (),
    expires: datetime | None = None,
) -> Attestation:
    """Enter a declaration and return it.

    It takes the place of what the same person declared on the matter before. ``sign`` opens the
    person's own key.

    Raises:
        UsageError: nobody asks for that, or the person speaks for nobody.
        RefusedError: the ledger is not whole.
        BadInputError: the person's key cannot be used.

    """
    speaker = person_of(bench.estate, person)
    if move.partners and speaker.partner not in move.partners:
        raise UsageError(
            f"{speaker.partner} does not own {move.server}, so what {person} declares would not "
            "count",
            hint=f"its owners: {', '.join(move.partners)}",
        )
    _asked_for(bench, move, about)
    _whole(bench, move)
    return _enter(bench, move, about, speaker, sign(speaker), statement, documents, expires)


def withdraw(
    bench: Workbench,
    move: Move,
    about: str,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    statement: str,
) -> tuple[Attestation, tuple[Evidence, ...]]:
    """Take back what a person declared, and revoke the evidence that rests on it.

    Return the withdrawal and that evidence. The evidence is revoked first, so that an
    interruption leaves nothing that rests on what was taken back.

    Raises:
        UsageError: nothing of theirs stands on the matter.
        RefusedError: the ledger is not whole.
        BadInputError: the person's key cannot be used.

    """
    speaker = person_of(bench.estate, person)
    ledger = _whole(bench, move)
    now = bench.clock()
    mine = [each for each in standing(ledger, now) if each.person == person]
    found = under(about, mine)
    if not found:
        words = ", ".join(each.about for each in mine) or "nothing"
        raise UsageError(
            f"nothing that {person} declared about {about} of {move.server} stands",
            hint=f"what stands of theirs: {words}",
        )
    key = sign(speaker)
    voided = tuple(_resting_on(ledger, found[0]))
    for each in voided:
        revocation = Revocation(
            id="",
            server_id=move.server_id,
            evidence=each.id,
            reason=f"it rests on {about}, which {person} took back: {statement}",
            person=person,
            at=now,
        )
        enter(bench.store, revocation, at=now, signer=key)
    taken = _enter(bench, move, about, speaker, key, statement, (), None, withdrawn=True)
    return taken, voided


def lacking_and_standing(
    bench: Workbench, move: Move
) -> tuple[tuple[Question, ...], tuple[Attestation, ...]]:
    """Return what the playbook asks for, and everything that stands.

    Raises:
        RefusedError: the ledger is not whole.

    """
    playbook = bench.shelf.read(move.playbook)
    ledger = _whole(bench, move)
    return questions(bench.shelf, playbook, move), standing(ledger, bench.clock())


def looked_at_in(bench: Workbench, move: Move, about: str) -> tuple[str, ...]:
    """Name the stages whose checks look at what is declared under a word."""
    playbook = bench.shelf.read(move.playbook)
    explained = about.removeprefix(DIFFERENCE).partition(":")[0]
    if about.startswith(DIFFERENCE):
        return tuple(
            stage.name
            for stage in playbook.stages
            if any(use.id == explained for use in applicable(stage, move.to))
        )
    asked = questions(bench.shelf, playbook, move)
    return tuple(dict.fromkeys(each.stage for each in asked if each.asked.about == about))


def _asked_for(bench: Workbench, move: Move, about: str) -> None:
    playbook = bench.shelf.read(move.playbook)
    asked = questions(bench.shelf, playbook, move)
    words = list(dict.fromkeys(each.asked.about for each in asked))
    if about in words:
        return
    checks = compared(playbook, move)
    if about.startswith(DIFFERENCE):
        check, _, key = about.removeprefix(DIFFERENCE).partition(":")
        if check in checks and key:
            return
        fault = f"no check {check!r} of playbook {playbook.name} compares the two servers"
        if check in checks:
            fault = f"{about!r} does not name the difference"
        raise UsageError(
            fault,
            hint=f"{meant(check, list(checks))}{DIFFERENCE}CHECK:KEY, as the check tells it; "
            f"checks: {', '.join(checks) or 'none'}",
        )
    listed = ", ".join(words) or "nothing"
    more = f", {DIFFERENCE}CHECK:KEY" if checks else ""
    raise UsageError(
        f"no check of playbook {playbook.name} asks for {about!r}",
        hint=f"{_meant(about, words, asked)}it asks for: {listed}{more}",
    )


def _meant(about: str, words: list[str], asked: Sequence[Question]) -> str:
    """Point at the word that is like it, or that the check of that name asks for."""
    by_check = [each.asked.about for each in asked if each.check == about]
    return f"{about} asks for {' and '.join(by_check)}; " if by_check else meant(about, words)


def _whole(bench: Workbench, move: Move) -> Ledger:
    ledger = read_ledger(bench.store, bench.trust, of=move.server_id)
    if ledger.verification.fault:
        raise RefusedError(
            f"the ledger is not whole: {ledger.verification.fault}",
            hint="decant ledger verify; restore it from a copy before anything is declared",
        )
    return ledger.of(move.server_id)


def _enter(
    bench: Workbench,
    move: Move,
    about: str,
    person: Person,
    key: Signer,
    statement: str,
    documents: tuple[Document, ...],
    expires: datetime | None,
    *,
    withdrawn: bool = False,
) -> Attestation:
    now = bench.clock()
    attestation = Attestation(
        id="",
        server_id=move.server_id,
        about=about,
        statement=statement,
        person=person.name,
        partner=person.partner,
        documents=documents,
        at=now,
        expires=expires,
        withdrawn=withdrawn,
        roles=person.roles,
    )
    return enter(bench.store, attestation, at=now, signer=key)


def _resting_on(ledger: Ledger, attestation: Attestation) -> Iterator[Evidence]:
    """Yield what passed with the help of a declaration, and was not revoked yet."""
    revoked = {each.evidence for each in ledger.revocations}
    explained = ""
    if attestation.about.startswith(DIFFERENCE):
        explained = attestation.about.removeprefix(DIFFERENCE).partition(":")[0]
    for each in ledger.evidence:
        rests = attestation.id in each.result.observed.get("attestations", ())
        is_compared = bool(explained) and each.check == explained and each.at >= attestation.at
        passed = each.result.outcome is Outcome.PASSED
        if passed and each.id not in revoked and (rests or is_compared):
            yield each
