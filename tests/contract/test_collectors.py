"""What holds for every collector, whoever wrote it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.discovery.answers import answers_of, questions_of, samples_of
from inventory.discovery.compose import Window, compose
from inventory.model import facts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import FactKey, Known, Observation, Reason, Unknown
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


def run(name: str, *shell: str, path: str | None = None) -> Answer:
    """Ask this machine one collector's question, by a composed script; sample it twice.

    It must end by itself, and not because the question's time is up.
    """
    asked = {name: COLLECTORS[name]}
    script = compose(
        questions_of(asked),
        boundary="0123456789abcdef",
        question_seconds=60,
        samples=samples_of(asked),
        window=Window(seconds=1, every_seconds=1),
    )
    if path:
        script = re.sub(r"(?m)^PATH=.*$", f"PATH={path}", script)
    said = subprocess.run(
        [*(shell or ("sh",)), "-s"],
        input=script.encode(),
        capture_output=True,
        timeout=50,
        check=True,
    ).stdout
    answer = answers_of(said, asked, Unknown(reason=Reason.UNREACHABLE))[name]
    assert isinstance(answer, Answer)
    return answer


def read(name: str, answer: Answer) -> tuple[Observation, ...]:
    """Read an answer, and see that only what the collector tells is stated, each key once."""
    told = tuple(COLLECTORS[name].read(answer))
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
    told = read(name, example.answer)
    for expected in example.expected:
        assert expected in told


@examples
def test_known_values_have_the_type_that_their_key_declares(name: str, example: Example) -> None:
    """A key's type can be relied on."""
    for each in read(name, example.answer):
        if isinstance(each.fact, Known):
            assert isinstance(each.fact.value, get_origin(each.key.kind) or each.key.kind)


@examples
def test_a_cut_answer_is_read_without_failing(name: str, example: Example) -> None:
    """A reader copes with an answer that breaks off at any line, or in the middle of one."""
    for end in range(0, len(example.text), max(1, len(example.text) // 40)):
        read(name, replace(example.answer, text=example.text[:end]))
    for path, content in example.files.items():
        for end in range(0, len(content), max(1, len(content) // 10)):
            read(name, replace(example.answer, files={**example.files, path: content[:end]}))


@examples
def test_an_example_holds_only_files_that_the_collector_names(name: str, example: Example) -> None:
    """A reader leans on no file that only another collector asks for."""
    wanted = (*COLLECTORS[name].files, *COLLECTORS[name].guarded)
    for path in (*example.files, *example.denied):
        assert any(fnmatchcase(path, pattern) for pattern in wanted), path


@examples
def test_a_reader_copes_with_whatever_file_is_missing(name: str, example: Example) -> None:
    """Each file may be absent, empty or denied."""
    answer = example.answer
    for path in answer.files:
        rest = {each: content for each, content in answer.files.items() if each != path}
        read(name, replace(answer, files=rest))
        read(name, replace(answer, files=rest, denied=answer.denied | {path}))
        read(name, replace(answer, files={**rest, path: ""}))


@collectors
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_text_is_read_without_failing(name: str, data: st.DataObject) -> None:
    """A reader copes with whatever a server says, however its own lines are shuffled."""
    examples = COLLECTORS[name].examples
    said = [*(each.text for each in examples), *(x for each in examples for x in each.samples)]
    said.extend(content for each in examples for content in each.files.values())
    lines = [line for text in said for line in text.splitlines(keepends=True)]
    texts = st.lists(st.one_of(st.sampled_from(lines or [""]), st.text(max_size=40)), max_size=12)
    paths = sorted({path for each in examples for path in each.files})
    files = data.draw(st.dictionaries(st.sampled_from(paths), texts)) if paths else {}
    answer = Answer(
        text="".join(data.draw(texts)),
        files={path: "".join(content) for path, content in files.items()},
        samples=tuple("".join(each) for each in data.draw(st.lists(texts, max_size=3))),
    )
    read(name, answer)


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
    for script in (COLLECTORS[name].script, COLLECTORS[name].sample):
        done = subprocess.run(
            [*command, "-n"], input=script, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


@collectors
def test_scripts_pass_shellcheck(name: str) -> None:
    """The shell linter finds nothing, but that SUDO is set elsewhere and is meant to be split."""
    shellcheck = shutil.which("shellcheck")
    if not shellcheck:
        pytest.skip("shellcheck is not installed")
    for script in (COLLECTORS[name].script, COLLECTORS[name].sample):
        done = subprocess.run(
            [shellcheck, "-s", "sh", "-e", "SC2086,SC2154", "-"],
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""


@collectors
def test_scripts_write_no_file(name: str) -> None:
    """Whatever is redirected goes to /dev/null or to another stream."""
    script = COLLECTORS[name].script + COLLECTORS[name].sample
    targets = re.findall(r">[>|]?\s*(\S+)", script)
    assert {each.rstrip(";") for each in targets} <= {"/dev/null", "&1", "&2"}


@collectors
def test_this_machine_tells_what_every_server_tells(name: str) -> None:
    """Asked for real, the obvious is known, and nothing is stated that is not told of."""
    for each in read(name, run(name)):
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
    for each in read(name, run(name, str(applets / "sh"), path=str(applets))):
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
    told = {each.key: each.fact for each in read("sockets", run("sockets"))}
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
