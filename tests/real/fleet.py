"""The demo's servers for tests: import ``needs_namespaces`` and the fixture ``lab``.

A module says ``pytestmark = needs_namespaces``; a fixture ``lab`` raises the fleet once for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrate.demo.fleet import Lab, fleet
from migrate.demo.fleet_needs import why_not

_WHY_NOT = why_not()

needs_namespaces = [
    pytest.mark.namespaces,
    pytest.mark.skipif(_WHY_NOT is not None, reason=f"servers in namespaces: {_WHY_NOT}"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Raise every server of the demo, once for the module."""
    with fleet(tmp_path_factory.mktemp("fleet")) as raised:
        yield raised


def ssh(lab: Lab, name: str, command: str) -> tuple[int, str]:
    """Run a command on a server by OpenSSH's own client; return its exit code and output."""
    options = ("BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=5")
    done = lab.run(
        [
            *("ssh", "-F", "none", "-i", str(lab.key)),
            *("-o", f"UserKnownHostsFile={lab.known_hosts}"),
            *(word for option in options for word in ("-o", option)),
            f"root@{lab.servers[name].address}",
            command,
        ]
    )
    return done.returncode, done.stdout
