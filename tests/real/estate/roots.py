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
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
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
        RuntimeError: the build failed; the message ends as its log does.
        subprocess.TimeoutExpired: it took too long.

    """
    return root_of(definition().roots[name])


def root_of(plan: RootPlan) -> Path:
    """Do what :func:`root` does, for a plan of the caller's own."""
    made = cache() / f"{plan.name}-{digest(plan)}"
    if not made.exists():
        with _alone(plan.name):
            if not made.exists():
                _build(plan, made)
    return made


def roots(names: Iterable[str]) -> dict[str, Path]:
    """Return several roots, two of them built at a time."""
    wanted = sorted(set(names))
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(root, wanted), strict=True))


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


def _build(plan: RootPlan, made: Path) -> None:
    """Build beside the final place, and move there what is whole."""
    address = mirror()
    if address is None:
        raise NoRootError("apt has no source of Debian's packages")
    for left in made.parent.glob(f"{plan.name}-????????????.partial"):
        shutil.rmtree(left)
    partial = made.with_name(f"{made.name}.partial")
    try:
        _run_build(plan, partial, address)
        partial.chmod(0o755)
        partial.rename(made)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run_build(plan: RootPlan, folder: Path, address: str) -> None:
    """Run the build's steps; what they said is kept only when one failed."""
    what = (f"--variant={plan.variant}", f"--include={','.join(plan.packages)}", plan.suite)
    steps: list[tuple[str, ...]] = [("mmdebstrap", *_OPTIONS, *what, str(folder), address)]
    if plan.finish:
        steps.append(("sh", str(HERE / "finishing" / plan.finish), str(folder)))
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        for step in steps:
            if _ended(step, out):
                raise _failed(plan, log, address)
    log.unlink()


def _ended(step: tuple[str, ...], out: IO[bytes]) -> int:
    """Run a step, which ends with all that it has started when we do; return how it ended."""
    tied = ("setpriv", "--pdeathsig", "KILL", "unshare", "--pid", "--fork", "--kill-child")
    return subprocess.run(
        (*tied, "--mount-proc", *step),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        timeout=BUILD_SECONDS,
        check=False,
    ).returncode


def _failed(plan: RootPlan, log: Path, address: str) -> Exception:
    unreached = why_not_reached(address)
    if unreached:
        return NoRootError(unreached)
    end = log.read_text(errors="replace").splitlines()[-15:]
    return RuntimeError("\n".join((f"the root {plan.name} could not be built:", *end)))
