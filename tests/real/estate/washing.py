"""What is replaced in a recorded answer, so that it tells of the server and not of the recorder's.

The servers of the estate have files, users, processes and a network of their own, but share the
kernel of the machine that raises them. What that kernel tells of itself and of its hardware stays
as it is, but for the words below.
"""

from __future__ import annotations

import base64
import platform
import re
from pathlib import Path
from typing import Final

BOUNDARY: Final = b"0123456789abcdef0123456789abcdef"
RELEASE: Final = b"6.18.44-1-amd64"
"""The kernel's, in place of the recorder's."""
_VERSION: Final = b"Linux version " + RELEASE + b" (build@example) #1 SMP PREEMPT_DYNAMIC"
_COMMAND_LINE: Final = b"root=/dev/vda1\nro\nquiet\n"
_RULES: Final = (
    (re.compile(re.escape(platform.release().encode())), RELEASE),
    (re.compile(rb"^Linux version .*$", re.MULTILINE), _VERSION),
    # One word a line, in the answer to "boot"; a whole line, where the file is read.
    (re.compile(rb"(?<=\n@@ command\n)(?:(?!@@ |\n).*\n)+"), _COMMAND_LINE),
    (re.compile(rb"(?<===> /proc/cmdline <==\n).*\n"), _COMMAND_LINE.replace(b"\n", b" ") + b"\n"),
    # Roots of servers are made where they are kept: a key's comment names that machine.
    (re.compile(rb"^((?:ssh|ecdsa)-\S+ \S+) \S+@\S+$", re.MULTILINE), rb"\1 root@build.example"),
    (re.compile(rb"^(==> /sys/block/\w+/serial <==\n).+", re.MULTILINE), rb"\1TEST-DISK"),
)
_CERTIFICATE: Final = re.compile(
    rb"^MII[A-Za-z0-9+/]{61}\n(?:[A-Za-z0-9+/]{64}\n)*(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={1,2})?\n",
    re.MULTILINE,
)
_HEADER: Final = re.compile(rb"^DECANT 1 ([0-9a-f]{16,64})\n", re.MULTILINE)


def washed(said: bytes) -> bytes:
    """Return a raw answer without the recorder's own words, framed by an invented boundary.

    Raises:
        ValueError: it is no answer, or a word of the recorder is still in it.

    """
    header = _HEADER.search(said)
    if header is None:
        raise ValueError("the script did not run")
    clean = said[header.start() :].replace(header.group(1), BOUNDARY)
    for pattern, instead in _RULES:
        clean = pattern.sub(instead, clean)
    clean = _CERTIFICATE.sub(_certified_elsewhere, clean)
    left = sorted(word for word in _own_words() if word in clean)
    if left:
        raise ValueError(f"words of the recorder's own are left: {left}")
    return clean


def _certified_elsewhere(found: re.Match[bytes]) -> bytes:
    """Return a certificate without the name of the machine that the root was built on.

    Debian's ``ssl-cert`` makes one for it, as UTF8String and as dNSName. The invented name is of
    the same length; the signature does not match any more.
    """
    certificate = base64.b64decode(found[0])
    name = platform.node().encode()
    size, instead = bytes([len(name)]), (b"example" * len(name))[: len(name)]
    for tag in (b"\x0c", b"\x82"):
        certificate = certificate.replace(tag + size + name, tag + size + instead)
    text = base64.b64encode(certificate)
    return b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))


def _own_words() -> set[bytes]:
    """Return what no answer may hold: the kernel's command line and release, and our folders."""
    options = {
        word
        for word in Path("/proc/cmdline").read_bytes().split()
        if b"=" in word and word not in _COMMAND_LINE
    }
    folder = str(Path(__file__).parents[3]).encode()
    return options | {platform.release().encode(), folder, b"decant-record-"}
