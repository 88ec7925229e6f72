"""A clone that stands in a server's place: same disk, same name and keys, other hardware."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from estate.definition import definition
from estate.lab import Lab
from estate.roots import root
from estate.server import Ground, RunningServer, start

from migration.servers import ADDRESSES, within

_OWN_ADDRESS: Final = "10.77.0.45"
_GATEWAY: Final = "10.77.0.1"


@contextmanager
def clone_in_place_of(lab: Lab, name: str, folder: Path) -> Iterator[None]:
    """Let a clone of a server answer at its address; ``folder`` holds the servers' seeds."""
    declared = lab.running[name].declared
    plan = definition().roots[declared.root]
    ground = Ground(
        root=root(declared.root),
        init=plan.init,
        seed=_seed(folder / "seeds", name),
        control_group=lab.control_group / f"{name}-clone",
    )
    clone = start(replace(declared, address=_OWN_ADDRESS), ground, lab.network)
    try:
        within(lab, name, "ip link set eth0 down")
        _inside(clone, "ip address flush dev eth0")
        _inside(clone, f"ip address add {ADDRESSES[name]}/24 broadcast + dev eth0")
        _inside(clone, "until systemctl is-active --quiet ssh; do sleep 0.1; done")
        yield
    finally:
        clone.stop()
        within(lab, name, f"ip link set eth0 up && ip route add default via {_GATEWAY}")


def _seed(seeds: Path, name: str) -> Path:
    """Copy what a server started from, on another board."""
    seed = seeds / f"{name}-clone"
    shutil.copytree(seeds / name / "files", seed / "files", symlinks=True)
    shutil.copytree(seeds / name / "dmi", seed / "dmi")
    (seed / "mount").mkdir()
    (seed / "dmi" / "product_uuid").write_text(f"{uuid.uuid4()}\n")
    return seed


def _inside(server: RunningServer, script: str) -> None:
    done = subprocess.run(
        server.command(["sh", "-c", script]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the clone: {done.stderr}")
