"""A console's log tells whether a server came up, by its last sign, and nothing else is kept.

The lines are what the programs write: (format as documented) by their own sources and manuals.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrate.clouds.console_log import boot
from migrate.model.target_boot import BootEnd

LINUX = """[    0.000000] Linux version 6.1.0-25-amd64 (debian-kernel@lists.debian.org)
[    0.000000] Command line: root=UUID=0 console=ttyS0
"""
EMERGENCY = """You are in emergency mode. After logging in, type "journalctl -xb" to view
system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"
to boot into default mode.
Give root password for maintenance
(or press Control-D to continue): """
SAC = """Computer is booting, SAC started and initialized.

Use the "ch -?" command for information about using channels.
SAC>
EVENT: The CMD command is now available.
SAC>"""
EC2LAUNCH = """2026/11/23 10:28:13Z: Windows sysprep configuration complete.
2026/11/23 10:28:13Z: Username: Administrator
2026/11/23 10:28:13Z: Password: <Password>
QWxsIG9mIHRoaXMgaXMgbWFkZSB1cA==
</Password>
2026/11/23 10:28:13Z: Message: Windows is Ready to use
"""


@pytest.mark.parametrize(
    ("log", "sign"),
    [
        (f"{LINUX}\nDebian GNU/Linux 12 web-1 ttyS0\n\nweb-1 login: ", "a login prompt"),
        (f"{LINUX}\r\nweb-1.example.org login: \x1b[0m", "a login prompt"),
        (
            f"{LINUX}[   21.7] cloud-init[901]: Cloud-init v. 22.4.2 finished at Mon, 23 Nov 2026",
            "cloud-init finished",
        ),
        (
            f"{LINUX}[\x1b[0;32m  OK  \x1b[0m] Reached target \x1b[0;1;39mMulti-User System.\n",
            "systemd reached its login target",
        ),
        (
            f"{LINUX}[  OK  ] Reached target \x1b[0;1;39mmulti-user.target - Multi-User System.\n",
            "systemd reached its login target",
        ),
        (SAC, "the Windows console offers commands"),
        (EC2LAUNCH, "Windows is ready"),
    ],
)
def test_a_server_that_came_up(log: str, sign: str) -> None:
    """A login prompt, or the word of the last thing that starts, says so."""
    found = boot(log)
    assert (found.end, found.sign) == (BootEnd.UP, sign)


@pytest.mark.parametrize(
    ("log", "sign"),
    [
        (
            f"{LINUX}[    1.9] Kernel panic - not syncing: Attempted to kill init!",
            "a kernel panic",
        ),
        (f"{LINUX}[    1.8] VFS: Unable to mount root fs via NFS", "no root filesystem"),
        (f"{LINUX}{EMERGENCY}", "a root password for maintenance"),
        (f"{LINUX}Welcome to emergency mode!", "emergency mode"),
        (
            f"{LINUX}ALERT!  UUID=0 does not exist.  Dropping to a shell!\n",
            "an initramfs shell",
        ),
        (f"{LINUX}BusyBox v1.35.0 built-in shell (ash)\n\n(initramfs) ", "an initramfs shell"),
        (f"{LINUX}Generating rdsosreport\ndracut:/# ", "an initramfs shell"),
        ("error: no such partition.\nEntering rescue mode...\ngrub rescue> ", "a boot loader's"),
        ("SeaBIOS\nBooting from Hard Disk...\nNo bootable device.\n", "no boot device"),
        ("*** STOP: 0x0000007B (0xFFFFF880009A97E8,...)\n", "a Windows stop error"),
    ],
)
def test_a_server_that_is_stuck(log: str, sign: str) -> None:
    """A panic, a shell that waits for somebody, a boot loader's prompt: none is a server."""
    found = boot(log)
    assert found.end is BootEnd.STUCK
    assert found.sign.startswith(sign)


def test_the_last_sign_decides() -> None:
    """A server that panicked and came up at its next start is up; the reverse is stuck."""
    panic, login = "Kernel panic - not syncing: Fatal exception\n", "web-1 login: \n"
    assert boot(LINUX + panic + LINUX + login).end is BootEnd.UP
    assert boot(LINUX + login + LINUX + panic).end is BootEnd.STUCK


def test_a_log_without_a_sign_says_nothing() -> None:
    """Neither a log that breaks off, nor words about logins within a line, are signs."""
    cut = boot(LINUX)
    assert (cut.end, cut.sign) == (BootEnd.UNCLEAR, "")
    assert boot("[  3.1] pam: failed for user login: root\n").end is BootEnd.UNCLEAR


def test_nothing_of_the_log_is_kept() -> None:
    """EC2Launch writes the administrator's password there, encrypted: none of it is told."""
    taken = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    found = boot(EC2LAUNCH, taken)
    assert found.log_bytes == len(EC2LAUNCH)
    assert found.at == taken
    assert "QWxs" not in repr(found)
