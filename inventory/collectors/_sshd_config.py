"""The SSH server's configuration, as sshd itself reads it → what is in force for everybody.

The first value of a directive holds, but for those that add up; what follows ``Match`` holds only
under its condition, up to the next one or the end of the file (sshd_config(5)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from inventory.model.accounts import SshServer, SshSetting

MAIN: Final = ("/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config")
"""The first that is there is what sshd reads; SUSE ships the second."""
_ADD_UP: Final = frozenset({
    "allowgroups", "allowusers", "denygroups", "denyusers", "hostkey", "listenaddress", "port",
    "subsystem",
})  # fmt: skip
_READ: Final = ("/etc/ssh/sshd_config.d/", "/usr/etc/ssh/sshd_config.d/")
"""Folders that are read, so that including them leaves nothing out."""
_DEEPEST: Final = 16
"""sshd's own limit of files that include files."""
_MOST: Final = 1000
"""How many inclusions are followed: with a few of each other, they would double at each depth."""


@dataclass
class _Reading:
    files: Mapping[str, Sequence[str]]
    settings: dict[str, list[str]] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    included: int = 0

    def file(self, path: str, within: tuple[str, ...] = ()) -> None:
        conditional = False
        for line in self.files[path]:
            name, value = _directive(line)
            if name == "match":
                conditional = value.lower() != "all"
                if conditional:
                    self.exceptions.append(value)
            elif name == "include" and not conditional:
                self.include(value, (*within, path))
            elif name and name != "include" and not conditional:
                self.set(name, value)

    def include(self, patterns: str, within: tuple[str, ...]) -> None:
        for word in patterns.split():
            pattern = word if word.startswith("/") else f"/etc/ssh/{word}"
            found = sorted(each for each in self.files if fnmatchcase(each, pattern))
            if not found and not pattern.startswith(_READ):
                self.unread.append(pattern)
            for path in found if len(within) <= _DEEPEST else ():
                # With a file that includes itself, sshd does not start.
                if path not in within and self.included < _MOST:
                    self.included += 1
                    self.file(path, within)

    def set(self, name: str, value: str) -> None:
        values = self.settings.setdefault(name, [])
        if name in _ADD_UP or not values:
            values.append(value)


def read_sshd_config(
    main: str, files: Mapping[str, Sequence[str]], denied: Sequence[str]
) -> SshServer:
    """Return what the lines of the file ``main`` and of what it includes say; never raises.

    ``denied`` are files and folders that are there and could not be read.
    """
    reading = _Reading(files=files)
    reading.file(main)
    return SshServer(
        settings=tuple(
            SshSetting(name=name, value=value)
            for name, values in sorted(reading.settings.items())
            for value in values
        ),
        exceptions=tuple(reading.exceptions),
        unread=tuple(dict.fromkeys([*reading.unread, *denied])),
    )


def _directive(line: str) -> tuple[str, str]:
    words = line.replace('"', "").split(None, 1)
    if not words:
        return "", ""
    name, equals, rest = words[0].partition("=")
    value = f"{rest} {' '.join(words[1:])}" if equals else " ".join(words[1:]).removeprefix("=")
    return name.lower(), " ".join(value.split())
