"""Azure on loopback: Resource Manager and its token endpoint over TLS, for the demo and the tests.

It answers looks, and refuses everything else that it was not told to answer. What it says is our
reading of Azure's documents: it shows that our side speaks to the real client libraries, not that
Azure itself would say the same.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from migrate.demo.arm_answers import Answers
from migrate.demo.arm_certificate import loopback_tls
from migrate.demo.arm_message import Answer, Fault, Request
from migrate.demo.arm_resources import Resources
from migrate.demo.arm_tokens import Tokens

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
    context = loopback_tls(folder / "loopback-azure.pem")
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.arm = LoopbackArm(
        url=f"https://127.0.0.1:{server.server_port}", ca_file=folder / "loopback-azure.pem"
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.arm
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    arm: LoopbackArm

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authorization = self.headers.get("Authorization") or ""
        request = Request.read(self.command, self.path, authorization, body)
        met = self.server.arm.meet(request)
        time.sleep(met.delay_seconds)
        if met.cut:
            self.close_connection = True
        elif met.garbage is not None:
            self._send(200, met.garbage, {})
        elif met.answer:
            self._say(met.answer)

    def _say(self, answer: Answer) -> None:
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        self._send(answer.status, body, dict(answer.headers))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        headers |= {
            "x-ms-request-id": str(uuid.uuid4()),
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _go  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: requests are counted in the log."""
