"""What the question about shares picks out on the server, and what it leaves there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from inventory.collectors.shares import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.model.storage import PRINTERS, SHARES, Printer, Share

SMB = """\
[global]
   workgroup = COUNCIL
   ldap admin dn = cn=admin,dc=example
   passwd chat = *hunter2*
   add user script = /usr/sbin/useradd -p hunter2 %u
   include = {more}
# [commented]
[Plans]
   comment = password is hunter2
   path = /srv/plans
   Read Only = No
"""
MORE = "[archive]\n  path = /srv/archive\n  guest ok = yes\n  preexec = mount -o pass=hunter2\n"
RSYNC = "secrets file = /etc/rsync.hunter2\n[mirror]\n  path = /srv/mirror\n  read only = yes\n"
PRINTERS_CONF = """\
# Printer configuration file for CUPS v2.4.2
<DefaultPrinter reception>
Info Printer hunter2
DeviceURI smb://svc:hunter2@print.example.org/reception
</DefaultPrinter>
<Printer label>
DeviceURI socket://192.0.2.9:9100?token=hunter2
AuthInfoRequired username,password
</Printer>
"""


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox", "ksh", "mksh"])
def test_shares_and_printers_are_told_without_secrets(tmp_path: Path, shell: str) -> None:
    """What names shares and queues is sent; whatever may hold a password is not."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    contents = {
        "/etc/samba/smb.conf": SMB.format(more=tmp_path / "more.conf"),
        "/etc/rsyncd.conf": RSYNC,
        "/etc/cups/printers.conf": PRINTERS_CONF,
    }
    (tmp_path / "more.conf").write_text(MORE)
    script = COLLECTOR.script
    for path, content in contents.items():
        (tmp_path / Path(path).name).write_text(content)
        script = script.replace(f" {path}", f" {tmp_path / Path(path).name}")
    answer = subprocess.run(
        [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"],
        input=f'privileged() {{ "$@"; }}\n{script}',
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout

    assert "hunter2" not in answer
    told = Facts.from_observations(COLLECTOR.read(Answer(text=answer)))
    assert told.value(SHARES) == (
        Share(name="mirror", protocol="rsync", path="/srv/mirror", read_only=True),
        Share(name="Plans", protocol="smb", path="/srv/plans", read_only=False),
        Share(name="archive", protocol="smb", path="/srv/archive", guests=True),
    )
    assert told.value(PRINTERS) == (
        Printer(name="label", address="socket://192.0.2.9:9100"),
        Printer(name="reception", address="smb:***@print.example.org/reception"),
    )
