"""What may hold a secret in the files that let people in never leaves a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from transplanted import said_below

from inventory.collectors.accounts import COLLECTOR
from inventory.model.accounts import AUTHORIZED_KEYS, SSH_SERVER, SUDO_ALIASES, SUDO_RULES
from inventory.model.collector import Answer
from inventory.model.fact import Facts

HIDDEN = "Tr0ub4dor"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIECGbT6+EmMF9yQy1VDyCzAQPkaT3+MDayIkgSCne3qJ"
SUDOERS = rf"""
# the old password was {HIDDEN}
  # {HIDDEN}
Defaults env_keep += "TOKEN={HIDDEN}"
Defaults passprompt="{HIDDEN}"
root ALL=(ALL:ALL) ALL # {HIDDEN}
Cmnd_Alias DUMP = /usr/bin/mysqldump -p{HIDDEN} shop, /bin/ls, \
    /usr/bin/mysql -u root \
      --password={HIDDEN}, /bin/tar
alice,  bob web-1, web-2 = (root) NOPASSWD: DUMP, /bin/echo {HIDDEN}\, {HIDDEN}, /bin/true
#1000 ALL = ALL
carol ALL = /opt/my\ tools/run --token {HIDDEN} : db-1 = NOPASSWD: /bin/date +{HIDDEN}
@includedir /etc/sudoers.d
dave ALL = /bin/ls -l, /bin/df -h
dave ALL = /bin/ls -a, /bin/df -k
"""
SSHD = f"""
Port 22
Banner /etc/{HIDDEN}
PermitRootLogin=no
Match User sync
  ForceCommand rsync --password {HIDDEN}
  PermitRootLogin yes
Match all
  UsePAM yes
"""
KEYS = f"""
# {HIDDEN}
{KEY} alice@laptop
command="backup --password {HIDDEN}",no-pty,environment="T={HIDDEN}" {KEY} {HIDDEN}
{KEY} the password is {HIDDEN}
"""
AWKS = ("mawk", "gawk", "busybox awk", "original-awk")


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """Make the files below a folder of the test's own."""
    for path, content in {
        "etc/sudoers": SUDOERS,
        "etc/sudoers.d/ops": "%ops ALL=(deploy) NOPASSWD: ALL\n",
        "etc/sudoers.d/ops.bak": f"{HIDDEN} ALL=(ALL) NOPASSWD: ALL\n",
        "etc/ssh/sshd_config": SSHD,
        "root/.ssh/authorized_keys": KEYS,
        "home/bob/.ssh/authorized_keys": f"{KEY}\n",
        "home/bob/notes/deep/authorized_keys": f"{KEY}\n",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


@pytest.mark.parametrize("sudo", [False, True], ids=["as root", "with sudo"])
@pytest.mark.parametrize("awk", AWKS)
def test_no_secret_leaves_and_nothing_else_is_lost(etc: Path, awk: str, *, sudo: bool) -> None:
    """Comments, defaults, arguments and options stay; rules, settings and keys are told."""
    said = said_below(etc, COLLECTOR.script, awk=awk, sudo=sudo)
    assert HIDDEN not in said.replace(f"{HIDDEN} ALL=(ALL) NOPASSWD: ALL", "")
    told = Facts.from_observations(COLLECTOR.read(Answer(text=said)))
    rules = {
        (each.who, each.servers, each.commands, each.run_as, each.without_password)
        for each in told.value(SUDO_RULES) or ()
    }
    assert rules == {
        ("root", "ALL", ("ALL",), "ALL:ALL", False),
        ("alice,bob", "web-1,web-2", ("DUMP", "/bin/echo ...", "/bin/true"), "root", True),
        ("#1000", "ALL", ("ALL",), None, False),
        ("carol", "ALL", ("/opt/my\\ tools/run ...",), None, False),
        ("carol", "db-1", ("/bin/date ...",), None, True),
        ("%ops", "ALL", ("ALL",), "deploy", True),
        ("dave", "ALL", ("/bin/ls ...", "/bin/df ..."), None, False),
    }
    assert len(told.value(SUDO_RULES) or ()) == len(rules)
    assert told.value(SUDO_ALIASES) == (
        "DUMP = /usr/bin/mysqldump ..., /bin/ls, /usr/bin/mysql ..., /bin/tar",
    )
    server = told.value(SSH_SERVER)
    assert server is not None
    assert server.values("permitrootlogin") == ("no",)
    assert server.values("usepam") == ("yes",)
    assert server.exceptions == ("User sync",)
    keys = told.value(AUTHORIZED_KEYS) or ()
    assert {(each.file, each.comment) for each in keys} == {
        ("/root/.ssh/authorized_keys", "alice@laptop"),
        ("/root/.ssh/authorized_keys", None),
        ("/home/bob/.ssh/authorized_keys", None),
    }
