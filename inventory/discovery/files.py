"""The files that collectors name, read by one process for all of them; wording and reading.

``head`` writes each file's content after a line ``==> PATH <==`` when it is given more than one,
in coreutils, BusyBox, the BSDs and Solaris alike. A file of more lines than the limit is cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LINES: Final = 20_000
_SECONDS: Final = 2
"""What one file may take when they are read one by one."""
_PATTERN: Final = re.compile(r"/[A-Za-z0-9_./*?\[\]!:@+,-]+\Z")
_EXACT: Final = re.compile(r"/[A-Za-z0-9_./:@+,-]+\Z")
_OPENING: Final = "\n==> "
_CLOSING: Final = " <=="
_NAMES: Final = ("/", f"denied{_CLOSING}", f"stuck{_CLOSING}")
"""How what stands in a heading begins: a path, or one of the words that the question adds."""
_DENIED: Final = ": Permission denied"

# Stream 5 is the answer, so that what head complains of can be looked at by itself. That costs as
# much as reading the files, for most of what is named is nowhere, so it is looked at only where
# something may be denied: root of the first user namespace, whom SELinux does not confine, is
# denied nothing. Begun again, because one file kept all the others waiting, it gives each file a
# short limit of its own.
_SCRIPT: Final = """unbarred() {{
if ! [ -w /proc/sys/kernel/hostname ] || ! [ -r /proc/1/environ ]; then return 1; fi
first= second= third= label=:unconfined_t:
read -r first second third </proc/self/uid_map
if [ -e /sys/fs/selinux/enforce ]; then read -r label </proc/self/attr/current; fi
case "$first $second $third $label" in '0 0 4294967295 '*:unconfined_t:*) ;; *) return 1 ;; esac
}}
there() {{ [ -e "$1" ]; }}
told=
found=
{grouped}# shellcheck disable=SC2086
set -- {files} $found /dev/null
{guarded}if [ "$decant_from" -gt 1 ]; then
for file in "$@"; do
told="$told
$(timeout {seconds} head -n {lines} "$file" /dev/null 2>&1 >&5)"
case $? in 0|1) ;; *) printf '\\n==> stuck <==\\n%s' "$file" ;; esac
echo
done 5>&1
elif unbarred; then
head -n {lines} "$@"
else
{{ told=$(head -n {lines} "$@" 2>&1 >&5); }} 5>&1
fi
case $told in *'ermission denied'*)
printf '\\n==> denied <==\\n'
IFS='
'
set -f
for line in $told; do case $line in *'ermission denied'*) printf '%s\\n' "$line" ;; esac; done
esac
:"""
_GROUP: Final = """if there {place}; then found="$found {files}"; fi
"""
_GROUPED: Final = 3
"""As many files of one place are not looked for where that place is not. In /sys alone: it hides no
folder from anybody, so that no file there is denied by its folder."""
_PLACE: Final = re.compile(r"/sys/(?:[^*?\[]*/)?(?:[^/]*[*?\[][^/]*(?=/)|(?=[^/]*\Z))")
_GUARDED: Final = """if [ "$SUDO" ]; then privileged {command}; echo
else set -- "$@" {guarded}; fi
"""


@dataclass(frozen=True, kw_only=True)
class FilesRead:
    """What came of the files."""

    content: Mapping[str, str] = field(default_factory=dict)
    """By path."""
    denied: frozenset[str] = frozenset()
    """Paths that are there and may not be read."""
    stuck: frozenset[str] = frozenset()
    """Paths of which nobody knows what they hold: reading them did not end."""


def script_for(files: Iterable[str], guarded: Iterable[str]) -> str:
    """Return the question that reads all of them; empty when there are none.

    Raises:
        PluginError: a path cannot be put into a script, or a guarded one is a pattern.

    """
    wanted = _checked(files, _PATTERN, "is no path or pattern that a shell can be given")
    exact = _checked(guarded, _EXACT, "is no whole path, as a guarded file must be")
    if not wanted and not exact:
        return ""
    places = _by_place(wanted)
    grouped = [_GROUP.format(place=place, files=" ".join(of)) for place, of in places.items()]
    lone = [path for path in wanted if not any(path in of for of in places.values())]
    before = _GUARDED.format(command=guarded_command(exact), guarded=" ".join(exact))
    return _SCRIPT.format(
        guarded=before if exact else "",
        grouped="".join(grouped),
        files=" ".join(lone),
        lines=LINES,
        seconds=_SECONDS,
    )


def _by_place(wanted: Iterable[str]) -> dict[str, list[str]]:
    """Return the files that share a place with so many others, by that place."""
    places: dict[str, list[str]] = {}
    for path in wanted:
        if found := _PLACE.match(path):
            places.setdefault(found[0], []).append(path)
    return {place: of for place, of in places.items() if len(of) >= _GROUPED}


def guarded_command(guarded: Iterable[str]) -> str:
    """Return the one command by which root may be asked for the guarded files."""
    return " ".join([f"head -n {LINES}", *sorted(set(guarded)), "/dev/null"])


def read_files(text: str) -> FilesRead:
    """Return what the question's answer holds; never raises."""
    content: dict[str, str] = {}
    denied: frozenset[str] = frozenset()
    stuck: set[str] = set()
    for path, said in _parts(f"\n{text}"):
        if path == "denied":
            denied = frozenset(filter(None, map(_denied, said.split("\n"))))
        elif path == "stuck":
            stuck.add(said.strip("\n"))
        else:
            content.setdefault(path, said)
    return FilesRead(content=content, denied=denied, stuck=frozenset(stuck))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands after each heading, with its path; searched by hand, which is quick."""
    path, start, position = "", 0, 0
    while (begin := text.find(_OPENING, position)) >= 0:
        position = text.find("\n", begin + 1)
        if position < 0:
            break
        line = text[begin + len(_OPENING) : position]
        if line.endswith(_CLOSING) and line.startswith(_NAMES):
            if path:
                yield path, text[start:begin]
            path = line.removesuffix(_CLOSING)
            position += 1
            start = position
    if path:
        yield path, text[start:]


def _denied(complaint: str) -> str:
    """Return which file may not be read; empty when the complaint is another.

    ``head: /root/x: Permission denied``, or ``cannot open '/root/x' for reading:`` with coreutils.
    """
    said = complaint.removesuffix(_DENIED)
    _, _, named = said.removesuffix(" for reading").removesuffix("'").partition(": ")
    _, slash, path = named.partition("/")
    return slash + path if said != complaint else ""


def _checked(paths: Iterable[str], form: re.Pattern[str], fault: str) -> list[str]:
    listed = sorted(set(paths))
    for path in listed:
        if not form.match(path):
            raise PluginError(
                f"{path!r} {fault}", hint="write an absolute path without blanks and quotes"
            )
    return listed
