"""The demo's world without namespaces: embedded servers that answer with recorded transcripts."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import paramiko

from migrate.demo.embedded_server import EmbeddedServer, embedded_server
from migrate.demo.fleet_keys import make_key, write_private
from migrate.demo.fleet_plan import SERVERS
from migrate.demo.world import SIGNERS, World, loopback_clouds, make_signers

RECORDINGS: Final = Path(__file__).with_name("recordings")
_ABOUT: Final = (
    "embedded servers that answer with recorded transcripts: SSH and what Decant does are real,"
    " the servers behind it are not."
)


@contextmanager
def embedded_world(folder: Path) -> Iterator[World]:
    """Run the embedded servers and the clouds on loopback.

    Raises:
        MissingExtraError: the clouds cannot run here.
        UnreachableError: a cloud did not come up.

    """
    with ExitStack() as stack:
        clouds = stack.enter_context(loopback_clouds(folder / "clouds", list))
        key = _visitor(folder)
        servers = _servers(stack, key)
        known_hosts = folder / "known_hosts"
        known_hosts.write_text("".join(map(_known, servers.values())), encoding="utf-8")
        targets = {name: _target(server.port) for name, server in servers.items()}
        yield World(
            about=_ABOUT,
            targets={**targets, "files-1": _target(_silent(stack))},
            clouds=clouds(),
            key=folder / "key",
            known_hosts=known_hosts,
            signers=make_signers(folder, SIGNERS),
            command=list,
            visitors_leave=lambda: _switch(servers["web-1"], "web-1.quiet"),
            application_moves_cache=lambda: _switch(servers["cache-1"], "cache-1.quiet"),
            somebody_changes=lambda: _switch(servers["cache-1-new"], "cache-1-new.changed"),
            is_off=lambda name: not servers[name].is_on,
            parameters=_parameters(stack),
        )


def recording(name: str) -> Path:
    """Return the file of a recording, such as ``web-1`` or ``web-1.quiet``."""
    return RECORDINGS / f"{name}.txt"


def _visitor(folder: Path) -> paramiko.PKey:
    key = make_key()
    write_private(folder / "key", key)
    return _read(key.private)


def _servers(stack: ExitStack, visitor: paramiko.PKey) -> dict[str, EmbeddedServer]:
    return {
        server.name: stack.enter_context(
            embedded_server(recording(server.name), _read(make_key().private), visitor)
        )
        for server in SERVERS
        if server.running
    }


def _read(private: bytes) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(private.decode()))


def _known(server: EmbeddedServer) -> str:
    key = server.host_key
    return f"[127.0.0.1]:{server.port} {key.get_name()} {key.get_base64()}\n"


def _target(port: int) -> str:
    return f"ssh://root@127.0.0.1:{port}"


def _silent(stack: ExitStack) -> int:
    """Hold a port on which nothing listens, so that connections to it are refused."""
    held = stack.enter_context(socket.socket())
    held.bind(("127.0.0.1", 0))
    return int(held.getsockname()[1])


def _parameters(stack: ExitStack) -> Mapping[str, Mapping[str, Any]]:
    """Listen for the checks that connect: everything is on one address, so on ports of its own."""
    page = _page(stack)
    return {
        "web-1": {"tcp": {"ports": [page]}, "http": {"port": page}},
        "cache-1": {"tcp": {"ports": [_listening(stack)]}},
    }


class _Page(BaseHTTPRequestHandler):
    """Answers every request with one page."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(HTTPStatus.OK)
        self.end_headers()
        self.wfile.write(b"the new web-1\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        """Say nothing: the demo's output is for its reader."""


def _page(stack: ExitStack) -> int:
    server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _Page))
    stack.callback(server.shutdown)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def _listening(stack: ExitStack) -> int:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    return int(listener.getsockname()[1])


def _switch(server: EmbeddedServer, name: str) -> None:
    server.recording = recording(name)
