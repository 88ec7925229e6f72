"""Every account that may log in needs a password or a key."""

from __future__ import annotations

from inventory.model.accounts import ACCOUNTS, Account, AccountKind, PasswordState
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(accounts: tuple[Account, ...]) -> Judgement:
    let_in = [each for each in accounts if each.may_log_in]
    empty = sorted(each.name for each in let_in if each.password is PasswordState.EMPTY)
    if empty:
        return Flagged(observed=f"{', '.join(empty)} without a password")
    if any(each.password is None for each in let_in):
        because = "whether accounts have passwords was not told: it needs privilege"
        return CannotTell(missing=(ACCOUNTS,), because=because)
    return Passed()


def _account(password: PasswordState | None, *, may_log_in: bool = True) -> Account:
    return Account(
        name="scans",
        uid=1001,
        gid=1001,
        kind=AccountKind.PERSON,
        may_log_in=may_log_in,
        password=password,
    )


RULE = Rule(
    title="An account has no password",
    why="Anybody gets in who knows its name, at the console and wherever the SSH server allows it.",
    fix="Lock the account, or give it a password, before the image is copied to a cloud.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(ACCOUNTS, _judge),
    examples=(
        flags("an empty one", ACCOUNTS.known((_account(PasswordState.EMPTY),))),
        passes("one is set", ACCOUNTS.known((_account(PasswordState.SET),))),
        passes(
            "an empty one of an account that is let in nowhere",
            ACCOUNTS.known((_account(PasswordState.EMPTY, may_log_in=False),)),
        ),
        cannot_tell("asked without privilege", ACCOUNTS.known((_account(None),))),
        cannot_tell("accounts not told", untold(ACCOUNTS)),
    ),
    verified=False,
)
