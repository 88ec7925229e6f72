"""Site Recovery as actions use it: which protected item, its state, one operation on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import quote, urlsplit

from inventory.errors import DecantError
from inventory.model.azure_id import AzureId
from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.identity import Identity
from migrate.actions._sending import (
    REPLICATED_AS,
    WAIT,
    Reply,
    Sent,
    carry_out,
    silence,
    unless_silent,
)
from migrate.clouds.site_recovery import LOOKS, SERVICE, VERSION, listed, protected
from migrate.matching import match, named
from migrate.model.action import Aftermath, Effect, Prepared, Task
from migrate.model.replication import Launch, Replication, Replications

if TYPE_CHECKING:
    from inventory.clouds.azure_reach import Arm

T = TypeVar("T")
Said = Mapping[str, Any]
"""A protected item as Resource Manager writes it."""
_ITEM: Final = "protected item "
_OF_ITEMS: Final = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/"
    "replicationProtectedItems"
)
_OPERATIONS: Final = (
    *("testFailover", "testFailoverCleanup", "plannedFailover", "unplannedFailover"),
    *("failoverCommit", "failoverCancel"),
)
_LOOKS: Final = (
    *LOOKS,
    azure_call(f"GET {_OF_ITEMS}"),
    azure_call("GET Microsoft.RecoveryServices/vaults/replicationOperationStatus"),
)
CHANGES: Final = tuple(
    azure_call(f"POST {_OF_ITEMS}/{each}", f"{_OF_ITEMS}/{each}/action", changes=True)
    for each in _OPERATIONS
)
KINDS: Final = frozenset({"A2A", "HyperVReplicaAzure", "InMageAzureV2", "InMageRcm"})
"""Ways of replicating whose input is known here: the service's interface, 2025-08-01."""
_REFUSED: Final = frozenset(range(400, 500)) - {408}
"""Statuses that say that nothing was begun; 408 says only that waiting was over."""
_NAME_IT: Final = "name it in decant.toml: parameters = {STAGE = {replicated_as = …}}"
PROPERTIES: Final[Mapping[str, Any]] = {"replicated_as": REPLICATED_AS, "wait_seconds": WAIT}
PARAMETERS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": PROPERTIES,
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One operation on a protected item."""

    asked: Callable[[Task, Said], tuple[str, Mapping[str, Any]]]
    """Its name, and the properties that it is sent with, none for no body. Pure."""
    seen: Callable[[Task, Said], Effect]
    """Whether it took effect, by the state of the item. Pure."""
    unfit: Callable[[Task, Said], str]
    """Why it cannot be done as the item is; empty when it can. Pure."""
    particulars: Callable[[Said], tuple[str, ...]] = lambda _said: ()
    """What of the item has to be known to see the effect. Pure."""

    def prepare(self, task: Task) -> Prepared:
        """Find the item, and whether the service would do this with it."""
        found = _found(task)
        said = found if isinstance(found, Unknown) else _get(task, found.id)
        if isinstance(said, Unknown):
            return Prepared(refusal=said.detail, remedy=unless_silent(said, _NAME_IT))
        state = protected(said).state
        particulars = (f"{_ITEM}{said['id']}", f"found {state}", *self.particulars(said))
        aware = replace(task, particulars=particulars)
        if self.seen(aware, said).aftermath is Aftermath.NOT_DONE:
            refusal = self.unfit(aware, said)
            if refusal:
                name = protected(said).name
                return Prepared(particulars=particulars, refusal=f"{name}: {refusal}")
        return Prepared(particulars=particulars)

    def look(self, task: Task) -> Effect:
        """Look whether it took effect. Changes nothing."""
        said = _get(task, item_of(task))
        if isinstance(said, Unknown):
            return Effect(aftermath=Aftermath.UNKNOWN, detail=str(said))
        return self.seen(task, said)

    def apply(self, task: Task) -> Effect:
        """Do it, unless it took effect already or may be at work; then look for a while."""
        operation: list[str] = []
        return carry_out(
            task,
            lambda: self.look(task),
            lambda: self._sent(task, operation),
            lambda: _given_up(task, operation),
        )

    def _sent(self, task: Task, operation: list[str]) -> Sent:
        from azure.core.exceptions import HttpResponseError
        from azure.core.rest import HttpRequest

        from inventory.clouds.azure_failures import FAILURES, words_of

        said = _get(task, item_of(task))
        if isinstance(said, Unknown):
            return Sent(reply=Reply.REFUSED, words=f"nothing was sent: {said}")
        name, properties = self.asked(task, said)
        try:
            arm = _arm(task, changes=True)
            where = f"{arm.base}/{quote(item_of(task).lstrip('/'))}/{name}"
            version = {"api-version": VERSION}
            body = {"properties": dict(properties)} if properties else None
            request = HttpRequest("POST", where, params=version, json=body)
            answer = arm.pipeline.send_request(request)
            answer.raise_for_status()
        except HttpResponseError as error:
            reply = Reply.REFUSED if error.status_code in _REFUSED else Reply.NONE
            return Sent(reply=reply, words=f"Azure answered: {words_of(error)}")
        except FAILURES as error:
            return Sent(reply=Reply.NONE, words=f"Azure gave no answer: {words_of(error)}")
        except (DecantError, OSError) as error:
            return Sent(reply=Reply.REFUSED, words=f"nothing was sent: {error}")
        followed = answer.headers.get("Azure-AsyncOperation") or answer.headers.get("Location")
        operation += [followed] if followed else []
        number = urlsplit(followed or "").path.rpartition("/")[2]
        taken = number or name
        return Sent(reply=Reply.ACCEPTED, words=f"Azure took it as {taken}", job=taken)


def item_of(task: Task) -> str:
    """Return the id of the item, as it was found and entered before the act."""
    found = (each for each in task.particulars if each.startswith(_ITEM))
    return next(found, "").removeprefix(_ITEM)


def words(task: Task) -> str:
    """Name the server and its item in a sentence."""
    known = item_of(task).rpartition("/")[2]
    return f"{task.move.server}{f' ({known})' if known else ''}"


def allowed(said: Said) -> frozenset[str]:
    """Return what the service would do with the item now."""
    return frozenset(said["properties"].get("allowedOperations") or ())


def scenario(said: Said) -> str:
    """Return what the service is doing with the item; ``None`` when that is nothing."""
    found = said["properties"].get("currentScenario") or {}
    return str(found.get("scenarioName") or "None")


def job(said: Said) -> str:
    """Return the id of the job by which it is doing that; empty when it names none."""
    found = said["properties"].get("currentScenario") or {}
    handle = str(found.get("jobId") or "").rpartition("/")[2]
    return "" if handle == "None" else handle


def details(said: Said) -> Mapping[str, Any]:
    """Return what depends on how the item is replicated."""
    found: Mapping[str, Any] = said["properties"].get("providerSpecificDetails") or {}
    return found


def effect(aftermath: Aftermath, said: Said, words: str = "") -> Effect:
    """Say what is seen, with the service's state."""
    state = f"the service says {protected(said).state}"
    return Effect(aftermath=aftermath, detail=f"{words}; {state}" if words else state)


def at_work(said: Said) -> Effect:
    """Say that the service is at it, by its own name for that where it gives no job."""
    handle = job(said) or scenario(said)
    found = effect(Aftermath.UNKNOWN, said, f"the service is at work: job {handle}")
    return replace(found, job=handle)


def launched(said: Said, launch: Launch | None, otherwise: str, after: str) -> Effect:
    """Say what was launched; ``otherwise`` is what it is called where the service does not say."""
    what = launch.resource if launch else None
    unnamed = "" if what else ", and is not named: give it as vm in decant.toml"
    words = f"{what or otherwise} was launched{after}{unnamed}"
    return replace(effect(Aftermath.DONE, said, words), launched=(what,) if what else None)


def _arm(task: Task, *, changes: bool = False) -> Arm:
    """Return a way to ask; one that may send changes sends each only once."""
    from inventory.clouds.azure_reach import AzureReach

    key = ("acts on Azure", changes)
    if key not in task.opened:
        patience = task.azure.patience
        once = replace(patience, attempts=1) if changes else patience
        settings = replace(task.azure, patience=once)
        task.opened[key] = AzureReach(settings=settings, tally=task.tally)
    calls = CHANGES if changes else _LOOKS
    return cast("Arm", task.opened[key].arm(calls, changes=changes))


def _found(task: Task) -> Replication | Unknown:
    """Find the old server among all that vaults replicate, of the subscriptions that are named."""
    own = AzureId.parse(task.move.resource or "")
    places = dict.fromkeys((*task.azure.all_subscriptions, *([own.subscription] if own else [])))
    told = [_listed(task, each) for each in places]
    known = [each for each in told if isinstance(each, Replications)]
    silent = "; ".join(str(each) for each in told if isinstance(each, Unknown))
    if not known:
        return silence(told, "no subscription is named: give it under [azure] in decant.toml")
    move, wanted = task.move, task.parameters.get("replicated_as")
    identity = Identity.of(task.facts) if isinstance(task.facts, Facts) else None
    found = named(wanted, known) if wanted else match(move.server, identity, move.resource, known)
    if isinstance(found, Unknown) and silent:
        return Unknown(reason=found.reason, detail=f"{found.detail}; {silent}")
    return found


def _listed(task: Task, subscription: str) -> Replications | Unknown:
    def items(arm: Arm) -> Replications:
        found = listed(arm, subscription)
        return Replications(servers=tuple(each for each in found if each.service == SERVICE))

    return _looked(task, items)


def _get(task: Task, item: str) -> Said | Unknown:
    if not item:
        return Unknown(reason=Reason.NOT_ASKED, detail="no protected item is known of it")

    def one(arm: Arm) -> Said:
        return arm.get(item, VERSION)

    return _looked(task, one)


def _given_up(task: Task, operation: list[str]) -> str:
    """Return why the service gave an operation up; empty when it did not, or does not tell."""
    if not operation or urlsplit(operation[0]).scheme != "https":
        return ""
    path = urlsplit(operation[0]).path
    told = _looked(task, lambda arm: arm.get(path, VERSION))
    if isinstance(told, Unknown) or told.get("status") not in {"Failed", "Canceled"}:
        return ""
    error = told.get("error") or {}
    return f"{error.get('code') or told['status']}: {error.get('message') or 'no reason is given'}"


def _looked(task: Task, look: Callable[[Arm], T]) -> T | Unknown:
    from inventory.clouds.azure_failures import FAILURES, unknown_of

    try:
        return look(_arm(task))
    except FAILURES as error:
        return unknown_of(error)
    except (DecantError, OSError) as error:
        return Unknown(reason=Reason.NOT_ASKED, detail=str(error))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        detail = f"the service's answer could not be read: {error!r}"
        return Unknown(reason=Reason.UNREADABLE, detail=detail)
