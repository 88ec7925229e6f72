"""Real OpenSSH servers for the tests marked ``sshd``, a real Azurite for those marked so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import azurite as emulator
import openssh
import pytest
from azurite_blobs import Blobs, blobs_of
from openssh import Server


@pytest.fixture(scope="session")
def client_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a private key that the servers let in."""
    if openssh.SSHD is None:
        pytest.skip("OpenSSH server is not installed: apt-get install openssh-server")
    return openssh.make_key(tmp_path_factory.mktemp("client") / "id_ed25519")


@pytest.fixture(scope="session")
def server(client_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a healthy server, shared by the tests."""
    running = openssh.start(tmp_path_factory.mktemp("sshd") / "healthy", client_key)
    yield running
    running.stop()


@pytest.fixture
def sshd(client_key: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a function that starts a server with options of the test's own."""
    running: list[Server] = []
    numbers = count()

    def start(*options: str, host: str = "127.0.0.1", within: Sequence[str] = ()) -> Server:
        folder = tmp_path / f"sshd-{next(numbers)}"
        running.append(openssh.start(folder, client_key, *options, host=host, within=within))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[emulator.Azurite]:
    """Return a running Azurite, shared by the tests; each makes containers of its own."""
    if missing := emulator.lacking():
        pytest.skip(missing)
    with emulator.azurite(tmp_path_factory.mktemp("azurite")) as running:
        yield running


@pytest.fixture
def blobs(
    azurite: emulator.Azurite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Blobs]:
    """Return two new containers in Azurite, to which the environment leads."""
    with blobs_of(azurite, tmp_path, monkeypatch) as made:
        yield made
