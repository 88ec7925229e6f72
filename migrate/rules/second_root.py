"""Only one account has the rights of root."""

from __future__ import annotations

from inventory.model.accounts import ACCOUNTS, Account, AccountKind
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

USUAL = frozenset({"root", "toor"})
"""The BSDs come with the second, without a password."""


def _judge(accounts: tuple[Account, ...]) -> Judgement:
    found = sorted(each.name for each in accounts if each.uid == 0 and each.name not in USUAL)
    return Flagged(observed=f"{', '.join(found)} with uid 0") if found else Passed()


def _root(name: str) -> Account:
    return Account(name=name, uid=0, gid=0, kind=AccountKind.ROOT)


RULE = Rule(
    title="Another account has the rights of root",
    why="It is overlooked when root is locked, and no log tells the two apart.",
    fix="Find out whose it is, give them sudo instead, and remove it.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(ACCOUNTS, _judge),
    examples=(
        flags("a second one", ACCOUNTS.known((_root("root"), _root("support")))),
        passes("root alone", ACCOUNTS.known((_root("root"),))),
        passes(
            "an ordinary account",
            ACCOUNTS.known(
                (_root("root"), Account(name="web", uid=1000, gid=1000, kind=AccountKind.PERSON))
            ),
        ),
        cannot_tell("accounts not told", untold(ACCOUNTS)),
    ),
    verified=False,
)
