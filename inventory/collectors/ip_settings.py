"""Whether the kernel passes on packets of others, and speaks IPv6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import FactKey, Reason
from inventory.model.network import FORWARDS_IPV4, FORWARDS_IPV6, USES_IPV6

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_V4: Final = "/proc/sys/net/ipv4/ip_forward"
_V6: Final = "/proc/sys/net/ipv6/conf/all/forwarding"
_V6_OFF: Final = "/proc/sys/net/ipv6/conf/all/disable_ipv6"


def _read(answer: Answer) -> tuple[Observation, ...]:
    if _V4 in answer.files and _V6_OFF not in answer.files:
        # The folder is there only when the kernel was built and started with IPv6.
        return (
            _switch(FORWARDS_IPV4, _V4, answer),
            FORWARDS_IPV6.known(value=False),
            USES_IPV6.known(value=False),
        )
    return (
        _switch(FORWARDS_IPV4, _V4, answer),
        _switch(FORWARDS_IPV6, _V6, answer),
        _switch(USES_IPV6, _V6_OFF, answer, on="0"),
    )


def _switch(key: FactKey[bool], path: str, answer: Answer, *, on: str = "") -> Observation:
    """Read a number: on is ``on``, or anything but 0."""
    said = answer.files.get(path, "").strip()
    if not said.isdecimal():
        return key.unknown(Reason.NOT_TOLD, f"there is no {path}")
    return key.known(said == on if on else said != "0")


COLLECTOR = Collector(
    files=(_V4, _V6, _V6_OFF),
    tells=(FORWARDS_IPV4, FORWARDS_IPV6, USES_IPV6),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={_V4: "1\n", _V6: "0\n", _V6_OFF: "0\n"},
            expected=(
                FORWARDS_IPV4.known(value=True),
                FORWARDS_IPV6.known(value=False),
                USES_IPV6.known(value=True),
            ),
        ),
        Example(
            system="ubuntu 22.04 whose IPv6 is switched off (format as documented)",
            files={_V4: "0\n", _V6: "0\n", _V6_OFF: "1\n"},
            expected=(USES_IPV6.known(value=False),),
        ),
        Example(
            system="rhel 8 started without IPv6 (format as documented)",
            files={_V4: "0\n"},
            expected=(
                FORWARDS_IPV4.known(value=False),
                FORWARDS_IPV6.known(value=False),
                USES_IPV6.known(value=False),
            ),
        ),
        Example(
            system="freebsd 13, which has no such files",
            expected=(FORWARDS_IPV4.unknown(Reason.NOT_TOLD, f"there is no {_V4}"),),
        ),
    ),
)
