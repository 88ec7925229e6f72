"""What holds for every collector, whoever wrote it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import facts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import FactKey, Known, Observation
from inventory.model.parts import Direction
from inventory.registry import Registry

COLLECTORS = {
    name: plugin.value
    for name, plugin in Registry(
        package="inventory.collectors", attribute="COLLECTOR", kind=Collector
    )
    .all()
    .items()
}
EXAMPLES = [(name, each) for name, one in COLLECTORS.items() for each in one.examples]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OBVIOUS = {
    facts.HOSTNAME,
    facts.OS_FAMILY,
    facts.OS_ID,
    facts.KERNEL,
    facts.ARCHITECTURE,
    facts.CPU_THREADS,
    facts.MEMORY_TOTAL,
    facts.BOOTED_AT,
    facts.FILESYSTEMS,
    facts.INTERFACES,
    facts.LISTENERS,
    facts.CONNECTIONS,
    facts.PROCESSES,
    facts.PYTHON_VERSIONS,
    facts.SUDO,
}
"""What every Linux server tells anybody."""

collectors = pytest.mark.parametrize("name", COLLECTORS)
examples = pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {each.system}" for name, each in EXAMPLES]
)


def run(script: str, *shell: str, path: str = PATH) -> Answer:
    """Ask this machine one question, as the composed script does."""
    done = subprocess.run(
        [*(shell or ("sh",)), "-c", f"({script}\n) </dev/null"],
        env={"LC_ALL": "C", "PATH": path, "SUDO": ""},
        capture_output=True,
        timeout=20,
        check=False,
    )
    return Answer(text=done.stdout.decode(errors="replace"), exit_status=done.returncode)


def read(name: str, text: str) -> tuple[Observation, ...]:
    """Read an answer, and see that only what the collector tells is stated, each key once."""
    told = tuple(COLLECTORS[name].read(Answer(text=text, exit_status=0)))
    keys = [each.key for each in told]
    assert set(keys) <= set(COLLECTORS[name].tells)
    assert len(keys) == len(set(keys))
    return told


@collectors
def test_every_collector_proves_its_reader(name: str) -> None:
    """There is no question without an example of its answer."""
    assert COLLECTORS[name].examples


@examples
def test_the_reader_makes_of_an_example_what_it_says(name: str, example: Example) -> None:
    """What is expected of an example is among what is read."""
    told = read(name, example.text)
    for expected in example.expected:
        assert expected in told


@examples
def test_known_values_have_the_type_that_their_key_declares(name: str, example: Example) -> None:
    """A key's type can be relied on."""
    for each in read(name, example.text):
        if isinstance(each.fact, Known):
            assert isinstance(each.fact.value, get_origin(each.key.kind) or each.key.kind)


@examples
def test_a_cut_answer_is_read_without_failing(name: str, example: Example) -> None:
    """A reader copes with an answer that breaks off at any line, or in the middle of one."""
    for end in range(0, len(example.text), max(1, len(example.text) // 40)):
        read(name, example.text[:end])


@collectors
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_text_is_read_without_failing(name: str, data: st.DataObject) -> None:
    """A reader copes with whatever a server says, however its own lines are shuffled."""
    lines = [
        line for each in COLLECTORS[name].examples for line in each.text.splitlines(keepends=True)
    ]
    text = data.draw(st.lists(st.one_of(st.sampled_from(lines), st.text(max_size=40)), max_size=12))
    read(name, "".join(text))


def test_every_shared_key_is_told_by_some_collector() -> None:
    """No fact that rules and reports rely on is left without a question."""
    shared = {value for value in vars(facts).values() if isinstance(value, FactKey)}
    told = {key for one in COLLECTORS.values() for key in one.tells}
    assert {key.name for key in shared - told} == set()


@collectors
@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_scripts_are_understood_by_the_shells_of_servers(name: str, shell: str) -> None:
    """dash, bash and BusyBox's ash accept every script."""
    found = shutil.which(shell)
    if not found:
        pytest.skip(f"{shell} is not installed")
    command = [found, "sh"] if shell == "busybox" else [found]
    done = subprocess.run(
        [*command, "-n"], input=COLLECTORS[name].script, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@collectors
def test_scripts_pass_shellcheck(name: str) -> None:
    """The shell linter finds nothing, but that SUDO is set elsewhere and is meant to be split."""
    shellcheck = shutil.which("shellcheck")
    if not shellcheck:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(
        [shellcheck, "-s", "sh", "-e", "SC2086,SC2154", "-"],
        input=COLLECTORS[name].script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


@collectors
def test_scripts_write_no_file(name: str) -> None:
    """Whatever is redirected goes to /dev/null or to another stream."""
    targets = re.findall(r">[>|]?\s*(\S+)", COLLECTORS[name].script)
    assert {each.rstrip(";") for each in targets} <= {"/dev/null", "&1", "&2"}


@collectors
def test_this_machine_tells_what_every_server_tells(name: str) -> None:
    """Asked for real, the obvious is known, and nothing is stated that is not told of."""
    for each in read(name, run(COLLECTORS[name].script).text):
        if each.key in OBVIOUS:
            assert isinstance(each.fact, Known), each


@pytest.fixture(scope="session")
def applets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with nothing but BusyBox's tools."""
    busybox = shutil.which("busybox")
    if not busybox:
        pytest.skip("busybox is not installed")
    folder = tmp_path_factory.mktemp("busybox")
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    for applet in listed.stdout.split():
        (folder / applet).symlink_to(busybox)
    return folder


@collectors
def test_busybox_alone_tells_what_every_server_tells(name: str, applets: Path) -> None:
    """A server that has only BusyBox is no stranger."""
    answer = run(COLLECTORS[name].script, str(applets / "sh"), path=str(applets))
    for each in read(name, answer.text):
        if each.key in OBVIOUS:
            assert isinstance(each.fact, Known), each


@pytest.fixture
def conversation() -> Iterator[tuple[int, int]]:
    """Listen, connect, and give both ports."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            yield port, client.getsockname()[1]


def test_a_real_conversation_is_seen(conversation: tuple[int, int]) -> None:
    """A listener is seen, and a connection over loopback is kept apart."""
    port, client_port = conversation
    told = {each.key: each.fact for each in read("sockets", run(COLLECTORS["sockets"].script).text)}
    listeners, connections = told[facts.LISTENERS], told[facts.CONNECTIONS]
    assert isinstance(listeners, Known)
    assert isinstance(connections, Known)
    assert (port, "127.0.0.1") in {(each.port, each.address) for each in listeners.value}
    directions = {
        each.direction
        for each in connections.value
        if {each.local_port, each.remote_port} == {port, client_port}
    }
    assert directions == {Direction.LOOPBACK}
