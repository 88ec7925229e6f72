"""What of a kernel's command line stays on the server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from inventory.collectors.boot import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.hardware import COMMAND_LINE

SHELLS = pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh", "mksh"])
LINES = {
    "rd.iscsi.password=hunter2 ro": "rd.iscsi.password=*** ro",
    "netroot=iscsi:svc:hunter2@192.0.2.1::3260:: ro": "netroot=*** ro",
    "inst.ks=https://svc:hunter2@ks.example.org/ks.cfg ro": "inst.ks=*** ro",
    "inst.ks=https://ks.example.org/ks.cfg?TOKEN=hunter2 ro": "inst.ks=*** ro",
    "systemd.set_credential=db:hunter2 ro": "systemd.set_credential=*** ro",
    'ro root_passwd="hunter2 hunter2" quiet': "ro",
    "ro quiet -- --login hunter2": "ro quiet",
    "ro vconsole.keymap=gb resume=/dev/vg/swap": "ro vconsole.keymap=*** resume=/dev/vg/swap",
    "ro * root=/dev/[a]": "ro * root=/dev/[a]",
}


@SHELLS
@pytest.mark.parametrize("line", LINES)
def test_no_secret_of_the_command_line_is_sent(tmp_path: Path, shell: str, line: str) -> None:
    """What may be a password is left out by the server itself; all else is told as it is."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "cmdline").write_text(f"{line}\n")
    answer = subprocess.run(
        [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"],
        input=COLLECTOR.script.replace("/proc/cmdline", str(tmp_path / "cmdline")),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout

    assert "hunter2" not in answer
    told = Facts.from_observations(COLLECTOR.read(Answer(text=answer)))
    assert told.value(COMMAND_LINE) == LINES[line]
