"""The servers of the demo are what their definition says, and nothing of them gets out."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from fleet import lab, needs_namespaces, ssh

from inventory.errors import UnreachableError
from migrate.demo.fleet import Lab, fleet
from migrate.demo.fleet_lab import network
from migrate.demo.fleet_plan import PORTS, SERVERS, Role, planned
from migrate.demo.fleet_server import await_ready, start, stop
from migrate.demo.fleet_services import software

__all__ = ["lab"]

pytestmark = needs_namespaces

RUNNING = [server.name for server in SERVERS if server.running]


def connections(lab: Lab, name: str, awaited: str) -> list[str]:
    """Return the addresses at the ends of a server's connections, once the awaited one is there."""
    deadline = time.monotonic() + 10
    while True:
        seen = lab.exec(name, ["ss", "-Htn", "state", "established"]).stdout.split()
        if awaited in seen or time.monotonic() > deadline:
            return seen
        time.sleep(0.1)


@pytest.mark.parametrize("name", RUNNING)
def test_each_answers_as_itself(lab: Lab, name: str) -> None:
    """Each server answers by SSH with its own host key, name and machine-id."""
    status, said = ssh(lab, name, "cat /proc/sys/kernel/hostname /etc/hostname /etc/machine-id")

    assert status == 0
    assert said.split() == [name, name, planned(name).machine_id]


@pytest.mark.parametrize("name", RUNNING)
def test_each_serves_what_its_role_says(lab: Lab, name: str) -> None:
    """Each server listens on SSH and its role's port, and on nothing else."""
    listening = lab.exec(name, ["ss", "-Htln"]).stdout.splitlines()

    ports = {int(line.split()[3].rsplit(":", 1)[1]) for line in listening}
    assert ports == set(planned(name).ports)


def test_the_machine_stays_out_of_sight(lab: Lab) -> None:
    """A server sees its own processes and files: no home, no password, no disk of the machine."""
    script = "ls /; ls -A /home /root /opt /mnt; cut -d: -f2 /etc/shadow | sort -u; ls /dev"
    seen = lab.exec("web-1", ["sh", "-c", script]).stdout.split()
    processes = lab.exec("web-1", ["sh", "-c", "cat /proc/[0-9]*/comm"]).stdout.split()

    expected = "bin dev etc home lib lib32 lib64 libx32 opt proc root run sbin srv sys tmp usr var"
    inside = "/home: /root: .ssh /opt: /mnt: * fd full null ptmx pts random shm tty urandom zero"
    assert set(seen) - set(expected.split()) <= set(inside.split())
    assert set(processes) <= {"sh", "sshd", "nginx", "cat"}


@pytest.mark.skipif(software(Role.WEB).stand_in is not None, reason="nginx is not installed")
def test_a_request_goes_through_the_servers(lab: Lab) -> None:
    """The web server answers with what the application says."""
    page = lab.run([sys.executable, "-c", _GET, "http://10.77.0.11/"])

    assert page.stdout == '{"shop": "open", "served_by": "app-1"}'


def test_the_application_keeps_its_database_and_cache_open(lab: Lab) -> None:
    """Real connections run between the servers."""
    database = f"{planned('db-1').address}:{PORTS[Role.DATABASE]}"
    cache = f"{planned('cache-1').address}:{PORTS[Role.CACHE]}"

    assert database in connections(lab, "app-1", database)
    assert cache in connections(lab, "app-1", cache)


def test_stand_ins_take_the_place_of_what_is_not_installed(tmp_path: Path) -> None:
    """Without nginx, PostgreSQL and Redis, the same ports answer and stay connected."""
    with fleet(tmp_path, only=["web-1", "app-1", "db-1", "cache-1"], stand_ins=True) as raised:
        page = raised.run([sys.executable, "-c", _GET, "http://10.77.0.11/"])
        database = f"{planned('db-1').address}:{PORTS[Role.DATABASE]}"

        assert page.stdout == "open\n"
        assert database in connections(raised, "app-1", database)


def test_power_off_ends_one_server_only(tmp_path: Path) -> None:
    """``poweroff`` on a server really ends it: its processes and its address, and no other's."""
    with fleet(tmp_path, only=["app-1", "cache-1"]) as raised:
        status, _ = ssh(raised, "cache-1", "poweroff")
        assert status == 0
        raised.running["cache-1"].process.wait(timeout=10)

        assert ssh(raised, "cache-1", "true")[0] == 255
        assert not raised.running["cache-1"].is_running
        assert ssh(raised, "app-1", "hostname") == (0, "app-1\n")


def test_a_server_has_no_right_to_switch_off_the_machine(lab: Lab) -> None:
    """Root on a server lacks the capabilities that reach beyond it, and the machine's tools."""
    bound = lab.exec("web-1", ["grep", "CapBnd", "/proc/1/status"]).stdout.split()[1]
    tools = ssh(lab, "web-1", "command -v systemctl reboot init telinit")

    assert int(bound, 16) & (_SYS_BOOT | _SYS_MODULE | _SYS_ADMIN | _SYS_RAWIO | _MKNOD) == 0
    assert tools[1] == ""


def test_the_power_off_script_refuses_outside_of_the_demo() -> None:
    """Run by mistake on the machine itself, the script does nothing."""
    script = Path(sys.modules[fleet.__module__].__file__ or "").with_name("fleet_power_off.sh")

    refused = subprocess.run(["sh", script], capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert refused.stderr == "poweroff: this is no server of the demo\n"


def gone(process: Path) -> bool:
    """Tell whether a process is there no more, once the system has had its moment."""
    deadline = time.monotonic() + 20
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not process.exists()


def test_nothing_is_left(tmp_path: Path) -> None:
    """After the fleet is down, no process and no seed of it is there."""
    with fleet(tmp_path, only=["cache-1"]) as raised:
        holder, server = raised.network.pid, raised.running["cache-1"].pid

    assert gone(Path(f"/proc/{holder}"))
    assert gone(Path(f"/proc/{server}"))
    assert not (tmp_path / "seeds").exists()


def test_nothing_is_left_when_whoever_raised_it_is_killed(tmp_path: Path) -> None:
    """Even a kill that cannot be caught takes the servers along."""
    with subprocess.Popen(
        [sys.executable, "-c", _RAISE, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as raiser:
        assert raiser.stdout
        server = Path("/proc", raiser.stdout.readline().strip())
        assert server.exists()
        raiser.kill()

    assert gone(server)


def test_a_server_that_does_not_come_up_is_named(tmp_path: Path) -> None:
    """A service that never listens ends in an error that names the server, within its time."""
    with fleet(tmp_path, only=["cache-1"]) as raised:
        seed = tmp_path / "seeds" / "app-1"
        (seed / "files/etc/decant-demo/ports").write_text("9\n")
        server = start(planned("app-1"), seed, raised.network)
        try:
            with pytest.raises(UnreachableError, match="app-1"):
                await_ready(server, seed, seconds=0.5)
        finally:
            stop(server)


def test_a_lab_is_cut_off_from_everything_else() -> None:
    """A lab's network has its own loopback and bridge, and no way out."""
    with network() as made:
        routes = subprocess.run(
            made.enter("ip", "route"), capture_output=True, text=True, check=True
        )

    assert routes.stdout.split()[:3] == ["10.77.0.0/24", "dev", "br0"]
    assert "default" not in routes.stdout


_GET = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode(), end='')"
_RAISE = """
import sys, time
from pathlib import Path
from migrate.demo.fleet import fleet
with fleet(Path(sys.argv[1]), only=["cache-1"]) as lab:
    print(lab.running["cache-1"].pid, flush=True)
    time.sleep(60)
"""
_SYS_MODULE, _SYS_RAWIO, _SYS_ADMIN, _SYS_BOOT, _MKNOD = (
    1 << number for number in (16, 17, 21, 22, 27)
)
