"""Which sources of a rule are the internet: ranges so wide that strangers are in them. Pure."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

_SOMEBODY_S_4: Final = 16
"""A public range of IPv4 from this length on is somebody's own. Our choice: hardly anybody in
Britain holds a wider one, and rules for a known partner name far narrower ones."""
_SOMEBODY_S_6: Final = 32
"""What a registry gives to one provider or large organisation (RIPE-738)."""
_PRIVATE_4: Final = tuple(
    IPv4Network(each) for each in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
_PRIVATE_6: Final = (IPv6Network("fc00::/7"), IPv6Network("fe80::/10"))
_GLOBAL_6: Final = IPv6Network("2000::/3")


def is_internet(prefix: str) -> bool:
    """Tell whether an address range is the internet.

    Raises:
        ValueError: it is no range.

    """
    network = ip_network(prefix, strict=False)
    if isinstance(network, IPv4Network):
        return network.prefixlen < _SOMEBODY_S_4 and not any(
            network.subnet_of(each) for each in _PRIVATE_4
        )
    return network.prefixlen < _SOMEBODY_S_6 and not any(
        network.subnet_of(each) for each in _PRIVATE_6
    )


def is_routed(address: str) -> bool:
    """Tell whether an address of IPv6 is one that the internet routes (RFC 4291, 2000::/3)."""
    network = ip_network(address, strict=False)
    return isinstance(network, IPv6Network) and network.subnet_of(_GLOBAL_6)
