"""Trying a mutant: in a process of its own, forked with everything else imported already.

Nothing is written to a file: the mutant is what the child imports in the place of the module.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location, spec_from_loader
from types import ModuleType

import pytest
from hypothesis import Phase, settings

from benchmarks.mutation.direct import any_fails
from benchmarks.mutation.imports import ROOT, dependents, module_of
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.reach import Reach

_MEMORY_BYTES = 3 * 2**30
_SURVIVED, _KILLED_BY_EXAMPLE, _KILLED_BY_TEST = 0, 1, 2


class Outcome(Enum):
    """What became of a mutant."""

    EXAMPLE = "killed by a rule's examples"
    TEST = "killed by a test"
    BROKEN = "killed: it cannot be imported, or ends the process"
    TIME = "timed out"
    SURVIVED = "survived"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What can kill mutants."""

    reach: Reach | None
    """Which tests reach which line; None to leave the tests out: of a rule's file its examples take
    milliseconds, the tests seconds."""
    settled: frozenset[tuple[str, str]] = frozenset()
    """Which rule is settled otherwise about which fact: as the contract of rules says."""
    direct: tuple[str, ...] = ()
    """Modules of tests that are called themselves, without pytest; then nothing else is tried."""
    limit_seconds: int = 120

    def warm(self) -> None:
        """Import and read once what every child needs, and see that every rule keeps its promises.

        Raises:
            RuntimeError: a rule breaks one, or a test fails, without any fault.

        """
        if self.direct:
            if any_fails(self.direct):
                raise RuntimeError("a test fails without any fault")
            return
        for name in sorted(dependents("migrate.model.rule")):
            if name.startswith(("migrate.judging.", "migrate.sizing.", "migrate.rules.")):
                import_module(name)
            if name.startswith("migrate.rules.") and _breaks(name, self.settled):
                raise RuntimeError(f"{name} breaks a promise without any fault")

    def outcome(self, mutant: Mutant) -> Outcome:
        """Tell what becomes of a mutant."""
        tests = self.reach.tests_of(mutant.path, mutant.line) if self.reach else []
        dependents(module_of(mutant.path))  # read once, before there are children
        child = os.fork()
        if child == 0:
            self._die(mutant, tests)
        return self._waited(child)

    def _waited(self, child: int) -> Outcome:
        until = time.monotonic() + self.limit_seconds
        while time.monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return _told(os.waitstatus_to_exitcode(status))
            time.sleep(0.01)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return Outcome.TIME

    def _die(self, mutant: Mutant, tests: Sequence[str]) -> None:
        os.setpgid(0, 0)
        os.chdir(ROOT)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        code = 3
        try:
            code = self._tried(mutant, tests)
        finally:
            os._exit(code)

    def _tried(self, mutant: Mutant, tests: Sequence[str]) -> int:
        module = module_of(mutant.path)
        stale = {module, *dependents(module)}
        for name in stale:
            _forget(name)
        sys.meta_path.insert(0, _Mutated(module, mutant.source))
        if self.direct:
            return _KILLED_BY_TEST if any_fails(self.direct) else _SURVIVED
        rules = [name for name in stale if name.startswith("migrate.rules.")]
        if any(_breaks(name, self.settled) for name in sorted(rules)):
            return _KILLED_BY_EXAMPLE
        settings.register_profile(
            "mutation", database=None, phases=[Phase.explicit, Phase.generate]
        )
        settings.load_profile("mutation")
        options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", f"--rootdir={ROOT}"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # pytest is imported before
        if tests and pytest.main([*options, *tests]) != pytest.ExitCode.OK:
            return _KILLED_BY_TEST
        return _SURVIVED


def _told(code: int) -> Outcome:
    told = {
        _SURVIVED: Outcome.SURVIVED,
        _KILLED_BY_EXAMPLE: Outcome.EXAMPLE,
        _KILLED_BY_TEST: Outcome.TEST,
    }
    return told.get(code, Outcome.BROKEN)


def _breaks(module: str, settled: frozenset[tuple[str, str]]) -> bool:
    from inventory.registry import Registry
    from migrate.catalogue.surroundings import example_surroundings
    from migrate.judging.proving import prove
    from migrate.model.rule import Rule

    name = module.rpartition(".")[2].replace("_", "-")
    plugin = Registry(package="migrate.rules", attribute="RULE", kind=Rule).one(name)
    excused = {key for rule, key in settled if rule == name}
    return prove(plugin, example_surroundings(), excused=excused) != ()


def _forget(module: str) -> None:
    sys.modules.pop(module, None)
    package, _dot, name = module.rpartition(".")
    if hasattr(sys.modules.get(package), name):
        delattr(sys.modules[package], name)


class _Mutated(MetaPathFinder, Loader):
    """Gives one module another source."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        """Find that module only."""
        if name != self._module:
            return None
        spec = spec_from_loader(name, self)
        if spec:
            spec.origin = str(ROOT.joinpath(*name.split(".")).with_suffix(".py"))
            spec.has_location = True
        return spec

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        """Let Python make it."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the other source in it."""
        exec(compile(self._source, str(module.__file__), "exec"), module.__dict__)  # noqa: S102 - a mutant of our own file


def settled_otherwise() -> frozenset[tuple[str, str]]:
    """Return what the contract of rules excuses."""
    spec = spec_from_file_location("contract_of_rules", ROOT / "tests/contract/test_rules.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/contract/test_rules.py")
    module = ModuleType(spec.name)
    module.__file__ = spec.origin
    spec.loader.exec_module(module)
    return frozenset(module.SETTLED_OTHERWISE)
