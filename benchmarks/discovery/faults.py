"""Every fault that discovery must survive: how it is laid, and what is to be seen of it. Data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

import openssh
import zoo

from benchmarks.discovery import grounds as ground
from benchmarks.discovery.grounds import LOCKED, PLAIN, Grounds
from benchmarks.discovery.verdicts import Expected, Seen
from inventory.model.target import Target

_FAKETIME: Final = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


class Run(Enum):
    """In which run of ``decant discover`` a fault is met, each with healthy servers beside it."""

    TOGETHER = "all together"
    SUDO = "with --sudo"
    AGENT = "with an agent full of keys, and no key of its own"
    SOCKETS = "beside the 50,000 sockets"


@dataclass(frozen=True, kw_only=True)
class Fault(Expected):
    """One thing that is wrong with a server."""

    lay: Callable[[Grounds], Target]
    run: Run = Run.TOGETHER
    needs: Path | None = None
    """A file without which this cannot be had here."""


def _bad(habit: zoo.Habit) -> Callable[[Grounds], Target]:
    return lambda grounds: grounds.bad(habit)


def _sshd(*options: str, user: str = "root") -> Callable[[Grounds], Target]:
    return lambda grounds: grounds.at(*options, user=user)


def _cut(size: int, *, reset: bool = False) -> Callable[[Grounds], Target]:
    def lay(grounds: Grounds) -> Target:
        server = grounds.server()
        return grounds.bad(zoo.cut_after(server, size, reset=reset), server)

    return lay


def _stalled(size: int) -> Callable[[Grounds], Target]:
    def lay(grounds: Grounds) -> Target:
        server = grounds.server()
        return grounds.bad(zoo.stall_after(server, size), server)

    return lay


def _slow(grounds: Grounds) -> Target:
    server = grounds.server()
    return grounds.bad(ground.slow(server, 20_000), server)


def _refused(grounds: Grounds) -> Target:
    server = grounds.server()
    server.stop()
    return replace(server.target, user="root")


def _rsa_sha1(grounds: Grounds) -> Target:
    key = openssh.make_key(grounds.folder / "old_rsa", kind="rsa")
    return grounds.at(f"HostKey {key}", "HostKeyAlgorithms ssh-rsa", is_known=False)


def _changed(grounds: Grounds) -> Target:
    server, other = grounds.server(is_known=False), openssh.make_key(grounds.folder / "other")
    grounds.known.append(f"{server.name} {openssh.public(other)}\n")
    return replace(server.target, user="root")


def _revoked(grounds: Grounds) -> Target:
    server = grounds.server()
    grounds.known.append(f"@revoked {server.known_line}")
    return replace(server.target, user="root")


def _noisy(grounds: Grounds) -> Target:
    server = grounds.server()
    script = 'echo "*** Authorised use only ***"\necho "quota: 93 %" >&2\nprintf "no line feed"\n'
    (server.home / ".bashrc").write_text(script)
    return replace(server.target, user="root")


def _hung_tool(grounds: Grounds) -> Target:
    """Put an ss in front that never ends."""
    folder = grounds.folder / "hung"
    folder.mkdir()
    (folder / "ss").write_text("#!/bin/sh\nexec sleep 1000\n")
    (folder / "ss").chmod(0o755)
    return grounds.forcing(
        "exec unshare --mount sh -c '\n"
        f"mount --bind {folder}/ss $(command -v ss)\n"
        'exec sh -c "$SSH_ORIGINAL_COMMAND"\'\n'
    )


def _hung_file(grounds: Grounds) -> Target:
    """Put a pipe that nobody fills in the place of a file, as with a file server that is gone."""
    return grounds.broken("rm /mnt/root/etc/hosts; mkfifo /mnt/root/etc/hosts")


def _latin1(grounds: Grounds) -> Target:
    """Run a process whose name is not UTF-8, under a locale that is not either."""
    return grounds.forcing(
        "name=$(printf 'caf\\351')\n"
        '(exec -a "$name" sleep 60 2>/dev/null || sleep 60 "$name") &\n'
        'exec sh -c "$SSH_ORIGINAL_COMMAND"\n',
        "SetEnv LC_ALL=de_DE.ISO-8859-1 LANG=de_DE.ISO-8859-1",
    )


def _no_forks(grounds: Grounds) -> Target:
    forced = 'exec prlimit --nproc=1 sh -c "$SSH_ORIGINAL_COMMAND"\n'
    return grounds.forcing(forced, user=PLAIN)


def _forced_before(command: str) -> Callable[[Grounds], Target]:
    return lambda grounds: grounds.forcing(f'{command}\nexec sh -c "$SSH_ORIGINAL_COMMAND"\n')


FAULTS: Final = (
    Fault(
        name="blackholed address",
        lay=lambda _grounds: ground.blackhole("swallowed"),
        seen=Seen.NO_ANSWER,
        words="nothing answered within 10 s",
    ),
    Fault(
        name="no route",
        lay=lambda _grounds: ground.blackhole("unrouted"),
        seen=Seen.NO_ANSWER,
        words="no route|cannot be reached",
    ),
    Fault(name="refused", lay=_refused, seen=Seen.NO_ANSWER, words="connection was refused"),
    Fault(
        name="accepts and says nothing",
        lay=_bad(zoo.silent),
        seen=Seen.NO_ANSWER,
        words="accepted the connection and said nothing",
    ),
    Fault(
        name="banner a byte at a time",
        lay=_bad(zoo.dribbling),
        seen=Seen.NO_ANSWER,
        words="too long over its SSH greeting",
    ),
    Fault(
        name="endless lines before the banner (tarpit)",
        lay=_bad(zoo.tarpit),
        seen=Seen.NO_ANSWER,
        words="too long over its SSH greeting",
    ),
    Fault(
        name="an HTTP server on the port",
        lay=_bad(zoo.http),
        seen=Seen.NO_ANSWER,
        words="no SSH greeting.*HTTP/1.1 400",
    ),
    Fault(
        name="closes before the banner",
        lay=_bad(zoo.closing),
        seen=Seen.NO_ANSWER,
        words="closed the connection before it said anything",
    ),
    Fault(
        name="resets before the banner",
        lay=_cut(0, reset=True),
        seen=Seen.NO_ANSWER,
        words="closed the connection|reset",
    ),
    Fault(
        name="greets and says no more",
        lay=_bad(zoo.mute_after_greeting),
        seen=Seen.NO_ANSWER,
        words="key exchange took too long",
    ),
    Fault(
        name="closes during the key exchange",
        lay=_bad(zoo.hanging_up_after_greeting),
        seen=Seen.NO_ANSWER,
        words="closed the connection during the key exchange",
    ),
    Fault(
        name="resets during the key exchange",
        lay=_cut(800, reset=True),
        seen=Seen.NO_ANSWER,
        words="during the key exchange",
    ),
    Fault(
        name="closes during authentication",
        lay=_cut(1740),
        seen=Seen.NO_ANSWER,
        words="while we logged in",
    ),
    Fault(
        name="resets during authentication",
        lay=_cut(1740, reset=True),
        seen=Seen.NO_ANSWER,
        words="while we logged in",
    ),
    Fault(
        name="closes in mid-answer",
        lay=_cut(100_000),
        seen=Seen.PART,
        words="the connection was cut before this was answered",
    ),
    Fault(
        name="resets in mid-answer",
        lay=_cut(100_000, reset=True),
        seen=Seen.PART,
        words="the connection was cut before this was answered",
    ),
    Fault(
        name="stalls in mid-answer",
        lay=_stalled(100_000),
        seen=Seen.PART,
        words="longer than the limit before this was answered",
    ),
    Fault(name="a very slow link (20 kB/s)", lay=_slow, seen=Seen.ANSWER),
    Fault(
        name="an old server: group1 only",
        lay=_sshd("KexAlgorithms diffie-hellman-group1-sha1"),
        seen=Seen.NO_ANSWER,
        words="no algorithm in common",
    ),
    Fault(
        name="an old server: ssh-rsa with SHA-1 only",
        lay=_rsa_sha1,
        seen=Seen.NO_ANSWER,
        words="no algorithm in common",
    ),
    Fault(
        name="an old server: 3des-cbc only",
        lay=_sshd("Ciphers 3des-cbc"),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="unknown host key",
        lay=lambda grounds: grounds.at(is_known=False),
        seen=Seen.NO_ANSWER,
        words="is not known",
    ),
    Fault(
        name="changed host key",
        lay=_changed,
        seen=Seen.NO_ANSWER,
        words="has changed",
    ),
    Fault(name="revoked host key", lay=_revoked, seen=Seen.NO_ANSWER, words="revoked"),
    Fault(
        name="key refused",
        lay=_sshd("AuthorizedKeysFile /nonexistent"),
        seen=Seen.NO_ANSWER,
        words="refused",
    ),
    Fault(
        name="password required",
        lay=_sshd("AuthenticationMethods password", "PasswordAuthentication yes"),
        seen=Seen.NO_ANSWER,
        words="password",
    ),
    Fault(
        name="two factors required",
        lay=_sshd("AuthenticationMethods publickey,password", "PasswordAuthentication yes"),
        seen=Seen.NO_ANSWER,
        words="password|second|factor",
    ),
    Fault(
        name="too many authentication failures (MaxAuthTries 1, an agent full of keys)",
        lay=_sshd("MaxAuthTries 1"),
        seen=Seen.NO_ANSWER,
        words="[Tt]oo many|MaxAuthTries",
        run=Run.AGENT,
    ),
    Fault(
        name="MaxStartups: throttled for 5 s",
        lay=lambda grounds: ground.throttled(grounds, seconds=5),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="MaxStartups: throttled throughout",
        lay=lambda grounds: ground.throttled(grounds, seconds=100),
        seen=Seen.NO_ANSWER,
        words="MaxStartups",
    ),
    Fault(
        name="MaxSessions 0",
        lay=_sshd("MaxSessions 0"),
        seen=Seen.NO_ANSWER,
        words="session|channel",
    ),
    Fault(
        name="ForceCommand nologin",
        lay=_sshd("ForceCommand /usr/sbin/nologin"),
        seen=Seen.NO_ANSWER,
        words="did not run the script.*not available",
    ),
    Fault(
        name="nologin as the shell",
        lay=_sshd(user=LOCKED),
        seen=Seen.NO_ANSWER,
        words="did not run the script.*not available",
    ),
    Fault(name="a login script that prints on both streams", lay=_noisy, seen=Seen.ANSWER),
    Fault(
        name="an answer of 100 MB",
        lay=_forced_before("head -c 100000000 /dev/zero"),
        seen=Seen.NO_ANSWER,
        words="larger than the limit",
    ),
    Fault(
        name="5 MB on stderr",
        lay=_forced_before("head -c 5000000 /dev/zero >&2"),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="a command that never ends (ss)",
        lay=_hung_tool,
        seen=Seen.PART,
        words="longer than its limit",
    ),
    Fault(
        name="a file that never ends (/etc/hosts on a dead file server)",
        lay=_hung_file,
        seen=Seen.PART,
        words="reading /etc/hosts did not end",
    ),
    Fault(
        name="a shell that never ends",
        lay=lambda grounds: grounds.forcing("sleep 1000\n"),
        seen=Seen.NO_ANSWER,
        words="longer than the limit",
    ),
    Fault(
        name="sudo that asks for a password",
        lay=_sshd(user=PLAIN),
        seen=Seen.PART,
        words="privilege",
        run=Run.SUDO,
        needs=Path("/usr/bin/sudo"),
    ),
    Fault(
        name="disk full",
        lay=lambda grounds: grounds.broken("head -c 1000000 /dev/zero >/mnt/root/tmp/fill"),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="read-only root",
        lay=lambda grounds: grounds.broken("mount -o remount,ro /mnt/root || exit 99"),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="no /tmp",
        lay=lambda grounds: grounds.broken("rm -rf /mnt/root/tmp /mnt/root/var/tmp"),
        seen=Seen.ANSWER,
    ),
    Fault(
        name="noexec /tmp",
        lay=lambda grounds: grounds.broken("mount -t tmpfs -o noexec tmpfs /mnt/root/tmp"),
        seen=Seen.ANSWER,
    ),
    Fault(name="a locale and names that are not UTF-8", lay=_latin1, seen=Seen.ANSWER),
    Fault(
        name="a clock ten years behind",
        lay=_sshd(f"SetEnv LD_PRELOAD={_FAKETIME} FAKETIME=-10y"),
        seen=Seen.ANSWER,
        needs=_FAKETIME,
    ),
    Fault(
        name="50,000 sockets",
        lay=lambda grounds: ground.many_sockets(grounds, 50_000),
        seen=Seen.ANSWER,
        run=Run.SOCKETS,
    ),
    Fault(
        name="fork limit reached",
        lay=_no_forks,
        seen=Seen.NO_ANSWER,
        words="did not run the script.*fork",
    ),
)
"""In the order of the reference's list."""
