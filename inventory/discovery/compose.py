"""Every question of a run, put into one POSIX shell script.

The script works in dash, bash, busybox ash and ksh. It defines one function and then calls it, so
that the shell has read all of it before anything runs, and what never arrived whole never runs.
It writes no file and reads no input.

What it says is framed::

    DECANT 1 BOUNDARY
    @BOUNDARY begin QUESTION
    …the answer, byte for byte…
    @BOUNDARY end QUESTION STATUS

Each frame line begins with a line feed of its own, so an answer may end as it likes. The boundary
is random for each run and never among a process's arguments, so no answer can hold a frame.

The files that collectors name are one question, ``files``. When a window of time is sampled, what
is sampled follows all the questions, each time in frames of its own, ``QUESTION~NUMBER``.

Starting ``timeout`` costs more than most questions, so one ``timeout`` bounds as many questions as
end within one question's limit. When it strikes, the question that was under way is begun again,
alone under a full limit; when that is not enough either, it is told as stopped (status 124). So
each question has its full limit, and costs one process beside its own.

A subshell costs a server more than all that most questions do. So wording that is :class:`Tidy`
runs in the shell that asks, and any other in a subshell of its own. Where a tidy one ends that
shell all the same, as a fault of its own may, its status is told and the rest is asked by another
shell: there too, a question costs only itself. A shell that was hung up on, or whose answer nobody
takes any more, is the last. Words in quotes are read twice, which costs more than many a question:
wording that is :class:`Sound` stands there bare.

``timeout`` is understood as GNU coreutils and busybox have it, old and new: when none of the
questions was come to, it was told its limit in a way that it does not understand, and is told so
in the next. A server without it bounds no question: there only the limit for the whole server
holds. Busybox's stops a shell alone: what that shell had started may hold the exchange open, up to
the same limit, though every answer has come.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROTOCOL = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_BOUNDARY = re.compile(r"[0-9a-f]{16,64}\Z")
_LONGEST_BYTES = 128 * 1024 - 64
"""What one variable can hold: Linux refuses one of 128 KiB with its name (MAX_ARG_STRLEN)."""
_VARIABLE_BYTES = 96 * 1024
"""What one is given to hold."""
_ALL_BYTES = 1024 * 1024
"""What all of them may hold: half of what Linux gives arguments and variables together."""

# Its stream 3 tells the loop below which question it has come to; 4 is the answer itself. What a
# question may leave behind in the shell, its variables, must not be one of these.
_QUESTIONS = r"""decant_from=$1
decant_failed=$2
decant_status=$3
decant_number=0
decant_end=
decant_tidy() { eval "$1"; }
ask() {
decant_number=$((decant_number + 1))
if [ "$decant_number" -lt "$decant_from" ]; then
if [ "$decant_number" -eq "$decant_failed" ]
then printf '\n@{boundary} end %s %s\n' "$1" "$decant_status"; fi
return
fi
echo "$decant_number" >&3
{asked_one}
}
{questions}
printf '%s' "$decant_end"
echo all >&3
"""
# The end of one answer is said together with the beginning of the next: each piece that is written
# by itself is a packet, which costs both sides.
_ASKED_ONE = r"""printf '%s\n@{boundary} begin %s\n' "$decant_end" "$1{nth}"
decant_end=
if [ "$2" ]; then
"$2" ${3+"$3"} 3>&- 4>&-
decant_end="
@{boundary} end $1{nth} $?
"
unset IFS
set +f
else
(eval "$3") 3>&- 4>&-
decant_end="
@{boundary} end $1{nth} $?
"
fi"""

# The exit within the brackets is not for its status alone: a shell that had become timeout itself
# would be waited for only once the answer had ended, and BusyBox's timeout holds the answer open
# until it is, up to the whole limit.
_SCRIPT = r"""decant() {
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
SUDO=
ROOT=
export LC_ALL PATH SUDO ROOT
{asked}
umask 077
{sudo}exec 4>&1
printf '\nDECANT {protocol} {boundary}\n'
from=1
failed=0
said=0
limit='timeout -k 1'
while :; do
told=$($limit ${limit:+{seconds}} sh -c 'eval "{names}"' decant "$from" "$failed" "$said" 3>&1 >&4
exit $?)
said=$?
reached=${told##*[!0-9a-z]}
case $reached in
all) break ;;
'')
if [ "$from" -gt 1 ]; then break; fi
case $limit in
'timeout -k 1') limit=timeout ;;
timeout) limit='timeout -t' ;;
'timeout -t') limit= ;;
*) break ;;
esac
continue
;;
esac
case $said in
124|137|143) if [ "$reached" -eq "$from" ]; then said=124; else said=; fi ;;
129|130|141) break ;;
esac
if [ "$said" ]; then failed=$reached from=$((reached + 1)); else failed=0 from=$reached; fi
done
{sampling}}
decant </dev/null 2>/dev/null
exit 0
"""
_SUDO = """if sudo -n true; then
SUDO='sudo -n'
if sudo -n -l /bin/sh; then ROOT=1; fi >/dev/null
fi
"""

# Runs a command as root where that is allowed, and as it is otherwise.
_PRIVILEGED = r"""privileged() {
if [ "$SUDO" ] && { [ "$ROOT" ] || sudo -n -l "$@" >/dev/null; }; then sudo -n "$@"; else "$@"; fi
}
"""

_SAMPLING = r"""{asked}
$limit ${limit:+{seconds}} sh -c 'eval "{names}"' >&4
"""
_SAMPLES = r"""decant_number=0
decant_end=
decant_tidy() { eval "$1"; }
ask() {
{asked_one}
}
while :; do
{questions}
printf '%s' "$decant_end"
decant_end=
decant_number=$((decant_number + 1))
if [ "$decant_number" -ge {times} ]; then break; fi
sleep {every}
done
"""


class Tidy(str):
    """A question's wording that leaves the shell as it found it, and needs none of its own."""

    __slots__ = ()


class Sound(Tidy):
    """Such wording that every shell is known to take, so that it need not be read twice.

    What no shell can read ends all that follows, where any other wording costs only itself.
    """

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window of time that is sampled after all the questions."""

    seconds: int
    every_seconds: int

    @property
    def times(self) -> int:
        """How many samples are taken: one at the beginning, and one after each interval."""
        return self.seconds // self.every_seconds + 1


def compose(
    questions: Mapping[str, str],
    *,
    boundary: str,
    question_seconds: int,
    sudo: bool = False,
    samples: Mapping[str, str] | None = None,
    window: Window | None = None,
) -> str:
    """Return one script that asks every question, each in a subshell unless it is :class:`Tidy`.

    ``questions`` maps names to POSIX shell; ``boundary`` is 16 to 64 lower-case hexadecimal
    digits that no answer holds. ``$SUDO`` is ``sudo -n`` when ``sudo`` is given and the server
    allows it without a password, and empty otherwise. ``samples`` are asked again and again for
    the length of ``window``, when there is one.

    Raises:
        PluginError: a question's name or wording cannot be put into a script.

    """
    if not _BOUNDARY.match(boundary):
        raise ValueError("a boundary is 16 to 64 lower-case hexadecimal digits")
    limit = max(1, question_seconds)
    return _filled(
        _SCRIPT,
        protocol=str(PROTOCOL),
        boundary=boundary,
        seconds=str(limit),
        sudo=_SUDO if sudo else "",
        sampling=_sampling(samples, window, boundary, limit) if window and samples else "",
        **_put(
            _QUESTIONS,
            questions,
            asked_one=_filled(_ASKED_ONE, boundary=boundary, nth=""),
            boundary=boundary,
        ),
    )


def _sampling(samples: Mapping[str, str], window: Window, boundary: str, limit: int) -> str:
    times, every = str(window.times), str(window.every_seconds)
    asked_one = _filled(_ASKED_ONE, boundary=boundary, nth="~$decant_number")
    put = _put(_SAMPLES, samples, asked_one=asked_one, boundary=boundary, times=times, every=every)
    return _filled(_SAMPLING, seconds=str(window.seconds + limit), **put)


def _put(form: str, questions: Mapping[str, str], **parts: str) -> dict[str, str]:
    """Return how the questions are put into variables, and the words that take them out again."""
    asked = "".join(f"{_ask(name, script)}\n" for name, script in questions.items())
    inner = _PRIVILEGED + _filled(form, questions=asked, **parts)
    pieces = list(_pieces(inner))
    sizes = [len(piece.encode()) for piece in pieces]
    if sum(sizes) > _ALL_BYTES or max(sizes) > _LONGEST_BYTES:
        raise PluginError(
            "the questions are longer than a shell takes: 1 MiB in all, 96 KiB for a line",
            hint="shorten the scripts of your own collectors",
        )
    names = [f"DECANT{number}" for number in range(len(pieces))]
    set_all = [f"{name}={shlex.quote(piece)}" for name, piece in zip(names, pieces, strict=True)]
    unset = f"unset {' '.join(names)}\n"
    return {
        "asked": "\n".join([*set_all, f"export {' '.join(names)}"]),
        "names": unset + "".join(f"${{{name}}}" for name in names),
    }


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that one variable holds, each ending with a whole line."""
    piece, room = "", _VARIABLE_BYTES
    for line in text.splitlines(keepends=True):
        if len(line.encode()) > room and piece:
            yield piece
            piece, room = "", _VARIABLE_BYTES
        piece += line
        room -= len(line.encode())
    yield piece


def _ask(name: str, script: str) -> str:
    if not _NAME.match(name):
        raise PluginError(
            f"the question {name!r} has a name that cannot be framed",
            hint="name the file with letters, digits, dots, dashes and underscores",
        )
    if "\0" in script:
        raise PluginError(
            f"the script of question {name!r} holds a null character",
            hint="write it as \\000 for printf",
        )
    if isinstance(script, Sound):
        return f"decant_asked() {{\n{script}\n}}\nask {name} decant_asked"
    command = "decant_tidy" if isinstance(script, Tidy) else "''"
    return f"ask {name} {command} {shlex.quote(script)}"


def _filled(text: str, **parts: str) -> str:
    """Put each part in its place; what a part itself says in braces stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], found[0]), text)
