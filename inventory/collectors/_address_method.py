"""How interfaces come by their addresses, as the system's configuration says.

Read from directives that cannot hold a secret: the files they stand in may.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file
from inventory.model.parts import AddressMethod

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIRECTIVES: Final = (
    "iface [^ ]+ inet ",
    "(BOOTPROTO|DEVICE|DHCP|Name|Address|interface-name)=",
    "method=(auto|manual)",
    r"\[",
    "[A-Za-z0-9_.-]+: *$",
    "dhcp4: ",
)
_FILES: Final = (
    "/etc/network/interfaces",
    "/etc/network/interfaces.d/*",
    "/etc/sysconfig/network-scripts/ifcfg-*",
    "/etc/sysconfig/network/ifcfg-*",
    "/etc/systemd/network/*.network",
    "/run/systemd/network/*.network",
    "/etc/netplan/*.yaml",
    "/etc/NetworkManager/system-connections/*",
)
QUESTION: Final = f"""set --
for file in {" ".join(_FILES)}; do
  if [ -r "$file" ]; then set -- "$@" "$file"; fi
done
if [ "$#" -gt 0 ]; then grep -HsE '^ *({"|".join(_DIRECTIVES)})' "$@"; fi"""
_IFACE: Final = re.compile(r"\s*iface (\S+) inet (dhcp|static)\b")
_WORDS: Final = {
    "dhcp": AddressMethod.DHCP,
    "dhcp4": AddressMethod.DHCP,
    "bootp": AddressMethod.DHCP,
    "yes": AddressMethod.DHCP,
    "true": AddressMethod.DHCP,
    "ipv4": AddressMethod.DHCP,
    "auto": AddressMethod.DHCP,
    "static": AddressMethod.STATIC,
    "manual": AddressMethod.STATIC,
}


def read_methods(text: str) -> dict[str, AddressMethod]:
    """Return the method of each interface that the configuration names."""
    files = by_file(text).items()
    return {name: method for path, lines in files for name, method in _methods(path, lines)}


def _methods(path: str, lines: list[str]) -> Iterator[tuple[str, AddressMethod]]:
    if "/ifcfg-" in path:
        yield from _ifcfg(path.rpartition("/ifcfg-")[2], lines)
    elif path.endswith(".network"):
        yield from _networkd(lines)
    elif path.startswith("/etc/netplan/"):
        yield from _netplan(lines)
    elif path.startswith("/etc/NetworkManager/"):
        yield from _keyfile(lines)
    else:
        for match in filter(None, map(_IFACE.match, lines)):
            yield match[1], _WORDS[match[2]]


def _value(lines: list[str], name: str) -> str:
    start = f"{name}="
    found = (each.strip() for each in lines)
    value = next((each.removeprefix(start) for each in found if each.startswith(start)), "")
    return value.strip("\"' ")


def _ifcfg(name: str, lines: list[str]) -> Iterator[tuple[str, AddressMethod]]:
    said = _value(lines, "BOOTPROTO").lower()
    # Red Hat's and SUSE's manuals: none means that the file itself gives the address.
    method = _WORDS.get(said) or (AddressMethod.STATIC if said == "none" else None)
    if method:
        yield _value(lines, "DEVICE") or name, method


def _networkd(lines: list[str]) -> Iterator[tuple[str, AddressMethod]]:
    names = _value(lines, "Name").split()
    method = _WORDS.get(_value(lines, "DHCP").lower())
    if method is None and any(each.startswith("Address=") for each in lines):
        method = AddressMethod.STATIC
    if method:
        yield from ((name, method) for name in names)


def _netplan(lines: list[str]) -> Iterator[tuple[str, AddressMethod]]:
    name = ""
    for line in lines:
        key, _, value = line.strip().partition(":")
        if key != "dhcp4":
            name = key
        elif value.strip().lower() in {"true", "yes", "on"}:
            yield name, AddressMethod.DHCP


def _keyfile(lines: list[str]) -> Iterator[tuple[str, AddressMethod]]:
    name, section = "", ""
    for line in lines:
        key, _, value = line.partition("=")
        if key.startswith("["):
            section = key
        elif key == "interface-name":
            name = value.strip()
        elif key == "method" and section.startswith("[ipv4]") and name and value in _WORDS:
            yield name, _WORDS[value]
