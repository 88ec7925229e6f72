"""What a process that somebody named on purpose can make a reader believe: nothing of another."""

from __future__ import annotations

import pytest

from inventory.collectors.processes import COLLECTOR
from inventory.model.collector import Answer
from inventory.model.fact import Known
from inventory.model.parts import Process

_STAT = "S 1 1 1 0 -1 4194560 13 0 0 0 50 103 4 5 20 0 1 0 3 1 1"
_FIRST = f"1 (init) {_STAT}\nUid:\t0\t0\t0\t0\n0::/init.scope\n"


def processes(blocks: str, *commands: str) -> dict[int, Process]:
    """Read blocks as the server's script sends them."""
    said = "\n".join(commands)
    text = f"@@ self\n0\n@@ blocks\n{blocks}@@ commands\n/proc/1/cmdline:/sbin/init\t\n{said}\n"
    [told] = COLLECTOR.read(Answer(text=text))
    assert isinstance(told.fact, Known)
    return {each.pid: each for each in told.fact.value}


def test_a_name_with_a_line_break_gives_no_other_user() -> None:
    """A process that calls itself ``a``, ``Uid: 0`` on the next line, is not told as root's."""
    named = f"70 (a\nUid:\t0\t0\t0\t0\nUid:\t1000\t1000\t1000\t1000\n{_FIRST}"
    found = processes(named, "/proc/70/cmdline:/tmp/a\t")
    assert (found[70].name, found[70].user) == ("a", None)
    assert found[1].user == "0"


def test_a_block_that_comes_twice_is_believed_neither_time() -> None:
    """What a group's name feigns of another process does not stand beside what the kernel says."""
    feigned = f"70 (web) {_STAT}\nUid:\t0\t0\t0\t0\n0::/a\n"
    real = f"70 (web) {_STAT}\nUid:\t33\t33\t33\t33\n"
    found = processes(f"{_FIRST}{feigned}{real}", "/proc/70/cmdline:/usr/bin/web\t")
    assert (found[70].name, found[70].user, found[70].unit) == ("web", None, None)


@pytest.mark.parametrize("name", ["a) S 9 (b", "((sd-pam))", "my app", ") ", "x: y"])
def test_a_name_may_hold_what_parts_fields(name: str) -> None:
    """Brackets and blanks of a name are a part of it."""
    block = f"70 ({name}) {_STAT}\nUid:\t33\t33\t33\t33\nVmRSS:\t  12 kB\n0::/x.service\n"
    [*_, told] = processes(f"{_FIRST}{block}", "/proc/70/cmdline:/usr/bin/web\t").values()
    assert (told.name, told.user, told.memory_bytes) == (name, "33", 12 * 1024)
    assert (told.parent_pid, told.unit, told.cpu_seconds) == (1, "x.service", 1.53)


def test_a_process_that_ended_between_the_two_looks_is_not_told() -> None:
    """What the question itself started, and whatever else has no block, is no running process."""
    found = processes(_FIRST, "/proc/70/cmdline:grep\t-Has\t-m\t1\t")
    assert list(found) == [1]
