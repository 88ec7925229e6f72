"""What a server's own tools call its operating system → what os-release calls it."""

from __future__ import annotations

import re
from typing import Final

_IDS: Final = {
    "redhat": "rhel",
    "redhatenterpriseserver": "rhel",
    "oraclelinux": "ol",
    "oracle": "ol",
    "ovs": "ol",
    "amazon": "amzn",
    "amazonlinux": "amzn",
    "archlinux": "arch",
    "linuxmint": "linuxmint",
    "alma": "almalinux",
    "slesforsap": "sles",
    "slessap": "sles",
    "suse": "sles",
    "opensuse": "opensuse",
    "opensuseleap": "opensuse-leap",
    "opensusetumbleweed": "opensuse-tumbleweed",
    "opensusemicroos": "opensuse-microos",
    "scientificlinux": "scientific",
    "popos": "pop",
    "kalignulinux": "kali",
    "solaris2": "solaris",
    "oraclesolaris": "solaris",
    "virtuozzolinux": "virtuozzo",
    "macosx": "macos",
    "macosxserver": "macos",
    "centosstream": "centos",
    "vmwarephotonos": "photon",
    "photonos": "photon",
}
"""Names that Ansible, Facter and Ohai give, where os-release's differ in more than case."""
_MAJOR_ALONE: Final = {"debian": 7, "centos": 7}
"""Whose os-release tells no more than the major number, from this one on: the tools take the rest
from other files."""
_NO_DISTRIBUTION: Final = frozenset({"linux", "gnulinux", "unknown"})
_WITHOUT_RELEASES: Final = frozenset({"arch", "gentoo"})
_LEAP: Final = ("15.", "16.")
_MAJOR: Final = re.compile(r"[0-9]{1,4}")
_FIRST_SIGNS: Final = re.compile(r"[\W_]+")
_ARCHITECTURES: Final = {
    "64-bit": "x86_64",
    "x64": "x86_64",
    "32-bit": "i686",
    "x86": "i686",
    "arm64": "aarch64",
    "arm 64-bit processor": "aarch64",
}


def os_id(name: str, version: str | None = None) -> str | None:
    """Return os-release's identifier of a distribution, by any tool's name for it.

    None where the tool did not know the distribution, and names the kernel.
    """
    plain = _FIRST_SIGNS.sub("", name).lower()
    found = _IDS.get(plain, plain)
    if found == "opensuse" and (version or "").startswith(_LEAP):
        return "opensuse-leap"
    return None if found in _NO_DISTRIBUTION else found


def os_version(identifier: str | None, version: str) -> str | None:
    """Return the release as os-release tells it; None where the tools tell the kernel's."""
    if identifier is None or identifier in _WITHOUT_RELEASES:
        return None
    major = version.partition(".")[0]
    first = _MAJOR_ALONE.get(identifier)
    plain = _MAJOR.fullmatch(major)
    return major if first and plain and int(major) >= first else version


def architecture(word: str) -> str:
    """Return what the kernel calls its architecture, where Windows calls it otherwise."""
    return _ARCHITECTURES.get(word.lower(), word)
