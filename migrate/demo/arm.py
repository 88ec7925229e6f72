"""Azure on loopback: Resource Manager and its token endpoint over TLS, for the demo and the tests.

It answers looks, and refuses everything else that it was not told to answer. What it says is our
reading of Azure's documents: it shows that our side speaks to the real client libraries, not that
Azure itself would say the same.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.demo.arm_answers import Answers
from migrate.demo.arm_certificate import loopback_tls
from migrate.demo.arm_message import Answer, Fault, Request
from migrate.demo.arm_resources import Resources
from migrate.demo.arm_tokens import Tokens
from migrate.demo.loopback import Told, loopback_server

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(kw_only=True)
class LoopbackArm:
    """A running loopback Azure."""

    url: str
    """``https://127.0.0.1:PORT``: Resource Manager, and the authority as well."""
    ca_file: Path
    """What clients must trust."""
    subscription: str = field(default_factory=lambda: str(uuid.uuid4()))
    tokens: Tokens = field(
        default_factory=lambda: Tokens(tenant=str(uuid.uuid4()), client_id=str(uuid.uuid4()))
    )
    resources: Resources = field(default_factory=Resources)
    log: list[tuple[str, str]] = field(default_factory=list)
    """Every request that came: method and path, those for tokens too."""
    answers: Answers = field(init=False)
    """What it is told to answer beside its resources."""
    _faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Answer under its own address."""
        self.answers = Answers(url=self.url)

    @property
    def authority(self) -> str:
        """Where tokens come from."""
        return self.url

    def vm_id(self, name: str, *, group: str = "demo") -> str:
        """Return the resource id of a machine in this subscription."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{group}"
            f"/providers/Microsoft.Compute/virtualMachines/{name}"
        )

    def put_vm(
        self,
        resource_id: str,
        *,
        location: str = "uksouth",
        size: str = "Standard_D2s_v5",
        power: str = "running",
        provisioning: str = "Succeeded",
    ) -> None:
        """Hold a virtual machine, as if it had just been made."""
        self.resources.put_machine(
            resource_id, location=location, size=size, power=power, provisioning=provisioning
        )

    def set_power(self, resource_id: str, power: str) -> None:
        """Set a machine's power state."""
        self.resources.set_power(resource_id, power)

    def misbehave(self, fault: Fault, *, times: int = 1000) -> None:
        """Let the next looks, ``times`` of them, meet a fault; tokens are still given."""
        self._faults += [fault] * times

    def behave(self) -> None:
        """Let no further fault happen."""
        self._faults.clear()

    def environment(self) -> dict[str, str]:
        """Return the environment by which a process finds this Azure and may ask it."""
        return {
            "AZURE_TENANT_ID": self.tokens.tenant,
            "AZURE_CLIENT_ID": self.tokens.client_id,
            "AZURE_CLIENT_SECRET": self.tokens.client_secret,
            "DECANT_AZURE_ENDPOINT": self.url,
            "DECANT_AZURE_AUTHORITY": self.authority,
            "DECANT_AZURE_CA_FILE": str(self.ca_file),
        }

    def meet(self, request: Request) -> Fault:
        """Return what a request meets: its answer, or the fault that comes before or instead."""
        self.log.append((request.method, request.path))
        told = self.tokens.answer(request, self.url)
        if told:
            return Fault(answer=told)
        fault = self._faults.pop(0) if self._faults else Fault()
        if fault.answer or fault.cut or fault.garbage is not None:
            return fault
        return Fault(answer=self._look(request), delay_seconds=fault.delay_seconds)

    def _look(self, request: Request) -> Answer:
        if not self.tokens.is_good(request.token):
            return self.tokens.refusal(request, self.url)
        return self.answers.answer(request) or self.resources.answer(request, self.url)


@contextmanager
def loopback_arm(folder: Path) -> Iterator[LoopbackArm]:
    """Run a loopback Azure on a free port; its certificate is written to the folder."""
    ca_file = folder / "loopback-azure.pem"
    with loopback_server(loopback_tls(ca_file)) as server:
        arm = LoopbackArm(url=f"https://{server.place}", ca_file=ca_file)
        server.answer = lambda asked: _told(arm.meet(Request.of(asked)))
        yield arm


def _told(met: Fault) -> Told:
    """Return what goes over the wire."""
    if met.cut or (met.garbage is None and met.answer is None):
        return Told(cut=True, delay_seconds=met.delay_seconds)
    answer = met.answer or Answer(status=200)
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    return Told(
        status=200 if met.garbage is not None else answer.status,
        headers={
            **({} if met.garbage is not None else answer.headers),
            "x-ms-request-id": str(uuid.uuid4()),
            "Content-Type": "application/json; charset=utf-8",
        },
        body=body if met.garbage is None else met.garbage,
        delay_seconds=met.delay_seconds,
    )
