"""A rule: one reason why a server can or cannot go somewhere, with its source and its proof.

A rule's file in ``migrate/rules``, or in the estate's own ``rules`` folder, holds a :class:`Rule`
under ``RULE``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from inventory.model.fact import FactKey, Facts, Observation
from migrate.model.verdict import Axis, Cloud, Effort, Severity


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The rule has nothing to say against the server."""


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """The rule found what it looks for."""

    observed: str
    """The value that was seen, for people, with its unit."""
    severity: Severity | None = None
    """When it differs from the rule's own."""


@dataclass(frozen=True, kw_only=True)
class CannotTell:
    """The rule needs something that is not known."""

    missing: tuple[FactKey[Any], ...]
    because: str = ""
    """What stands in the way when the facts themselves are known: ``the catalogue does not know
    debian 99``."""


@dataclass(frozen=True, kw_only=True)
class NotApplicable:
    """The rule does not concern this server."""


Judgement = Passed | Flagged | CannotTell | NotApplicable


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a rule may look at besides the server's facts. Pure data, no clock."""

    today: date
    """The day as of which support is judged."""
    lifecycle: Callable[[str, str], date | bool | None]
    """End of security support of (product, cycle): its date; True when it has ended at an unknown
    date, False when none is announced, None when the catalogue does not know the product or
    cycle."""
    extended: Callable[[str, str], date | bool | None]
    """End of extended support (paid, or by volunteers) of (product, cycle); as ``lifecycle``, but
    False when there is none."""
    os_listed: Callable[[str, str, str], bool | None]
    """Whether (list, product, release) is named by a provider's list of operating systems: True as
    supported, False as not supported, None when it is not listed."""
    hub_opens: date | None = None
    """When the new Hub opens; None when the estate does not say."""
    regions: Mapping[Cloud, str] = field(default_factory=dict)
    """The region that the estate goes to in each cloud, as far as that is known."""
    processor_since: Callable[[str], date | None] = field(default=lambda _model: None)
    """Since when, at the latest, a processor exists, by what the kernel calls it; None when that is
    not known."""


@dataclass(frozen=True, kw_only=True)
class RuleExample:
    """A made server and what the rule must say of it."""

    name: str
    facts: tuple[Observation, ...]
    expected: type[Passed | Flagged | CannotTell | NotApplicable]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule."""

    title: str
    why: str
    fix: str
    source: str
    """Address or citation: page, version."""
    source_date: date
    """As of when the source said so."""
    axis: Axis
    severity: Severity
    clouds: tuple[Cloud, ...]
    """The destinations that it judges for; where one needs another limit, that is another rule."""
    effort: Effort
    judge: Callable[[Facts, Surroundings], Judgement]
    """Pure. What is unknown must come back as CannotTell, never as Passed."""
    examples: tuple[RuleExample, ...]
    """At least one that it flags, one that it passes and one that it cannot tell."""
    verified: bool = True
    """False when the source itself is unsure; shown beside each finding."""
    settled_otherwise: tuple[FactKey[Any], ...] = ()
    """Facts that it reads and may lack and still pass, because another one settles it. Each needs
    an example that it passes while that fact is unknown."""
