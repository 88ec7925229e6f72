"""An account with nothing but the printed sudoers file gets what root would tell, and no more."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import accounts
import pytest
from accounts import Account, make_account
from click.testing import CliRunner
from openssh import Server, make_key, sign

from inventory.cli.sudoers import COMMAND, _commands
from inventory.discovery.run import ask_all
from inventory.discovery.sudoers import sudoers_file
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.fact import Known
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.registry import Registry
from inventory.session import Session
from inventory.ssh.asker import open_asker

VISUDO = shutil.which("visudo", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
PATH = "/usr/bin:/usr/sbin:/bin:/sbin"
LIMITS = Limits(server_seconds=60)


def printed(user: str = "decant") -> str:
    """Return what the command prints away from any estate."""
    return sudoers_file(user, _commands(None))


@pytest.mark.skipif(VISUDO is None, reason="visudo is not installed: apt-get install sudo")
def test_the_printed_file_is_one(tmp_path: Path) -> None:
    """visudo, which guards the real one, finds no fault in it."""
    file = tmp_path / "decant"
    done = CliRunner().invoke(COMMAND, [], obj=Session(), standalone_mode=False)
    assert done.exception is None, done.exception
    file.write_text(done.output)
    file.chmod(0o440)
    checked = subprocess.run(
        [str(VISUDO), "-c", "-f", str(file)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert done.output.startswith("# What decant discover --sudo may ask of root")


def test_it_is_made_of_what_the_collectors_ask_for() -> None:
    """Each command has its whole arguments; no wildcard stands for any."""
    text = printed("auditor")
    assert "auditor ALL=(root) NOPASSWD: /usr/bin/ss -tunap exclude time-wait\n" in text
    assert "/sys/class/dmi/id/product_uuid" in text
    assert " NOPASSWD: ALL" not in text
    for line in text.splitlines():
        if "NOPASSWD" in line:
            path, _, arguments = line.partition("NOPASSWD: ")[2].partition(" ")
            assert path.startswith(("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"))
            assert arguments


@pytest.mark.parametrize("user", ["root ALL", "%wheel", "a,b", "", "#0"])
def test_a_name_that_would_mean_more_is_refused(user: str) -> None:
    """Nothing but an account's name gets into the file."""
    done = CliRunner().invoke(COMMAND, ["--user", user], obj=Session(), standalone_mode=False)
    assert "is no name of an account" in str(done.exception)
    assert "NOPASSWD" not in done.output


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Make an account that sudo allows what is printed, and nothing else."""
    if accounts.missing() or not shutil.which("sudo"):
        pytest.skip(accounts.missing() or "sudo is not installed: apt-get install sudo")
    folder = Path(tempfile.mkdtemp(prefix="decant-test-"))
    sudoers = f"root ALL=(ALL:ALL) ALL\n{printed(accounts.NAME)}"
    yield make_account(folder, covered={"/etc/sudoers": sudoers})
    shutil.rmtree(folder)


@pytest.fixture
def privileged(
    sshd: Callable[..., Server], account: Account, tmp_path: Path
) -> tuple[Target, Access]:
    """Start a server that lets the account in; return it, and what gets in."""
    authority = make_key(tmp_path / "authority")
    server = sshd(
        f"TrustedUserCAKeys {authority}.pub", "AuthorizedKeysFile none", within=account.within
    )
    key = make_key(tmp_path / "me")
    sign(key, authority, "-n", accounts.NAME)
    allowed = replace(server.access(tmp_path / "known"), identities=(key,), sudo=True)
    return replace(server.target, user=accounts.NAME), allowed


@pytest.mark.sshd
@pytest.mark.namespaces
def test_sudo_allows_every_command_and_nothing_beside(
    privileged: tuple[Target, Access],
) -> None:
    """Sudo itself is asked of each command whose tool is here; a word more or less is refused."""
    target, allowed = privileged
    wanted = [each for each in _commands(None) if shutil.which(each[0], path=PATH)]
    assert len(wanted) > 10
    refused = (
        "cat /etc/shadow",
        "ss -tunap",
        "ss -K",
        "head -n 20000 /etc/shadow",
        "ls /etc/ssl/private",
        "find / -delete",
        "awk 1 /etc/shadow",
        "sh -c id",
    )
    lines = [f"PATH={PATH}"]
    lines += [f"sudo -n -l {shlex.join(each)} >/dev/null 2>&1; echo $?" for each in wanted]
    lines += [f"sudo -n -l {each} >/dev/null 2>&1; echo $?" for each in refused]
    with closing(open_asker(allowed)) as asker:
        said = asker.ask(target, "\n".join(lines), LIMITS).stdout.decode().split()
    answers = dict(zip([*map(shlex.join, wanted), *refused], said, strict=True))
    assert {name for name in map(shlex.join, wanted) if answers[name] != "0"} == set()
    assert {name for name in refused if answers[name] == "0"} == set()


@pytest.mark.sshd
@pytest.mark.namespaces
def test_the_account_is_told_what_root_is_told(privileged: tuple[Target, Access]) -> None:
    """With sudo more is known than without, and all that needs root is among it."""
    target, allowed = privileged
    with_sudo = facts(target, allowed)
    without = facts(target, replace(allowed, sudo=False))
    gained = known(with_sudo) - known(without)
    assert known(without) <= known(with_sudo)
    assert {"accounts.sudo_rules", "accounts.authorized_keys"} <= gained


def facts(target: Target, allowed: Access) -> Visit:
    """Ask everything, and return what was told."""
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    (visit,) = ask_all(
        [target],
        collectors={n: p for n, p in registry.all().items() if not p.value.optional},
        access=allowed,
        limits=LIMITS,
        run_id="run-1",
        clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert visit.unreachable is None
    return visit


def known(visit: Visit) -> set[str]:
    """Return the names of the facts that are known."""
    return {each.key.name for each in visit.observations if isinstance(each.fact, Known)}
