"""What collectors ask root for is read from their wording, and written so that it means itself."""

from __future__ import annotations

import pytest

from inventory.discovery.privileges import privileged_commands
from inventory.discovery.sudoers import sudoers_file
from inventory.errors import PluginError
from inventory.model.collector import Collector


def commands(script: str, **more: object) -> tuple[tuple[str, ...], ...]:
    """Return what a collector of this wording asks for."""
    value = Collector(script=script, tells=(), read=lambda _: (), examples=(), **more)  # type: ignore[arg-type]
    return privileged_commands({"made": value})


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("privileged ss -tunap", [("ss", "-tunap")]),
        ("if ! privileged ss -a 2>/dev/null; then :; fi", [("ss", "-a")]),
        ("said=$(privileged ps -o 'pid= args=') || :", [("ps", "-o", "pid= args=")]),
        ('privileged grep "a \\"b\\"" "" x | sort', [("grep", 'a "b"', "", "x")]),
        ("privileged find /etc \\\n  ! -name '*.swp' \\\n -exec cat {} +", [
            ("find", "/etc", "!", "-name", "*.swp", "-exec", "cat", "{}", "+")
        ]),
        ("privileged awk '{\n print $1 }' /etc/passwd # why", [
            ("awk", "{\n print $1 }", "/etc/passwd")
        ]),
        ("privileged du -k || privileged du -k", [("du", "-k")]),
        ("echo not-privileged x; $privileged y; unprivileged z", []),
    ],
)  # fmt: skip
def test_each_command_is_read_as_a_shell_reads_it(
    script: str, expected: list[tuple[str, ...]]
) -> None:
    """Quotes, continued lines, redirections and what follows are understood."""
    assert list(commands(script)) == expected


def test_samples_and_guarded_files_count_too() -> None:
    """All guarded files are read by one command."""
    found = commands("", sample="privileged ss -a", guarded=("/b", "/a"))
    assert found == (("ss", "-a"), ("head", "-n", "20000", "/a", "/b", "/dev/null"))


@pytest.mark.parametrize("words", ["ls $folder", "ls /etc/*", 'ls "$x"', "ls `pwd`", "ls /?"])
def test_words_that_are_not_literal_are_refused(words: str) -> None:
    """Sudo could not be told what exactly to allow; the collector is named."""
    with pytest.raises(PluginError, match="'made' asks for privilege with words that are not"):
        commands(f"privileged {words}")


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ((), '""'),
        (("-F:", "a=b", "c,d"), r"-F\: a\=b c\,d"),
        (("a b",), "a b"),
        (("", "x"), r"\ x"),
        (("x", "", "y"), r"x\ \ y"),
        (("*.[ch]?",), r"\*.\[ch\]\?"),
        (("a\\tb",), r"a\\\\tb"),
        (("one\ntwo",), "one?two"),
        (("# no comment",), r"\# no comment"),
    ],
)
def test_arguments_mean_themselves(arguments: tuple[str, ...], written: str) -> None:
    """Neither sudoers' own signs nor those of patterns do anything (proved by sudo in real)."""
    text = sudoers_file("me", [("/opt/tool", *arguments)])
    assert text.endswith(f"me ALL=(root) NOPASSWD: /opt/tool {written}\n")
