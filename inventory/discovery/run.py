"""Ask many servers at once, each in one round trip, and hand over each visit as it comes."""

from __future__ import annotations

import secrets
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inventory.discovery.answers import questions_of, samples_of
from inventory.discovery.compose import compose
from inventory.discovery.pool import as_they_come
from inventory.discovery.read import unreached, visit_of
from inventory.errors import LateError, PartlyUnknownError
from inventory.model.asking import Limits, Transport
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.run import Visit
from inventory.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from inventory.discovery.compose import Window
    from inventory.model.asking import Access, Asker, Reply
    from inventory.model.collector import Collector
    from inventory.model.fact import Observation
    from inventory.model.target import Target
    from inventory.registry import Plugin

    Look = Callable[[str, Facts], tuple[Observation, ...]]

_OWN_ADDRESS = "127.0.0.1"
_LOOK = "look"
"""What stands for a collector's name in the origin of what is seen from here."""
TRANSPORTS = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)


def _shipped(name: str) -> Transport:
    return TRANSPORTS.one(name).value


def _now() -> datetime:
    return datetime.now(UTC)


def ask_all(
    targets: Iterable[Target],
    *,
    collectors: Mapping[str, Plugin[Collector]],
    access: Access,
    limits: Limits,
    run_id: str,
    at_once: int = 32,
    window: Window | None = None,
    look: Look | None = None,
    clock: Callable[[], datetime] = _now,
    transport: Callable[[str], Transport] = _shipped,
) -> Iterator[Visit]:
    """Ask every target every collector's question; yield each visit as it comes, in any order.

    A target given twice is asked once. A server that cannot be reached becomes its visit's
    ``unreachable``; it never keeps the others waiting. So does one whose turn did not come before
    the run's limit passed. Answers are read, and visits yielded, in the caller's thread. During a
    ``window``, what collectors sample is asked again and again; its length must be within
    ``limits.server_seconds``. ``look`` may tell more of each server that answered, as seen from
    here: it is given the address and what the server said, and called in the thread that asked.
    Stopping early, or Ctrl-C, closes the connections under way and waits for none of them.

    Raises:
        BadInputError: a key, a known_hosts file or a plug-in cannot be used; nothing was asked.
        Exception: what is no server's failure but a defect, ours or a plug-in's. It is raised
            only after every other server's visit was yielded, with a note that names the server.

    """
    wanted = tuple({str(target): target for target in targets}.values())
    script = _script(collectors, access, limits, window)
    askers = _open(wanted, access, transport)
    until = time.monotonic() + limits.run_seconds if limits.run_seconds else limits.until
    asking = _Asking(
        script=script,
        collectors=collectors,
        askers=askers,
        limits=replace(limits, until=until),
        run_id=run_id,
        look=look,
        clock=clock,
    )
    try:
        with closing(as_they_come(asking.ask, wanted, at_once=at_once)) as results:
            yield from _visits(results, asking.visit)
    finally:
        _close(askers.values())


def _script(
    collectors: Mapping[str, Plugin[Collector]],
    access: Access,
    limits: Limits,
    window: Window | None,
) -> str:
    asked = {name: plugin.value for name, plugin in collectors.items()}
    return compose(
        questions_of(asked),
        boundary=secrets.token_hex(16),
        question_seconds=limits.question_seconds,
        sudo=access.sudo,
        samples=samples_of(asked),
        window=window,
    )


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """What every server of a run is asked by."""

    script: str
    collectors: Mapping[str, Plugin[Collector]]
    askers: Mapping[str, Asker]
    """By the name of their transport."""
    limits: Limits
    run_id: str
    look: Look | None
    clock: Callable[[], datetime]

    def ask(self, target: Target) -> Reply | Visit:
        """Ask one server; called in a thread of its own."""
        started = time.monotonic()
        left = self.limits.until - started
        if left <= 0:
            return self._too_late(target, "had passed before it was asked")
        within = replace(self.limits, server_seconds=min(self.limits.server_seconds, left))
        try:
            reply = self.askers[target.transport].ask(target, self.script, within)
            look = self.look
            return _seen_from_here(self.visit(target, reply), target, look) if look else reply
        except LateError:
            return self._too_late(target, "passes before its turn to be connected to")
        except PartlyUnknownError as error:
            seconds = time.monotonic() - started
            return unreached(error, target=target, at=self.clock(), seconds=seconds)

    def visit(self, target: Target, reply: Reply | Visit) -> Visit:
        """Read what a server said, unless that was done already."""
        if isinstance(reply, Visit):
            return reply
        at = self.clock()
        return visit_of(reply, target=target, collectors=self.collectors, at=at, run=self.run_id)

    def _too_late(self, target: Target, why: str) -> Visit:
        detail = f"the run's limit of {self.limits.run_seconds or 0:g} s {why}"
        late = Unknown(reason=Reason.TIMED_OUT, detail=detail)
        return Visit(target=str(target), at=self.clock(), unreachable=late)


def _seen_from_here(visit: Visit, target: Target, look: Look) -> Visit:
    """Add to a visit what is seen of the server from where Decant runs, with the visit's origin."""
    origin = next((each.origin for each in visit.observations if each.origin), None)
    if visit.unreachable or origin is None:
        return visit
    address = target.host if target.transport == "ssh" else _OWN_ADDRESS
    seen = look(address, Facts.from_observations(visit.observations))
    told = (replace(each, origin=replace(origin, question=_LOOK)) for each in seen)
    return replace(visit, observations=(*visit.observations, *told))


def _open(
    targets: tuple[Target, ...], access: Access, transport: Callable[[str], Transport]
) -> dict[str, Asker]:
    askers: dict[str, Asker] = {}
    try:
        for name in sorted({target.transport for target in targets}):
            askers[name] = transport(name).open(access)
    except BaseException:
        _close(askers.values())
        raise
    return askers


def _close(askers: Iterable[Asker]) -> None:
    for asker in askers:
        asker.close()


def _visits(
    results: Iterator[tuple[Target, Reply | Visit | Exception]],
    visit: Callable[[Target, Reply | Visit], Visit],
) -> Iterator[Visit]:
    defects: list[Exception] = []
    for target, result in results:
        told = result if isinstance(result, Exception) else _read(target, result, visit)
        if isinstance(told, Exception):
            told.add_note(f"while asking {target}")
            defects.append(told)
        else:
            yield told
    if defects:
        if len(defects) > 1:
            defects[0].add_note(f"and {len(defects) - 1} other servers failed by a defect")
        raise defects[0]


def _read(
    target: Target, reply: Reply | Visit, visit: Callable[[Target, Reply | Visit], Visit]
) -> Visit | Exception:
    """Return the visit, or the defect that came in its way, which must not end the others."""
    try:
        return visit(target, reply)
    except Exception as error:  # noqa: BLE001  it is raised when the others are through
        return error
