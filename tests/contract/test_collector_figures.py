"""Readers meet figures that no server should say, in the middle of what servers do say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inventory.model.accounts import SSH_SERVER
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Known
from inventory.model.facts import LISTENERS, SERVICES
from inventory.model.network import CLOCK
from inventory.model.storage import SHARES
from inventory.model.utilisation import HISTORY
from inventory.registry import Registry

COLLECTORS = {
    name: plugin.value
    for name, plugin in Registry(
        package="inventory.collectors", attribute="COLLECTOR", kind=Collector
    )
    .all()
    .items()
}
FIGURE = re.compile(r"[0-9][0-9A-Fa-f.:]*")
STRANGE = (
    "9" * 5000,
    "9" * 20,
    "9" * 18,
    "9" * 13,
    "0",
    "",
    "-1",
    "inf",
    "nan",
    "²",
    "1e999",
    "999.1.1.1",
    "::1%é",
)
"""Longer than Python turns into a number; than 64 bits; than a calendar; none; and other traps."""
MOST = 60
"""How many figures of one text are tried, evenly chosen."""


def variants(text: str) -> Iterator[str]:
    """Yield a text with one of its figures replaced, a line said twice, or a word left out."""
    found = list(FIGURE.finditer(text))
    for match in found[:: 1 + len(found) // MOST]:
        for figure in STRANGE:
            yield text[: match.start()] + figure + text[match.end() :]
    lines = text.splitlines(keepends=True)
    for number in range(0, len(lines), 1 + len(lines) // 20):
        before, line, after = lines[:number], lines[number], lines[number + 1 :]
        words = line.split(" ")
        yield "".join((*before, line, line, *after))
        for left_out in range(min(len(words), 12)):
            rest = " ".join(words[:left_out] + words[left_out + 1 :])
            yield "".join((*before, rest, *after))
            yield "".join((*before, line, rest, *after))


def answers(answer: Answer) -> Iterator[Answer]:
    """Yield an answer with one of its texts varied."""
    for text in variants(answer.text):
        yield replace(answer, text=text)
    for path, content in answer.files.items():
        for text in variants(content):
            yield replace(answer, files={**answer.files, path: text})
    for number, sample in enumerate(answer.samples):
        for text in variants(sample):
            samples = (*answer.samples[:number], text, *answer.samples[number + 1 :])
            yield replace(answer, samples=samples)


@pytest.mark.parametrize("name", COLLECTORS)
def test_no_figure_is_too_strange(name: str) -> None:
    """Whatever stands in a figure's place, a line twice or a word less: no reader raises."""
    for example in COLLECTORS[name].examples:
        for answer in answers(example.answer):
            COLLECTORS[name].read(answer)


def test_a_section_of_one_file_is_none_of_the_next() -> None:
    """A file that begins without a heading, after another's, has a section of its own."""
    text = "@@ shares\n/a:[one]\n/b:[two]\n/b:path = /srv/two\n/a:path = /srv/one\n"
    told = {each.key: each.fact for each in COLLECTORS["shares"].read(Answer(text=text))}
    fact = told[SHARES]
    assert isinstance(fact, Known)
    assert "two" in {each.name for each in fact.value}


def test_sar_may_round_a_share_of_memory_away() -> None:
    """Nothing used, and yet a share of it: the interval is left out, and the rest is read."""
    heading, row = (
        "# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused;kbbuffers;kbcached",
        "a;600;2026-11-23 04:{}0:01 UTC;{};100;{};25.00;0;0",
    )
    rows = (row.format(1, 0, 0), row.format(2, 300, 100), row.format(3, "nan", "inf"))
    answer = Answer(text="\n".join(("@@ sar", heading, *rows, "")))
    told = {each.key: each.fact for each in COLLECTORS["usage-history"].read(answer)}
    fact = told[HISTORY]
    assert isinstance(fact, Known)
    assert [each.samples for each in fact.value] == [1]


def test_a_day_that_no_calendar_has_is_no_time() -> None:
    """A clock that tells month 48 is not known, and fails nothing else."""
    text = "@@ date\n%s +0000 UTC 2027-48-03T20:55:11\n"
    told = {each.key: each.fact for each in COLLECTORS["time"].read(Answer(text=text))}
    assert not isinstance(told[CLOCK], Known)


def test_unit_files_alone_do_not_tell_what_runs() -> None:
    """Where systemctl did not answer, no service is said to be stopped."""
    text = "@@ systemd\n@@ systemd-files\n/usr/lib/systemd/system/ssh.service\n"
    told = {each.key: each.fact for each in COLLECTORS["services"].read(Answer(text=text))}
    assert not isinstance(told[SERVICES], Known)


def test_proc_net_is_read_without_its_headings() -> None:
    """Grep passes over the headings, which have no colon."""
    text = "@@ proc\n/proc/net/tcp:   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:0 0\n"
    told = {each.key: each.fact for each in COLLECTORS["sockets"].read(Answer(text=text))}
    fact = told[LISTENERS]
    assert isinstance(fact, Known)
    assert [each.port for each in fact.value] == [22]


def test_files_that_include_each_other_are_read_in_no_time() -> None:
    """Each of twelve files names all of them, thrice: a few lines, and not a day's work."""
    main, folder = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"
    names = [main, *(f"{folder}/{letter}.conf" for letter in "abcdefghijk")]
    lines = [f"read:{name}\n" + f"{name}:Include {folder}/*\n" * 3 for name in names]
    text = "".join(f"there:{name}\n" for name in names) + "".join(lines) + "looked\n"
    began = time.process_time()
    told = {each.key: each.fact for each in COLLECTORS["accounts"].read(Answer(text=text))}
    assert isinstance(told[SSH_SERVER], Known)
    assert time.process_time() - began < 2
