"""Every question of a run, put into one POSIX shell script.

The script works in dash, bash, busybox ash and ksh. It defines one function and then calls it, so
that the shell has read all of it before anything runs, and what never arrived whole never runs.
It writes no file, reads no input, and starts two processes a question beside the question's own.

What it says is framed::

    DECANT 1 TOKEN
    @TOKEN begin QUESTION
    …the answer, byte for byte…
    @TOKEN end QUESTION STATUS

Each frame line begins with a line feed of its own, so an answer may end as it likes. The token is
random for each run and never among a process's arguments, so no answer can hold a frame.

A question runs under ``timeout``, as GNU coreutils and busybox have it, old and new. A server
without it bounds no question: there only the limit for the whole server holds.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from inventory.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_TOKEN = re.compile(r"[0-9a-f]{16,64}\Z")
_ARGUMENT_BYTES = 128 * 1024
"""Linux refuses a longer single argument (MAX_ARG_STRLEN)."""

_BODY = r"""decant() {
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
SUDO=
export LC_ALL PATH SUDO
umask 077
{sudo}if timeout -k 1 5 true; then limit='timeout -k 1 {seconds}'
elif timeout 5 true; then limit='timeout {seconds}'
elif timeout -t 5 true; then limit='timeout -t {seconds}'
else limit=
fi
ask() {
printf '\n@{token} begin %s\n' "$1"
$limit sh -c "$2"
printf '\n@{token} end %s %s\n' "$1" "$?"
}
printf '\nDECANT {protocol} {token}\n'
{questions}
}
decant </dev/null 2>/dev/null
exit 0
"""
_SUDO = "if sudo -n true; then SUDO='sudo -n'; fi\n"


def compose(
    questions: Mapping[str, str], *, token: str, question_seconds: int, sudo: bool = False
) -> str:
    """Return one script that asks every question, each in a shell of its own.

    ``questions`` maps names to POSIX shell; ``token`` is 16 to 64 lower-case hexadecimal digits
    that no answer holds. ``$SUDO`` is ``sudo -n`` when ``sudo`` is given and the server allows
    it without a password, and empty otherwise.

    Raises:
        PluginError: a question's name or wording cannot be put into a script.

    """
    if not _TOKEN.match(token):
        raise ValueError("a token is 16 to 64 lower-case hexadecimal digits")
    asked = "\n".join(_ask(name, script) for name, script in questions.items())
    parts = {
        "{protocol}": str(PROTOCOL),
        "{token}": token,
        "{seconds}": str(max(1, question_seconds)),
        "{sudo}": _SUDO if sudo else "",
        "{questions}": asked,
    }
    return re.sub("|".join(map(re.escape, parts)), lambda found: parts[found.group()], _BODY)


def _ask(name: str, script: str) -> str:
    if not _NAME.match(name):
        raise PluginError(
            f"the question {name!r} has a name that cannot be framed",
            hint="name the file with letters, digits, dots, dashes and underscores",
        )
    if "\0" in script or len(script.encode()) >= _ARGUMENT_BYTES:
        raise PluginError(
            f"the script of question {name!r} cannot be given to a shell",
            hint="it may hold no null character, and must be shorter than 128 KiB",
        )
    return f"ask {name} {shlex.quote(script)}"
