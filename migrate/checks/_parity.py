"""What becomes of what two servers differ in: whether anybody answers for each difference.

A difference has a key that stays the same as long as what differs does. It is *expected* where the
playbook or the plan names its key, *forbidden* where they do not let anybody explain it away,
*explained* where a person of a partner that owns the server says by their own key why it is right,
and *told* where the check does not mind it. Every other one is to be explained, and fails.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from inventory.printable import printable
from migrate.checks._differences import Comparison, Difference, matches
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Sight
from migrate.model.evidence import Attestation, CheckResult

MOST_SHOWN = 200
"""How many differences a result names; it always gives their count."""
_MOST_WORDS = 300
"""Characters of the words for one difference; a server's own may have no end."""
_MOST_SAID = 160
"""Characters of an explanation within the sentence; all of it is under ``observed``."""

PATTERNS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[a-z][a-z-]*:"},
    "uniqueItems": True,
}
"""JSON Schema of a list of keys; in each, ``*`` stands for anything behind the first colon."""


class Ruling(Enum):
    """What becomes of a difference, the gravest first."""

    FORBIDDEN = "forbidden"
    OPEN = "to be explained"
    EXPLAINED = "explained"
    EXPECTED = "expected"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class _Ruled:
    difference: Difference
    ruling: Ruling
    by: tuple[Attestation, ...] = ()

    @property
    def words(self) -> str:
        """What differs, fit to be shown and not longer than it has to be."""
        words = printable(self.difference.words)
        return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"

    def as_json(self) -> dict[str, Any]:
        """Return it for evidence."""
        told: dict[str, Any] = {
            "key": self.difference.key,
            "words": self.words,
            "ruling": self.ruling.value,
        }
        if self.by:
            told["explained_by"] = [_said(each) for each in self.by]
        return told


def parameters(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a check's parameters: its own, and those that all parity takes."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **own,
            "expected": {
                **PATTERNS,
                "description": "Keys of differences that are wanted; * stands for anything.",
            },
            "forbidden": {
                **PATTERNS,
                "description": "Keys of differences that fail whoever explains them, even when "
                "they are expected or only told; * stands for anything.",
            },
        },
    }


def judge(
    sight: Sight,
    given: Mapping[str, Any],
    seen: Comparison,
    *,
    expected: Sequence[str] = (),
) -> CheckResult:
    """Rule on each difference: failed by one that nobody answers for, unknown by what was not seen.

    ``expected`` are keys that the check's own parameters let through, beside ``given``'s.
    """
    ruled = _ruled(sight, given, seen, expected)
    of: dict[Ruling, list[_Ruled]] = {each: [] for each in Ruling}
    for each in ruled:
        of[each.ruling].append(each)
    observed = _observed(ruled, of, seen)
    said = "; ".join(_asides(of, seen))
    aside = f"; {said}" if said else ""
    if of[Ruling.FORBIDDEN] or of[Ruling.OPEN]:
        return failed(printable(_what_fails(sight, of) + aside), **observed)
    if seen.blind:
        blind = f"not all could be compared: {listed(list(seen.blind))}"
        return unknown(printable(blind + aside), **observed)
    is_alike = not (of[Ruling.EXPLAINED] or of[Ruling.EXPECTED])
    alike = seen.agreed if is_alike else f"of what was compared, {seen.same} are the same"
    result = passed(printable(alike + aside), **observed)
    return replace(result, counts_until=_until(of[Ruling.EXPLAINED]))


def _ruled(
    sight: Sight, given: Mapping[str, Any], seen: Comparison, expected: Sequence[str]
) -> list[_Ruled]:
    forbidden = matches(given.get("forbidden", ()))
    wanted = matches((*expected, *given.get("expected", ())))
    explanations = _explanations(sight)

    def rule(difference: Difference) -> _Ruled:
        if forbidden.fullmatch(difference.key):
            return _Ruled(difference=difference, ruling=Ruling.FORBIDDEN)
        if wanted.fullmatch(difference.key):
            return _Ruled(difference=difference, ruling=Ruling.EXPECTED)
        if difference.told:
            return _Ruled(difference=difference, ruling=Ruling.TOLD)
        by = tuple(each for about, each in explanations if _speaks_of(about, difference.key))
        ruling = Ruling.EXPLAINED if by else Ruling.OPEN
        return _Ruled(difference=difference, ruling=ruling, by=by)

    found = [rule(each) for each in seen.differences]
    rank = {each: place for place, each in enumerate(Ruling)}
    return sorted(found, key=lambda each: rank[each.ruling])


def _explanations(sight: Sight) -> list[tuple[str, Attestation]]:
    """Return what was declared of this use of the check on this server, by those who own it."""
    about = f"difference:{sight.use_id}:"
    return [
        (each.about.removeprefix(about), each)
        for each in sight.attestations
        if sight.use_id
        and each.about.startswith(about)
        and each.server_id == sight.move.server_id
        and (not sight.move.partners or each.partner in sight.move.partners)
    ]


def _speaks_of(about: str, of: str) -> bool:
    """Tell whether an explanation is of a difference: of its key, or of all that begin as it does.

    One that names no kind of difference (``*`` alone) speaks of none.
    """
    if not about.endswith("*"):
        return about == of
    begin = about.removesuffix("*")
    return ":" in begin and of.startswith(begin)


def _observed(
    ruled: Sequence[_Ruled], of: Mapping[Ruling, Sequence[_Ruled]], seen: Comparison
) -> dict[str, Any]:
    return {
        **seen.more,
        "same": seen.same,
        "differences": [each.as_json() for each in ruled[:MOST_SHOWN]],
        "difference_count": len(ruled),
        "rulings": {each.value: len(found) for each, found in of.items() if found},
        "not_compared": list(seen.blind[:MOST_SHOWN]),
        "attestations": sorted({each.id for ruled in of[Ruling.EXPLAINED] for each in ruled.by}),
    }


def _until(explained: Sequence[_Ruled]) -> datetime | None:
    """Return when the first difference is no longer explained by anybody; None for never."""
    lasting = [[each.expires for each in ruled.by] for ruled in explained]
    return min((max(ends) for ends in map(_all_known, lasting) if ends), default=None)


def _all_known(ends: Sequence[datetime | None]) -> list[datetime]:
    """Return the ends, or nothing when one of them never comes."""
    known = [each for each in ends if each is not None]
    return known if len(known) == len(ends) else []


def _what_fails(sight: Sight, of: Mapping[Ruling, Sequence[_Ruled]]) -> str:
    said = []
    if of[Ruling.FORBIDDEN]:
        said.append(f"forbidden: {_words(of[Ruling.FORBIDDEN])}")
    if of[Ruling.OPEN]:
        first = of[Ruling.OPEN][0].difference.key
        about = f"difference:{sight.use_id}:{first}"
        command = shlex.join(["decant", "attest", sight.move.server, about])
        said.append(
            f"{len(of[Ruling.OPEN])} to be explained: {_words(of[Ruling.OPEN])}"
            f" (the first by: {command})"
        )
    return "; ".join(said)


def _asides(of: Mapping[Ruling, Sequence[_Ruled]], seen: Comparison) -> Iterable[str]:
    if of[Ruling.EXPLAINED]:
        words = [f"{each.words}: {_by(each)}" for each in of[Ruling.EXPLAINED]]
        yield f"{len(words)} explained: {listed(words, 3)}"
    if of[Ruling.EXPECTED]:
        yield f"{len(of[Ruling.EXPECTED])} expected: {_words(of[Ruling.EXPECTED])}"
    if of[Ruling.TOLD]:
        yield f"besides, {_words(of[Ruling.TOLD])}"
    if seen.aside:
        yield listed(list(seen.aside))


def _words(ruled: Sequence[_Ruled]) -> str:
    return listed([each.words for each in ruled])


def _by(ruled: _Ruled) -> str:
    first, *others = ruled.by
    said = first.statement
    short = said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]}…"
    more = f" and {len(others)} more" if others else ""
    return f"{first.person} ({first.partner}){more}: “{short}”"


def _said(attestation: Attestation) -> dict[str, str]:
    return {
        "attestation": attestation.id,
        "about": attestation.about,
        "person": attestation.person,
        "partner": attestation.partner,
        "statement": attestation.statement,
    }
