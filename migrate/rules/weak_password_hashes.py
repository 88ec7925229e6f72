"""New passwords are kept by a hash that resists guessing."""

from __future__ import annotations

from datetime import date

from inventory.model.accounts import PASSWORD_POLICY, PasswordPolicy
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

WEAK = frozenset({"DES", "MD5", "BSDI"})


def _judge(policy: PasswordPolicy) -> Judgement:
    if policy.hash_method is None:
        because = "login.defs names no method; PAM may"
        return CannotTell(missing=(PASSWORD_POLICY,), because=because)
    weak = policy.hash_method.upper() in WEAK
    return Flagged(observed=f"ENCRYPT_METHOD {policy.hash_method}") if weak else Passed()


def _policy(method: str | None) -> PasswordPolicy:
    return PasswordPolicy(hash_method=method)


RULE = Rule(
    title="Passwords are hashed by an old method",
    why=(
        "Whoever gets a copy of the disk, as a replication or a snapshot is one, guesses them soon."
    ),
    fix="Set yescrypt or SHA512 where login.defs and PAM say so, and have passwords changed.",
    source="login.defs(5) and crypt(5) of shadow and libxcrypt (general knowledge, no page read)",
    source_date=date(2026, 11, 23),
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(PASSWORD_POLICY, _judge),
    examples=(
        flags("MD5", PASSWORD_POLICY.known(_policy("MD5"))),
        passes("yescrypt", PASSWORD_POLICY.known(_policy("YESCRYPT"))),
        cannot_tell("no method named", PASSWORD_POLICY.known(_policy(None))),
        cannot_tell("policy not told", untold(PASSWORD_POLICY)),
    ),
    verified=False,
)
