"""Fingerprints, laid out so that a name finds those that claim it at once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inventory.applications.derived import is_of_oracle
from inventory.applications.places import Places
from inventory.applications.sieve import Sieve
from inventory.applications.signs import is_part_of, program_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.applications.fingerprints import Fingerprint
    from inventory.model.parts import Package, Process

_HOSTS: Final = frozenset({
    "java", "java.exe", "javaw", "javaw.exe", "node", "node.exe", "dotnet", "dotnet.exe",
    "svchost.exe", "w3wp.exe", "wrapper", "wrapper.exe", "master", "rsync", "oracle", "system",
    "tomcat*.exe", "beam.smp", "erl.exe", "inetinfo.exe", "jsvc", "agent", "bootstrap", "pmd",
    "ftpd", "telnetd", "dnsd", "udhcpd",
})  # fmt: skip
"""Processes that many applications run as: only their command line tells which."""
_KEPT: Final = 65_536
"""Of how many names it is remembered who claims them."""
_KEPT_TELLING: Final = 8_192
"""For how many things that tell of an application it is remembered of which."""
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_FITS_NOTHING: Final = r"(?!)"
_SHORT: Final = 4
"""A pattern with fewer letters than this fits too much to tell anything."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A fingerprint that fits a name."""

    fingerprint: Fingerprint
    pattern: str
    shared: bool
    """Whether other fingerprints name the same."""

    @property
    def is_host(self) -> bool:
        """Whether many applications run as a process of this name."""
        return self.pattern in _HOSTS

    @property
    def is_exact(self) -> bool:
        """Whether the name itself is in the fingerprint, and not a pattern for it."""
        return "*" not in self.pattern


@dataclass(frozen=True)
class _Names:
    """Names and patterns, and who claims them. Remembers what it was asked."""

    exact: Mapping[str, Sequence[Claim]]
    patterns: Sequence[tuple[re.Pattern[str], Claim]]
    any_pattern: re.Pattern[str]
    """Fits what any of the patterns fits: most names fit none, and one look tells."""
    asked: dict[str, tuple[Claim, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, claims: Iterable[tuple[str, Fingerprint]]) -> _Names:
        named = [(name.casefold(), each) for name, each in claims]
        counted = Counter(name for name, _ in named)
        exact: dict[str, list[Claim]] = {}
        patterns: list[tuple[re.Pattern[str], Claim]] = []
        for name, each in named:
            claim = Claim(
                fingerprint=each, pattern=name, shared=counted[name] > 1 or name in _HOSTS
            )
            if claim.is_exact:
                exact.setdefault(name, []).append(claim)
            elif len(re.sub(r"\W", "", name)) >= _SHORT:
                patterns.append((_expression(name), claim))
        each_pattern = "|".join(f"(?:{pattern.pattern})" for pattern, _ in patterns)
        return cls(exact, patterns, re.compile(each_pattern or _FITS_NOTHING))

    def claims(self, name: str) -> tuple[Claim, ...]:
        """Return who claims a name in lower case: exact claims when there are any."""
        known = self.asked.get(name)
        if known is None:
            if len(self.asked) >= _KEPT:
                self.asked.clear()
            known = self.asked[name] = tuple(self.exact.get(name, ())) or self._by_pattern(name)
        return known

    def _by_pattern(self, name: str) -> tuple[Claim, ...]:
        if not self.any_pattern.fullmatch(name):
            return ()
        return tuple(claim for pattern, claim in self.patterns if pattern.fullmatch(name))


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(re.escape(part) for part in pattern.split("*")))


class Matcher:
    """Fingerprints made ready for many servers. Make it once; many threads may use it."""

    def __init__(self, fingerprints: Iterable[Fingerprint]) -> None:
        self.fingerprints = tuple(fingerprints)
        self._processes = _Names.of((n, each) for each in self.fingerprints for n in each.processes)
        self._packages = _Names.of((n, each) for each in self.fingerprints for n in each.packages)
        self._services = _Names.of(
            (n, each) for each in self.fingerprints for n in each.windows_services
        )
        self._units = _Names.of((n, each) for each in self.fingerprints for n in each.services)
        self._places = Places(self.fingerprints)
        self.words = {word: each for each in self.fingerprints for word in each.words}
        self.by_id = {each.id: each for each in self.fingerprints}
        self._sieves: dict[str | None, _Sieves] = {}
        # Asked of every server anew, about the few things that tell of an application.
        remembering = lru_cache(maxsize=_KEPT_TELLING)
        self.by_program = remembering(self._by_program)
        self._by_names = remembering(self._claimed)
        self.by_package = remembering(self._by_package)
        self.by_service = remembering(self._by_service)
        self.words_in = remembering(self._words_in)
        self._ports: dict[str, list[Fingerprint]] = {}
        for each in self.fingerprints:
            for port in each.ports:
                self._ports.setdefault(port, []).append(each)

    def by_process(self, name: str, system: str | None) -> tuple[Claim, ...]:
        """Return who claims a process's name, in lower case, on a kind of system."""
        return _on(self._processes.claims(name), system)

    def _by_program(
        self, name: str, command_line: str, system: str | None
    ) -> tuple[tuple[Claim, ...], ...]:
        """Return who claims each name that a process may be known by, the most telling name first.

        Names that nobody claims are left out.
        """
        return self._by_names(program_names(name, command_line), system)

    def _claimed(self, names: tuple[str, ...], system: str | None) -> tuple[tuple[Claim, ...], ...]:
        return tuple([claims for each in names if (claims := self.by_process(each, system))])

    def _by_package(self, name: str, system: str | None) -> tuple[Claim, ...]:
        """Return whose own a package is: no client, library or document of it."""
        plain = name.casefold()
        claims = self._packages.claims(plain)
        return _on(tuple(claim for claim in claims if _is_own(plain, claim.pattern)), system)

    def _words_in(self, text: str) -> tuple[str, ...]:
        """Return the words of fingerprints that are in a text, in order."""
        found = self.words.keys() & set(_TOKEN.findall(text.casefold()))
        return tuple(sorted(found)) if found else ()

    def _by_service(self, name: str, system: str | None) -> tuple[Claim, ...]:
        """Return who claims a service of the service manager.

        Windows services have names of their own; others are called like a process or a package.
        """
        plain = name.casefold()
        if system == "win":
            return _on(self._services.claims(plain), system)
        plain = plain.partition("@")[0]
        named = (*self._processes.claims(plain), *self._packages.claims(plain))
        found = [claim for claim in named if claim.is_exact]
        units = self._units.claims(plain)
        return _on(tuple(claim for claim in (*found, *units) if not claim.shared), system)

    def telling_processes(
        self, processes: Sequence[Process], system: str | None
    ) -> tuple[Process, ...]:
        """Return those that are claimed, may be Oracle's, or have a word in their command line.

        They stay in their order.
        """
        programs = [(each.name, each.command_line) for each in processes]
        telling = self._sieves_of(system).programs.through(programs)
        if not telling:
            return ()
        return tuple(
            [each for each, program in zip(processes, programs, strict=True) if program in telling]
        )

    def telling_packages(
        self, packages: Sequence[Package], system: str | None
    ) -> tuple[Package, ...]:
        """Return those that are somebody's own, in their order."""
        telling = self._sieves_of(system).packages.through([each.name for each in packages])
        return tuple([each for each in packages if each.name in telling]) if telling else ()

    def telling_services(self, services: Sequence[str], system: str | None) -> tuple[str, ...]:
        """Return the names of those that are claimed, or in whose name is a word, in order."""
        telling = self._sieves_of(system).services.through(services)
        return tuple([each for each in services if each in telling]) if telling else ()

    def _sieves_of(self, system: str | None) -> _Sieves:
        known = self._sieves.get(system)
        if known is None:
            known = self._sieves[system] = _Sieves(
                programs=Sieve(lambda each: self._program_tells(*each, system)),
                packages=Sieve(lambda name: bool(self._by_package(name, system))),
                services=Sieve(lambda name: self._service_tells(name, system)),
            )
        return known

    def _program_tells(self, name: str, command_line: str, system: str | None) -> bool:
        return bool(
            self._by_program(name, command_line, system)
            or self._words_in(command_line)
            or is_of_oracle(name, command_line)
        )

    def _service_tells(self, name: str, system: str | None) -> bool:
        return bool(self._by_service(name, system) or self._words_in(name))

    def by_path(self, path: str, system: str | None) -> tuple[Fingerprint, ...]:
        """Return whose file or folder this is."""
        return tuple(each for each in self._places.owners(path) if _runs_on(each, system))

    def by_port(self, port: str, system: str | None) -> tuple[Fingerprint, ...]:
        """Return who listens on a port such as ``5432/tcp`` by default."""
        return tuple(each for each in self._ports.get(port, ()) if _runs_on(each, system))


@dataclass(frozen=True, kw_only=True)
class _Sieves:
    """What tells nothing on one kind of system."""

    programs: Sieve[tuple[str, str]]
    """Name and command line."""
    packages: Sieve[str]
    services: Sieve[str]


def _is_own(name: str, pattern: str) -> bool:
    match = _expression(pattern).fullmatch(name)
    return match is not None and is_part_of(name, pattern, match.groups())


def _on(claims: tuple[Claim, ...], system: str | None) -> tuple[Claim, ...]:
    if not claims:
        return claims
    return tuple(claim for claim in claims if _runs_on(claim.fingerprint, system))


def _runs_on(fingerprint: Fingerprint, system: str | None) -> bool:
    """Tell whether it can run on a kind of system; on one that is not known, all can."""
    return system is None or system in fingerprint.systems
