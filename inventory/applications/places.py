"""The files and folders of fingerprints, laid out so that a path finds its owners at once."""

from __future__ import annotations

import re
from collections import defaultdict
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.applications.fingerprints import Fingerprint


class Places:
    """Whose paths are whose: whole ones, patterns for a folder's entries, and endings."""

    def __init__(self, fingerprints: Iterable[Fingerprint]) -> None:
        self._whole: dict[str, list[Fingerprint]] = defaultdict(list)
        self._within: dict[str, list[tuple[re.Pattern[str], Fingerprint]]] = defaultdict(list)
        self._ending: dict[str, list[tuple[str, Fingerprint]]] = defaultdict(list)
        for each in fingerprints:
            for path in each.paths:
                self._add(path, each)

    def _add(self, path: str, fingerprint: Fingerprint) -> None:
        folder, _, name = path.rpartition("/")
        if path.startswith("*/"):
            self._ending[name].append((path.removeprefix("*"), fingerprint))
        elif "*" in path:
            self._within[folder].append((re.compile(translate(name)), fingerprint))
        else:
            self._whole[path].append(fingerprint)

    def owners(self, path: str) -> Iterator[Fingerprint]:
        """Yield whose path it is."""
        folder, _, name = path.rpartition("/")
        yield from self._whole.get(path, ())
        yield from (each for form, each in self._within.get(folder, ()) if form.match(name))
        yield from (each for end, each in self._ending.get(name, ()) if path.endswith(end))
