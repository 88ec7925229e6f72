"""Which algorithms ssh_config allows, among those that we speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME = {"curve25519-sha256": "curve25519-sha256@libssh.org"}
"""Two names of one algorithm, of which paramiko knows the older."""


@dataclass(frozen=True, kw_only=True)
class Algorithms:
    """What ssh_config says, as it is written there; None where it says nothing."""

    kex: str | None = None
    ciphers: str | None = None
    macs: str | None = None
    host_keys: str | None = None


ANY = Algorithms()
"""Where ssh_config says nothing."""


def choose(keyword: str, written: str | None, able: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of ``able`` that are allowed, in the order of preference.

    A list that begins with ``+`` adds to ours, ``-`` takes away, ``^`` goes first; otherwise it
    stands in place of ours. What we do not speak is left out.

    Raises:
        UnreachableError: nothing that we speak is left.

    """
    if written is None:
        return able
    sign = written[0] if written[:1] in {"+", "-", "^"} else ""
    listed = [_SAME.get(each, each) for each in written.removeprefix(sign).split(",")]
    named = tuple(_fitting(listed, able))
    match sign:
        case "-":
            chosen = tuple(each for each in able if each not in named)
        case "+" | "^":
            chosen = tuple(dict.fromkeys([*named, *able] if sign == "^" else [*able, *named]))
        case _:
            chosen = named
    if not chosen:
        raise UnreachableError(
            f"ssh_config allows only {keyword} {written}, and Decant speaks none of it",
            hint=f"allow one of {', '.join(able)} for this server, or give --ssh-config none",
        )
    return chosen


def _fitting(patterns: Iterable[str], able: tuple[str, ...]) -> Iterable[str]:
    for pattern in patterns:
        wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
        yield from (each for each in able if re.fullmatch(wild, each))
