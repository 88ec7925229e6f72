"""Roots of servers, made of a release's own packages: built once, kept in a cache, never half.

Ask for one by name with :func:`root`; ``estate.toml`` says which there are. A root is only read:
whoever starts a server from it lays something over it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO, Final

from estate.definition import HERE, RootPlan, definition
from estate.mirror import mirror, why_not_reached

BUILD_SECONDS: Final = 600
"""How long one root may take to build on a busy machine."""
_AT_ONCE: Final = 2
_OPTIONS: Final = (
    "--quiet",
    "--mode=root",
    "--skip=output/mknod",
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=APT::Install-Recommends "false"',
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/info/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
)


class NoRootError(Exception):
    """A root cannot be had here, for a reason that is this machine's and not ours."""


def root(name: str) -> Path:
    """Return the folder of a root; build it when the cache does not hold it.

    Raises:
        NoRootError: there is no mirror, or it cannot be reached.
        RuntimeError: the build failed or took too long; the message ends as its log does.

    """
    return root_of(definition().roots[name])


def root_of(plan: RootPlan, stop: Event | None = None) -> Path:
    """Do what :func:`root` does, for a plan of the caller's own, until ``stop`` is set."""
    made = cache() / f"{plan.name}-{digest(plan)}"
    if not made.exists():
        with _alone(plan.name):
            if not made.exists():
                _build(plan, made, stop or Event())
    return made


def roots(names: Iterable[str]) -> dict[str, Path]:
    """Return several roots, two of them built at a time; whatever interrupts it ends them all."""
    plans = [definition().roots[name] for name in sorted(set(names))]
    stop = Event()
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        try:
            made = pool.map(lambda plan: root_of(plan, stop), plans)
            return {plan.name: folder for plan, folder in zip(plans, made, strict=True)}
        except BaseException:
            stop.set()
            raise


def cache() -> Path:
    """Return the folder that holds the roots, outside of every checkout."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "decant-tests" / "roots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(plan: RootPlan) -> str:
    """Return what a root's content follows from, in a few letters."""
    finish = (HERE / "finishing" / plan.finish).read_text() if plan.finish else ""
    said = "\n".join((plan.suite, plan.variant, *plan.packages, *_OPTIONS, finish))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one process at a time build a root of that name."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(plan: RootPlan, made: Path, stop: Event) -> None:
    """Build beside the final place, and move there what is whole."""
    address = mirror()
    if address is None:
        raise NoRootError("apt has no source of Debian's packages")
    for left in made.parent.glob(f"{plan.name}-????????????.partial"):
        shutil.rmtree(left)
    partial = made.with_name(f"{made.name}.partial")
    try:
        _run_build(plan, partial, address, stop)
        partial.chmod(0o755)
        partial.rename(made)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run_build(plan: RootPlan, folder: Path, address: str, stop: Event) -> None:
    """Run the build's steps; what they said is kept only when one failed."""
    what = (f"--variant={plan.variant}", f"--include={','.join(plan.packages)}", plan.suite)
    steps: list[tuple[str, ...]] = [("mmdebstrap", *_OPTIONS, *what, str(folder), address)]
    if plan.finish:
        steps.append(("sh", str(HERE / "finishing" / plan.finish), str(folder)))
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        for step in steps:
            if _ended(step, out, stop):
                raise _failed(plan, log, address, stop)
    log.unlink()


def _ended(step: tuple[str, ...], out: IO[bytes], stop: Event) -> int:
    """Run a step, which ends with all that it has started when we do; return how it ended."""
    tied = ("setpriv", "--pdeathsig", "KILL", "unshare", "--pid", "--fork", "--kill-child")
    deadline = time.monotonic() + BUILD_SECONDS
    with subprocess.Popen(
        (*tied, "--mount-proc", *step),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
    ) as process:
        try:
            while process.poll() is None and time.monotonic() < deadline:
                if stop.wait(0.1):
                    break
        finally:
            process.kill()
    return process.returncode


def _failed(plan: RootPlan, log: Path, address: str, stop: Event) -> Exception:
    unreached = None if stop.is_set() else why_not_reached(address)
    if unreached:
        return NoRootError(unreached)
    end = log.read_text(errors="replace").splitlines()[-15:]
    return RuntimeError("\n".join((f"the root {plan.name} could not be built:", *end)))
