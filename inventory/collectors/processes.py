"""Which processes run, and by which command lines.

What may be a secret in a command line is left out on the server already. A command line is cut at
its first line break, because what follows could not be told from other text. Kernel threads, which
have no command line, and the asking itself are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._secrets import sed_arguments, without_secrets
from inventory.collectors._text import by_file, number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import PROCESSES
from inventory.model.parts import Process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT = f"""
run=
if [ ! -e /proc/1/status ]; then run=$SUDO; fi
printf '@@ self\\n%s\\n' "$$"
echo '@@ users'
cut -d : -f 1,3 /etc/passwd
echo '@@ status'
$run sh -c 'grep -HasE "^(Name|PPid|Uid):" /proc/[0-9]*/status'
echo '@@ commands'
$run sh -c 'grep -Has -m 1 "" /proc/[0-9]*/cmdline' | tr '\\000' '\\011' |
  sed -E -e '/cmdline:grep.-Has/d' {sed_arguments()}
:
"""

_KERNEL_NAME: Final = 15
"""The kernel keeps no more of a process's name (TASK_COMM_LEN of sched.h)."""
_ASKING: Final = frozenset({"sh", "dash", "ash", "bash", "ksh", "busybox", "timeout"})
_PID: Final = re.compile(r"/proc/(\d{1,10})/")


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    status = _by_pid(said.get("status", ""))
    commands = _by_pid(said.get("commands", ""))
    if 1 not in status or not commands:
        return (PROCESSES.unknown(*_why_not(status)),)
    users = _users(said.get("users", ""))
    own = _family(_first_shell(number(said.get("self")) or 0, status), status)
    found = (
        _process(pid, commands[pid][0], lines, users)
        for pid, lines in status.items()
        if pid in commands and pid not in own
    )
    return (PROCESSES.known(tuple(sorted(found))),)


def _why_not(status: Mapping[int, list[str]]) -> tuple[Reason, str]:
    if 1 in status:
        return Reason.NOT_TOLD, "the command lines did not come"
    if status:
        return Reason.NEEDS_PRIVILEGE, "/proc shows the account only its own processes"
    return Reason.NOT_TOLD, "there is no /proc"


def _by_pid(text: str) -> dict[int, list[str]]:
    found = ((_PID.match(path), lines) for path, lines in by_file(text).items())
    return {int(match[1]): lines for match, lines in found if match}


def _users(text: str) -> dict[str, str]:
    pairs = (line.rpartition(":") for line in text.splitlines())
    return {uid: name for name, _, uid in reversed(list(pairs))}


def _field(lines: list[str], name: str) -> str:
    start = f"{name}:\t"
    return next((line.removeprefix(start) for line in lines if line.startswith(start)), "")


def _first_shell(pid: int, status: Mapping[int, list[str]]) -> int:
    """Return the outermost of the shells, and of what limits their time, that a process runs in.

    The first process of all is never one of them: in a container it may be a shell itself.
    """
    seen = {0}
    while pid not in seen:
        seen.add(pid)
        parent = number(_field(status.get(pid, []), "PPid")) or 0
        if parent <= 1 or _field(status.get(parent, []), "Name") not in _ASKING:
            return pid
        pid = parent
    return pid


def _family(pid: int, status: Mapping[int, list[str]]) -> frozenset[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for child, lines in status.items():
        children.setdefault(number(_field(lines, "PPid")) or 0, []).append(child)
    return frozenset(_descendants(pid, children)) if pid else frozenset()


def _descendants(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.pop(pid, []):
        yield from _descendants(child, children)


def _process(pid: int, command: str, lines: list[str], users: Mapping[str, str]) -> Process:
    arguments = without_secrets(f"/proc/{pid}/cmdline:{command}").partition(":")[2].rstrip("\t")
    uid = _effective(_field(lines, "Uid"))
    return Process(
        pid=pid,
        name=_name(_field(lines, "Name"), arguments),
        command_line=" ".join(arguments.split("\t")).strip(),
        parent_pid=number(_field(lines, "PPid")),
        user=users.get(uid, uid) or None,
    )


def _effective(uids: str) -> str:
    """Return the second of real, effective, saved and filesystem user."""
    return [*uids.split("\t"), "", ""][1]


def _name(kept: str, arguments: str) -> str:
    """Return the name, whole where the kernel cut it and the command line tells the rest."""
    program = arguments.partition("\t")[0].partition(" ")[0].rpartition("/")[2]
    return program if len(kept) == _KERNEL_NAME and program.startswith(kept) else kept


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(PROCESSES,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text=(
                "@@ self\n812\n"
                "@@ users\nroot:0\nwww-data:33\n"
                "@@ status\n"
                "/proc/1/status:Name:\tsystemd\n"
                "/proc/1/status:PPid:\t0\n"
                "/proc/1/status:Uid:\t0\t0\t0\t0\n"
                "/proc/2/status:Name:\tkthreadd\n"
                "/proc/2/status:PPid:\t0\n"
                "/proc/2/status:Uid:\t0\t0\t0\t0\n"
                "/proc/640/status:Name:\tnginx\n"
                "/proc/640/status:PPid:\t1\n"
                "/proc/640/status:Uid:\t33\t33\t33\t33\n"
                "/proc/700/status:Name:\tqualys-cloud-ag\n"
                "/proc/700/status:PPid:\t1\n"
                "/proc/700/status:Uid:\t990\t990\t990\t990\n"
                "/proc/812/status:Name:\tsh\n"
                "/proc/812/status:PPid:\t811\n"
                "/proc/812/status:Uid:\t0\t0\t0\t0\n"
                "/proc/811/status:Name:\ttimeout\n"
                "/proc/811/status:PPid:\t1\n"
                "/proc/815/status:Name:\tsed\n"
                "/proc/815/status:PPid:\t812\n"
                "/proc/815/status:Uid:\t0\t0\t0\t0\n"
                "@@ commands\n"
                "/proc/1/cmdline:/sbin/init\t\n"
                "/proc/640/cmdline:nginx: worker process\n"
                "/proc/700/cmdline:/usr/local/qualys/bin/qualys-cloud-agent\t--token\t***\t\n"
                "/proc/811/cmdline:timeout\t-k\t1\t20\tsh\t-c\t\n"
                "/proc/812/cmdline:sh\t-s\t\n"
                "/proc/815/cmdline:sed\t-E\t\n"
            ),
            expected=(
                PROCESSES.known(
                    (
                        Process(
                            pid=1,
                            name="systemd",
                            command_line="/sbin/init",
                            parent_pid=0,
                            user="root",
                        ),
                        Process(
                            pid=640,
                            name="nginx",
                            command_line="nginx: worker process",
                            parent_pid=1,
                            user="www-data",
                        ),
                        Process(
                            pid=700,
                            name="qualys-cloud-agent",
                            command_line="/usr/local/qualys/bin/qualys-cloud-agent --token ***",
                            parent_pid=1,
                            user="990",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with hidepid, as a user (format as documented)",
            text=(
                "@@ self\n812\n@@ users\nroot:0\n@@ status\n"
                "/proc/812/status:Name:\tsh\n/proc/812/status:PPid:\t811\n@@ commands\n"
            ),
            expected=(
                PROCESSES.unknown(
                    Reason.NEEDS_PRIVILEGE, "/proc shows the account only its own processes"
                ),
            ),
        ),
        Example(
            system="freebsd 13, which has no /proc",
            text="@@ self\n812\n@@ users\nroot:0\n@@ status\n@@ commands\n",
            expected=(PROCESSES.unknown(Reason.NOT_TOLD, "there is no /proc"),),
        ),
        Example(
            system="an answer that was cut after the names",
            text="@@ self\n812\n@@ users\nroot:0\n@@ status\n/proc/1/status:Name:\tinit\n",
            expected=(PROCESSES.unknown(Reason.NOT_TOLD, "the command lines did not come"),),
        ),
    ),
)
