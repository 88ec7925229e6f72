"""Record what real servers of several releases answer, whole, for the tests of the readers.

To be run as root, whenever collectors ask something new, from the folder of the project::

    PYTHONPATH=tests/real python -m estate.record [NAME]...

Without a name, every answer that ``estate.recorded`` lists is made anew.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from estate.definition import Definition, definition
from estate.lab import Lab, raised
from estate.recorded import ANSWERS, AS_USER, RECORDINGS, Recording
from estate.washing import washed
from inventory.discovery.compose import Window
from inventory.discovery.run import ask_all
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.target import Target
from inventory.registry import Registry

_WINDOW = Window(seconds=2, every_seconds=1)
_VISITOR = """set -e
grep -q ^visitor: /etc/passwd && exit 0
echo 'visitor:x:1000:1000::/home/visitor:/bin/sh' >>/etc/passwd
echo 'visitor:x:1000:' >>/etc/group
[ ! -e /etc/shadow ] || echo 'visitor:*:20000:0:99999:7:::' >>/etc/shadow
mkdir -p /home/visitor/.ssh
cp /root/.ssh/authorized_keys /home/visitor/.ssh/
chown -R 1000:1000 /home/visitor
chmod 755 /home /home/visitor
"""
"""What makes an ordinary account that the visitor's key logs in to."""


def main(*names: str) -> None:
    """Raise what the recordings need, and write them."""
    unknown = set(names) - {each.name for each in RECORDINGS}
    if unknown:
        sys.exit(f"estate.recorded lists none of that name: {', '.join(sorted(unknown))}")
    wanted = [each for each in RECORDINGS if not names or each.name in names]
    estate = definition()
    servers = {each.name for each in estate.servers}
    _record(estate, [each for each in wanted if each.server in servers])
    for root in sorted({each.server for each in wanted} - servers):
        _record(estate.alone(root), [each for each in wanted if each.server == root])


def _record(estate: Definition, wanted: list[Recording]) -> None:
    """Raise an estate, make the accounts, and ask; what is to be changed first is changed.

    Whoever is asked as a user, too, has the account whichever answer is recorded.
    """
    if not wanted:
        return
    with (
        tempfile.TemporaryDirectory(prefix="decant-record-") as folder,
        raised(estate, Path(folder)) as lab,
    ):
        for server in {each.server for each in AS_USER} & {each.server for each in wanted}:
            _inside(lab, server, _VISITOR)
        for each in wanted:
            _inside(lab, each.server, each.first)
            _ask(lab, each)


def _inside(lab: Lab, server: str, script: str) -> None:
    done = lab.exec(server, ["sh", "-c", script])
    if done.returncode:
        raise RuntimeError(f"{server}: {done.stderr}")


def _ask(lab: Lab, recording: Recording) -> None:
    """Ask from within the lab's network, and keep the answer."""
    address = lab.definition.server(recording.server).address
    done = subprocess.run(
        lab.network.enter(
            *(sys.executable, "-m", "estate.record", "--ask"),
            *(f"ssh://{recording.user}@{address}", str(lab.key), str(lab.known_hosts)),
        ),
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{recording.name}: {done.stderr.decode()}")
    path = ANSWERS / f"{recording.name}.raw"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(washed(done.stdout))
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


def answer(target: str, key: str, known_hosts: str) -> None:
    """Ask one server, from where it can be reached, and write its raw answer."""
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    access = Access(identities=(Path(key),), use_agent=False, known_hosts=(Path(known_hosts),))
    for visit in ask_all(
        [Target.parse(target)],
        collectors=registry.all(),
        access=access,
        limits=Limits(),
        run_id="recording",
        window=_WINDOW,
    ):
        if visit.unreachable:
            raise RuntimeError(str(visit.unreachable))
        sys.stdout.buffer.write(visit.raw)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        answer(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
