"""Which processes run, by which command lines, and what they use.

What may be a secret in a command line is left out on the server already; an environment is never
read. A command line is cut at its first line break, because what follows could not be told from
other text. Kernel threads, which have no command line, and the asking itself are left out.

Where ``/proc`` does not tell (the BSDs, Solaris, AIX, and Linux that shows an account only its
own), ``ps`` does. Where ``sed`` is too old to leave secrets out, the arguments stay there: only the
programs' names are sent.
"""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._proc import read_proc
from inventory.collectors._process_blocks import read_blocks
from inventory.collectors._ps import read_ps
from inventory.collectors._secrets import filtered, sed_program
from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import PROCESSES
from inventory.model.parts import Process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_MANY: Final = 20
"""Processes, with the kernel's own, whose command lines together are sure to need the rules."""

# GNU's sed names each file before its line (F), and so saves grep and tr. Where there are many, it
# leaves the secrets out at once; where there are few, the shell looks first whether there are any.
_SCRIPT = f"""
processes_rules={shlex.quote(sed_program())}
processes_without_secrets() {{ sed -E "$processes_rules"; }}
printf '@@ self\\n%s\\n' "$$"
wanted='^[0-9]+ [(]|^(Uid|VmRSS):|^[0-9]+:name=|^0::|^btime |^[^:]+:[x*!]?:[0-9]+:'
# Solaris and AIX have a /proc/1/status too, which is no text.
if [ -e /proc/sys/kernel/osrelease ] && [ -e /proc/1/status ]; then
  set -- /proc/[0-9]*/cmdline
  said=
  rules=
  if [ "$#" -gt {_MANY} ]; then rules=$processes_rules; fi
  # A server process that names itself leaves many empty arguments behind: one tab for them all.
  if [ ! -L /bin/sed ]; then
    said=$(sed -snE "1{{F
s/\\x00+/\\t/g
s/^/:/
$rules
p
}}" "$@")
  fi
  if [ ! "$said" ]; then
    rules=
    said=$(grep -Has -m 1 '' "$@" | tr -s '\\000' '\\011')
  fi
  echo '@@ blocks'
  # shellcheck disable=SC2046
  grep -hasE "$wanted" /proc/stat /etc/passwd $(
    set -f
    IFS='
'
    for line in $said; do
      folder=${{line%%cmdline*}}
      case $line in /*) printf '%s\\n' "${{folder}}stat ${{folder}}status ${{folder}}cgroup" ;; esac
    done
  )
  echo '@@ commands'
  if [ "$rules" ]; then
    printf '%s\\n' "$said"
  else
    {filtered("said", by="processes_without_secrets")}
  fi
elif [ "$(printf 'A' | sed -E 's~a~b~I')" = b ]; then
  echo '@@ ps'
  privileged ps -A -ww -o pid= -o ppid= -o user= -o time= -o args= | processes_without_secrets
else
  echo '@@ names'
  ps -A -o pid= -o ppid= -o user= -o time= -o comm=
fi
:
"""

_ASKING: Final = frozenset({"sh", "dash", "ash", "bash", "ksh", "busybox", "timeout"})
_ROOT: Final = frozenset({"root", "0"})


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = _found(said)
    if not any(pid == 1 or each.user in _ROOT for pid, each in found.items()):
        return (PROCESSES.unknown(*_why_not(said)),)
    own = _family(_first_shell(number(said.get("self")) or 0, found), found)
    listed = sorted(pid for pid in found if pid not in own)
    return (PROCESSES.known(tuple(found[pid] for pid in listed)),)


def _found(said: Mapping[str, str]) -> Mapping[int, Process]:
    by_ps = said.get("ps", said.get("names"))
    if by_ps is not None:
        return {each.pid: each for each in read_ps(by_ps)}
    if "blocks" in said:
        return read_blocks(said["blocks"], said.get("commands", ""))
    return read_proc(said.get("status", ""), said.get("commands", ""), _users(said))


def _users(said: Mapping[str, str]) -> dict[str, str]:
    """Return names by uid, as an older question asked for them."""
    pairs = (line.rpartition(":") for line in said.get("users", "").splitlines())
    return {uid: name for name, _, uid in reversed(list(pairs))}


def _why_not(said: Mapping[str, str]) -> tuple[Reason, str]:
    if "/proc/1/status:" in said.get("status", "") or "\n1 (" in said.get("blocks", ""):
        return Reason.NOT_TOLD, "the command lines did not come"
    if any(said.get(part) for part in ("blocks", "status", "ps", "names")):
        return Reason.NEEDS_PRIVILEGE, "the account is shown only its own processes"
    return Reason.NOT_TOLD, "neither /proc nor ps tells"


def _first_shell(pid: int, found: Mapping[int, Process]) -> int:
    """Return the outermost of the shells, and of what limits their time, that a process runs in.

    The first process of all is never one of them: in a container it may be a shell itself.
    """
    seen = {0}
    while pid not in seen:
        seen.add(pid)
        parent = (found[pid].parent_pid if pid in found else 0) or 0
        if parent <= 1 or parent not in found or found[parent].name not in _ASKING:
            return pid
        pid = parent
    return pid


def _family(pid: int, found: Mapping[int, Process]) -> frozenset[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for child, each in found.items():
        children.setdefault(each.parent_pid or 0, []).append(child)
    return frozenset(_descendants(pid, children)) if pid else frozenset()


def _descendants(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting.extend(children.pop(pid, []))


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(PROCESSES,),
    read=_read,
    examples=(
        Example(
            system="debian 12, as an older question asked for it",
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
                    Reason.NEEDS_PRIVILEGE, "the account is shown only its own processes"
                ),
            ),
        ),
        Example(
            system="debian 12, with a service and a container (lines put together)",
            text=(
                "@@ self\n9\n@@ blocks\n"
                "btime 1718000000\n"
                "root:x:0:0:root:/root:/bin/bash\n"
                "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
                "1 (systemd) S 0 1 1 0 -1 4194560 13 0 0 0 50 103 4 5 20 0 1 0 3 1\n"
                "Uid:\t0\t0\t0\t0\n"
                "VmRSS:\t   12840 kB\n"
                "0::/init.scope\n"
                "640 (nginx) S 1 640 640 0 -1 4194368 20 0 0 0 7 2 0 0 20 0 1 0 25000 1\n"
                "Uid:\t33\t33\t33\t33\n"
                "VmRSS:\t    5120 kB\n"
                "0::/system.slice/nginx.service\n"
                "900 (redis-server) S 880 900 900 0 -1 4194560 9 0 0 0 1 1 0 0 20 0 5 0 26000 1\n"
                "Uid:\t999\t999\t999\t999\n"
                f"0::/system.slice/docker-{'ab12' * 16}.scope\n"
                "@@ commands\n"
                "/proc/1/cmdline:/sbin/init\t\n"
                "/proc/640/cmdline:nginx: worker process\n"
                "/proc/900/cmdline:redis-server *:6379\n"
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
                            started_at=datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC),
                            cpu_seconds=1.53,
                            memory_bytes=12840 * 1024,
                            unit="init.scope",
                        ),
                        Process(
                            pid=640,
                            name="nginx",
                            command_line="nginx: worker process",
                            parent_pid=1,
                            user="www-data",
                            started_at=datetime(2024, 6, 10, 6, 17, 30, tzinfo=UTC),
                            cpu_seconds=0.09,
                            memory_bytes=5120 * 1024,
                            unit="nginx.service",
                        ),
                        Process(
                            pid=900,
                            name="redis-server",
                            command_line="redis-server *:6379",
                            parent_pid=880,
                            user="999",
                            started_at=datetime(2024, 6, 10, 6, 17, 40, tzinfo=UTC),
                            cpu_seconds=0.02,
                            container="ab12" * 16,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 14, which has no /proc (format as in ps(1))",
            text=(
                "@@ self\n812\n@@ ps\n"
                "    0     0 root       1:04.66 [kernel]\n"
                "    1     0 root       0:00.10 /sbin/init\n"
                "  700     1 root       0:02.31 nginx: master process /usr/local/sbin/nginx\n"
                "  701   700 www       62:03.50 nginx: worker process (nginx)\n"
                "  812   811 root       0:00.00 sh -s\n"
            ),
            expected=(
                PROCESSES.known(
                    (
                        Process(
                            pid=1,
                            name="init",
                            command_line="/sbin/init",
                            parent_pid=0,
                            user="root",
                            cpu_seconds=0.1,
                        ),
                        Process(
                            pid=700,
                            name="nginx",
                            command_line="nginx: master process /usr/local/sbin/nginx",
                            parent_pid=1,
                            user="root",
                            cpu_seconds=2.31,
                        ),
                        Process(
                            pid=701,
                            name="nginx",
                            command_line="nginx: worker process (nginx)",
                            parent_pid=700,
                            user="www",
                            cpu_seconds=3723.5,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="solaris 10, whose sed is too old: names alone (format as in ps(1))",
            text=(
                "@@ self\n812\n@@ names\n"
                "    1     0     root       00:03 /sbin/init\n"
                "  420     1   oracle  2-01:00:09 ora_pmon_PROD\n"
            ),
            expected=(
                PROCESSES.known(
                    (
                        Process(
                            pid=1,
                            name="init",
                            command_line="/sbin/init",
                            parent_pid=0,
                            user="root",
                            cpu_seconds=3.0,
                        ),
                        Process(
                            pid=420,
                            name="ora_pmon_PROD",
                            command_line="ora_pmon_PROD",
                            parent_pid=1,
                            user="oracle",
                            cpu_seconds=176409.0,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server that has neither /proc nor ps",
            text="@@ self\n812\n@@ names\n",
            expected=(PROCESSES.unknown(Reason.NOT_TOLD, "neither /proc nor ps tells"),),
        ),
        Example(
            system="an answer that was cut after the names",
            text="@@ self\n812\n@@ users\nroot:0\n@@ status\n/proc/1/status:Name:\tinit\n",
            expected=(PROCESSES.unknown(Reason.NOT_TOLD, "the command lines did not come"),),
        ),
    ),
)
