"""What a console's log says of a start: that it came up, or where it is stuck. Pure.

Only our own names of the signs leave this file: a log can hold a password.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from migrate.model.target_boot import Boot, BootEnd

_UP: Final = (
    ("a login prompt", r"^[\w.-]+ login:"),
    ("cloud-init finished", r"Cloud-init v\. \S+ finished at"),
    (
        "systemd reached its login target",
        r"Reached target .*(?:Multi-User System|Graphical Interface)",
    ),
    ("Windows is ready", r"Windows is Ready to use"),
    ("the Windows console offers commands", r"EVENT:\s+The CMD command is now available"),
)
"""Sources: agetty's prompt; cloud-init's final message; systemd's targets; the console log of
EC2Launch (EC2 user guide for Windows); the messages of Windows' Special Administration Console."""
_STUCK: Final = (
    ("a kernel panic", r"Kernel panic - not syncing"),
    ("no root filesystem", r"VFS: Unable to mount root fs|Cannot open root device"),
    ("emergency mode", r"(?:You are in|Welcome to|Entering) (?:emergency|rescue) mode"),
    ("a root password for maintenance", r"Give root password for maintenance"),
    ("an initramfs shell", r"^\(initramfs\)|Dropping to a shell!|dracut:/#"),
    ("a boot loader's rescue prompt", r"^grub(?: rescue)?>"),
    ("no boot device", r"No bootable (?:device|medium)|Boot Failed\. (?:EFI|PXE)"),
    ("a Windows stop error", r"\*\*\* STOP: 0x"),
)
"""Sources: the Linux kernel's, systemd's, dracut's, initramfs-tools', sulogin's and GRUB's own
messages; Hyper-V's firmware; Windows' stop screen."""
_SIGNS: Final = tuple(
    (end, name, re.compile(pattern, re.MULTILINE))
    for end, signs in ((BootEnd.UP, _UP), (BootEnd.STUCK, _STUCK))
    for name, pattern in signs
)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def boot(log: str, at: datetime | None = None) -> Boot:
    """Return what a log comes to. The last sign decides: a server may panic, and then come up."""
    text = _COLOUR.sub("", log)
    found = [
        (match.start(), end, name)
        for end, name, pattern in _SIGNS
        for match in pattern.finditer(text)
    ]
    _, end, sign = max(found, default=(0, BootEnd.UNCLEAR, ""), key=lambda each: each[0])
    return Boot(end=end, sign=sign, log_bytes=len(log.encode()), at=at)
