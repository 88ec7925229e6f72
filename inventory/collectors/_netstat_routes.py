"""Routes, as ``netstat -rn`` of the BSDs and AIX tells them, and ``netstat -rnv`` of Solaris."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

from inventory.collectors._routes import whole
from inventory.model.network import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Reader = Callable[[list[str]], Iterator[Route]]

_HEADING: Final = re.compile(r"Destination\s+Gateway\s+Flags\s")
_MASKED: Final = re.compile(r"Destination\s+Mask\s+Gateway\s+Device\s")
_SLASHED: Final = re.compile(r"Destination/Mask\s+Gateway\s+If\s")
_INTERFACES: Final = ("Netif", "If", "Interface", "Iface")
_FLAGS: Final = re.compile(r"U[A-Za-z]*\Z")
_WHOLE: Final = re.compile(r"\d+\.\d+\.\d+\.\d+\Z")
_FEWEST: Final = 3


def read_netstat_routes(text: str) -> tuple[Route, ...] | None:
    """Return the routes, without those to single addresses; None where no table was understood.

    A network without a mask is passed over, because nothing says how large it is:
    :func:`lacks_masks` tells.
    """
    found: list[Route] = []
    read = None
    for line in text.splitlines():
        heading = _reader(line)
        if heading:
            read = heading
        elif read:
            found.extend(read(line.split()))
    return tuple(found) if read else None


def lacks_masks(text: str) -> bool:
    """Tell whether networks stand there without their masks: HP-UX, Solaris without ``-v``."""
    masked = True
    for line in text.splitlines():
        if _reader(line):
            masked = not _HEADING.match(line.lstrip())
        words = line.split()
        is_route = len(words) >= _FEWEST and _FLAGS.match(words[2]) and "H" not in words[2]
        if not masked and is_route and _WHOLE.match(words[0]):
            return True
    return False


class _Bsd:
    """A table of destination, gateway, flags and more."""

    def __init__(self, heading: str) -> None:
        words = heading.split()
        self._column = next((n for n, word in enumerate(words) if word in _INTERFACES), 0)

    def __call__(self, words: list[str]) -> Iterator[Route]:
        """Yield the route of a line."""
        if len(words) < _FEWEST or "U" not in words[2] or "H" in words[2]:
            return
        gateway = words[1].partition("%")[0]
        is_v6 = ":" in words[0] or ":" in gateway
        named = words[0].partition("%")[0]
        destination = whole(_padded(named), v6=is_v6)
        if destination is None or not ("/" in named or named == "default"):
            return
        is_way = "G" in words[2] and (gateway[:1].isdigit() or is_v6)
        interface = words[self._column] if self._column and len(words) > self._column else None
        yield Route(
            destination=destination, gateways=(gateway,) if is_way else (), interface=interface
        )


def _masked(words: list[str]) -> Iterator[Route]:
    """Read Solaris's IPv4: destination, mask, gateway, device, if it has one, MTU … flags …."""
    flags = _flags(words)
    if len(words) <= _FEWEST or not flags or "H" in flags:
        return
    address = "0.0.0.0" if words[0] == "default" else words[0]  # noqa: S104 - read, not bound
    try:
        network = IPv4Network(f"{address}/{words[1]}", strict=False)
    except ValueError:
        return
    yield Route(
        destination=str(network),
        gateways=(words[2],) if "G" in flags else (),
        interface=None if words[3].rstrip("*").isdigit() else words[3],
    )


def _slashed(words: list[str]) -> Iterator[Route]:
    """Read Solaris's IPv6: destination and length, gateway, interface, MTU … flags …."""
    flags = _flags(words)
    if len(words) <= _FEWEST or not flags or "H" in flags:
        return
    destination = whole(words[0], v6=True)
    if destination is not None:
        yield Route(
            destination=destination,
            gateways=(words[1],) if "G" in flags else (),
            interface=None if words[2].rstrip("*").isdigit() else words[2],
        )


def _flags(words: list[str]) -> str:
    return next((word for word in words[_FEWEST:] if _FLAGS.match(word)), "")


def _reader(line: str) -> _Reader | None:
    line = line.lstrip()
    if _MASKED.match(line):
        return _masked
    if _SLASHED.match(line):
        return _slashed
    return _Bsd(line) if _HEADING.match(line) else None


def _padded(destination: str) -> str:
    """Write ``10/8`` and ``192.168.1/24`` out, as AIX and the BSDs shorten them."""
    address, slash, length = destination.partition("/")
    if address == "default" or ":" in address or not address[:1].isdigit():
        return destination
    octets = address.split(".")
    full = ".".join([*octets, *["0"] * (4 - len(octets))])
    return f"{full}{slash}{length}"
