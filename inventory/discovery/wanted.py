"""Which collectors want which of the files that one process read for all of them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from inventory.discovery.files import FilesRead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.collector import Collector

_MOST: Final = 20_000
"""How many paths are remembered: servers of an estate have much the same ones."""
_NONE: Final[frozenset[str]] = frozenset()
_SPECIAL: Final = re.compile(r"[*?[]")


class Wanted:
    """Shares out files among collectors; remembers, of each path, who wants it."""

    def __init__(self, collectors: Mapping[str, Collector]) -> None:
        """Share out among these collectors."""
        self._collectors = dict(collectors)
        self._patterns = {
            name: patterns
            for name, each in collectors.items()
            if (patterns := (*each.files, *each.guarded))
        }
        # What each pattern begins with, which tells most paths apart at little cost.
        self._begin = {
            name: tuple(_SPECIAL.split(pattern, maxsplit=1)[0] for pattern in patterns)
            for name, patterns in self._patterns.items()
        }
        self._known: dict[str, tuple[str, ...]] = {}

    def is_for(self, collectors: Mapping[str, Collector]) -> bool:
        """Tell whether it was made for just these."""
        return self._collectors == collectors

    def by(self, path: str) -> tuple[str, ...]:
        """Return the names of the collectors that want a file."""
        names = self._known.get(path)
        if names is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            names = self._known[path] = tuple(
                name for name, begin in self._begin.items() if self._wants(name, begin, path)
            )
        return names

    def _wants(self, name: str, begin: tuple[str, ...], path: str) -> bool:
        patterns = self._patterns[name]
        return path in patterns or (
            path.startswith(begin) and any(fnmatchcase(path, each) for each in patterns)
        )

    def shares(self, files: FilesRead) -> dict[str, FilesRead]:
        """Return of the files what each collector wants, in the order given.

        Collectors that want no files have no share.
        """
        content: dict[str, dict[str, str]] = {name: {} for name in self._patterns}
        for path, said in files.content.items():
            for name in self.by(path):
                content[name][path] = said
        denied, stuck = self._of_each(files.denied), self._of_each(files.stuck)
        return {
            name: FilesRead(
                content=said, denied=denied.get(name, _NONE), stuck=stuck.get(name, _NONE)
            )
            for name, said in content.items()
        }

    def _of_each(self, paths: frozenset[str]) -> dict[str, frozenset[str]]:
        wanted: dict[str, set[str]] = {}
        for path in paths:
            for name in self.by(path):
                wanted.setdefault(name, set()).add(path)
        return {name: frozenset(found) for name, found in wanted.items()}


_latest = Wanted({})


def wanted_by(collectors: Mapping[str, Collector]) -> Wanted:
    """Return who wants what among these collectors; the same one for the same collectors."""
    global _latest  # noqa: PLW0603  every server of a run has the same files and is asked the same
    latest = _latest
    if not latest.is_for(collectors):
        latest = _latest = Wanted(collectors)
    return latest
