"""What other systems' service managers say: SMF (Solaris), SRC (AIX), rc (FreeBSD)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.parts import Service, ServiceState

if TYPE_CHECKING:
    from collections.abc import Iterator

_SMF: Final = {
    "online": ServiceState.RUNNING,
    "degraded": ServiceState.RUNNING,
    "maintenance": ServiceState.FAILED,
    "offline": ServiceState.STOPPED,
    "disabled": ServiceState.STOPPED,
    "uninitialized": ServiceState.STOPPED,
}
_SRC: Final = {
    "active": ServiceState.RUNNING,
    "stopping": ServiceState.RUNNING,
    "inoperative": ServiceState.STOPPED,
}


def read_smf(text: str) -> Iterator[Service]:
    """Read ``state svc:/category/name:instance`` of ``svcs -aH``."""
    for line in text.splitlines():
        state, _, name = line.strip().rstrip("*").partition(" ")
        state, name = state.rstrip("*"), name.strip()
        if state in _SMF and name.startswith("svc:/"):
            yield Service(
                name=name.removeprefix("svc:/").removesuffix(":default"),
                state=_SMF[state],
                enabled=None if state == "uninitialized" else state != "disabled",
            )


def read_src(text: str) -> Iterator[Service]:
    """Read ``subsystem group pid status`` of ``lssrc -a``; group and pid may be left out."""
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[-1] in _SRC:
            yield Service(name=words[0], state=_SRC[words[-1]])


def read_rc(enabled: str, running: str) -> Iterator[Service]:
    """Read the paths of ``service -e``, and those of the pid files whose process is there.

    A service whose pid file is elsewhere, or is named otherwise, may run all the same.
    """
    live = {line.rpartition("/")[2].removesuffix(".pid") for line in running.splitlines()}
    for path in enabled.splitlines():
        name = path.rpartition("/")[2]
        if path.startswith("/") and name:
            state = ServiceState.RUNNING if name in live else ServiceState.UNKNOWN
            yield Service(name=name, state=state, enabled=True, path=path)
