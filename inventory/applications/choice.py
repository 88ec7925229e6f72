"""Which of several fingerprints a process belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from inventory.model.application import Confidence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from inventory.applications.fingerprints import Fingerprint
    from inventory.applications.matcher import Claim

RUNTIME = "runtime"
"""The category of what applications are written in: theirs only when no application claims it."""
_PLATFORM = "app-server"
"""The category of what applications come with: a product on its own Tomcat is that product."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The fingerprint that a process belongs to."""

    fingerprint: Fingerprint
    others: tuple[Fingerprint, ...] = ()
    """Who could be meant as well, by all that is known."""

    @property
    def confidence(self) -> Confidence:
        """How sure it is: never surer than the fingerprint itself."""
        if self.fingerprint.confidence is not Confidence.HIGH:
            return self.fingerprint.confidence
        return Confidence.MEDIUM if self.others else Confidence.HIGH


def choose(claims: Sequence[Claim], command_line: str, installed: Collection[str]) -> Choice | None:
    """Choose among those that claim a process's name; None when none can be meant.

    A name that several share is decided by the command line first; then a user's own fingerprint
    goes before ours, an application before what it is written in or comes with, what is installed
    (``installed`` holds identifiers) before what is not, and last whose name it is.
    """
    left = _candidates(claims, command_line, installed)
    for is_nearer in (
        lambda claim: claim.fingerprint.is_own,
        lambda claim: claim.fingerprint.category != RUNTIME,
        _is_product,
        lambda claim: claim.is_exact,
        lambda claim: claim.fingerprint.id in installed,
        _is_namesake,
    ):
        if len(left) > 1:
            left = [claim for claim in left if is_nearer(claim)] or left
    if not left:
        return None
    first, *others = dict.fromkeys(claim.fingerprint for claim in left)
    return Choice(fingerprint=first, others=tuple(others))


def _candidates(
    claims: Sequence[Claim], command_line: str, installed: Collection[str]
) -> list[Claim]:
    """Return those that the command line speaks for; else those that need no such word.

    What is installed needs none, unless anything may run as a process of this name.
    """
    hinted = [claim for claim in claims if _is_hinted(claim, command_line)]
    if not hinted:
        hinted = [each for each in claims if each.fingerprint.id in installed and not each.is_host]
    plain = [claim for claim in claims if not claim.shared or not claim.fingerprint.hints]
    sure = [claim for claim in plain if claim.fingerprint.confidence is Confidence.HIGH]
    return hinted or sure or plain


def _is_hinted(claim: Claim, command_line: str) -> bool:
    hints = claim.fingerprint.hints
    return bool(hints) and any(_expression(hint).search(command_line) for hint in hints)


@lru_cache(maxsize=1024)
def _expression(hint: str) -> re.Pattern[str]:
    return re.compile(hint, re.IGNORECASE)


def _is_product(claim: Claim) -> bool:
    fingerprint = claim.fingerprint
    return fingerprint.category != _PLATFORM and fingerprint.confidence is Confidence.HIGH


def _is_namesake(claim: Claim) -> bool:
    """Tell whether an application, or its package, is called as the process is."""
    own = (claim.fingerprint.id, *claim.fingerprint.packages)
    return claim.pattern in {name.casefold() for name in own}
