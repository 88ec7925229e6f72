"""What the first process tells of a container, and that nothing else of its environment is sent."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from inventory.collectors.virtualisation import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.facts import VIRTUALISATION


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh", "mksh"])
@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("lxc", "lxc"),
        ("lxc-libvirt", "lxc"),
        ("systemd-nspawn", "systemd-nspawn"),
        ("podman", "podman"),
        ("", None),
    ],
)
def test_a_container_is_named_and_nothing_else_is_sent(
    tmp_path: Path, shell: str, named: str, told: str | None
) -> None:
    """The name is found among the other variables, whatever follows it, in every shell."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "environ").write_bytes(
        b"".join(
            each + b"\0" for each in (b"TERM=linux", b"container=" + named.encode(), b"K=hunter2")
        )
    )
    script = COLLECTOR.script.replace("/proc/1/environ", str(tmp_path / "environ"))
    script = script.replace("/proc/2/comm", str(tmp_path / "none"))
    answer = subprocess.run(
        [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"],
        input=script.replace("/run/systemd/system", str(tmp_path / "none")),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout

    assert "hunter2" not in answer
    assert (
        Facts.from_observations(COLLECTOR.read(Answer(text=answer))).value(VIRTUALISATION) == told
    )
