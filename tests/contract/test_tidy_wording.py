"""Wording that shares a shell with other questions' leaves that shell as it found it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from inventory.model.collector import Collector
from inventory.registry import Registry

PLUGINS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector).all()
WORDINGS = {
    f"{name}{suffix}": script
    for name, each in PLUGINS.items()
    for suffix, script in (("", each.value.script), ("~", each.value.sample))
    if each.value.tidy and script
}
SHELLS = {"dash": "dash", "bash": "bash", "busybox": "busybox sh", "ksh": "ksh93", "mksh": "mksh"}

_AT_START = r"(?:^|[;&|({]|\b(?:then|do|else|if|while|!)\b)[ \t]*"
_CHANGES = re.compile(
    _AT_START
    + r"(?:(?:exit|cd|exec|trap|umask|export|readonly|alias|unset|ulimit|shopt|\.)\b(?!\))"
    r"|set[ \t]+[-+](?!-(?:\s|$)|f\b)|(?:PATH|LC_ALL|SUDO|ROOT|ENV)=)",
    re.MULTILINE,
)
_TAKEN = re.compile(
    r"\b(?:decant\w*|ask|privileged)[ \t]*\(\)|" + _AT_START + r"decant\w*=", re.MULTILINE
)
_FATAL = re.compile(
    _AT_START + r"(?::|set|eval|shift|break|continue|return|times)[ \t][^;\n|&]*<(?!/dev/null)",
    re.MULTILINE,
)

_HARNESS = r"""
privileged() { "$@"; }
state() {
set -o; pwd; umask; trap; printf '%s\n' "$PATH" "$LC_ALL" "$SUDO" "$ROOT"
for stream in 0 1 2 3 4 5 6 7 8 9; do
if { true <&$stream; } 2>/dev/null; then echo "in $stream"; fi
done
}
question() { eval "$1"; }
before="$-$(state)"
question "$WORDING" >/dev/null
status=$?
unset IFS
set +f
after="$-$(state)"
printf '%s\n' "$status"
if [ "$before" = "$after" ]; then echo same; else printf '%s\n' "$before" "---" "$after"; fi
"""

wordings = pytest.mark.parametrize("name", WORDINGS)


def _run(shell: list[str], wording: str, *, options: str = "") -> list[str]:
    done = subprocess.run(
        [*shell, "-s"],
        input=f"{options}\n{_HARNESS}",
        env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C",
            "SUDO": "",
            "ROOT": "",
            "WORDING": wording,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.splitlines()


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    """Return the words that start each shell that is installed."""
    words = SHELLS[request.param].split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed: apt-get install {request.param}")
    return words


@wordings
def test_nothing_is_worded_that_changes_the_shell(name: str) -> None:
    """No exit, no change of folder, options, streams or environment; no name of the frame's own."""
    bare = re.sub(r"'[^']*'", "''", WORDINGS[name])
    for rule in (_CHANGES, _TAKEN, _FATAL):
        found = rule.search(bare)
        assert found is None, found[0] if found else ""


@wordings
def test_the_shell_is_left_as_it_was_found(name: str, shell: list[str]) -> None:
    """Options, folder, streams, traps and environment are the same before and after."""
    assert _run(shell, WORDINGS[name])[1:] == ["same"]


@wordings
def test_nothing_is_used_that_another_question_may_have_set(name: str) -> None:
    """Every variable is set before it is used: on this machine, and by the linter's reading."""
    assert _run(["dash"], WORDINGS[name], options="set -u")[-1:] == ["same"]
    shellcheck = shutil.which("shellcheck")
    if not shellcheck:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(
        [shellcheck, "-s", "sh", "-i", "SC2154", "-"],
        input=f"SUDO=; ROOT=; from=\n{WORDINGS[name]}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


@pytest.mark.parametrize(
    "wording",
    [
        "exit",
        "if true; then exit 3; fi",
        "cd /",
        "x=1; export x",
        "set -e",
        "exec 5>&1",
        "PATH=/bin",
        "LC_ALL=C.UTF-8",
        "trap : 0",
        ": </no/such/file",
        "set -- </no/such/file",
        "ask() { :; }",
        "decant_number=1",
        "umask 0",
    ],
)
def test_each_breach_is_seen(wording: str) -> None:
    """The rule above can fail."""
    assert any(rule.search(wording) for rule in (_CHANGES, _TAKEN, _FATAL))


@pytest.mark.parametrize(
    "wording", ["set --", "set -f", "set +f", "set -- a b", "return", "read -r x </proc/uptime"]
)
def test_what_the_frame_undoes_may_be_used(wording: str) -> None:
    """Parameters, patterns' switch and the field separator are the question's own."""
    assert not any(rule.search(wording) for rule in (_CHANGES, _TAKEN, _FATAL))


@pytest.mark.parametrize("wording", ["cd /", "umask 0077", "set -e", "exec 7</dev/null"])
def test_a_shell_that_is_left_otherwise_is_seen(wording: str, shell: list[str]) -> None:
    """The comparison can fail."""
    assert _run(shell, wording)[1:] != ["same"]
